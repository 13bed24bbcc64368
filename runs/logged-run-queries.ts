// runs/logged-run-queries.ts
// Purpose: the run that a request logs into or changes, and what one request about a run leaves for the next.
// Why: asked for each request; what was just read or made is not read again.
// Relevant files: runs/queries.ts, runs/ingest.ts, runs/ingest-usual.ts, shared/db/store.ts

import type { Db } from '../shared/db/store.ts';
import type { LoggedRun, MadeRun, RunRow } from './models.ts';
import { requireRun } from './queries.ts';

/** What logging needs of a run, by one prepared statement: this is asked for each request. Errors as `requireRun`. */
export async function requireLoggedRun(db: Db, id: string): Promise<LoggedRun> {
  const left = takeLeftRun(db, id) ?? (await readAhead(db, id));
  if (left) {
    left.read_in = db;
    return left;
  }
  const { rows } = await db.execute<LoggedRun>(`${LOGGED_RUNS} and r.id = ?`, [id]);
  return rows[0] ? { ...rows[0], read_in: db } : requireRun(db, id);
}

const LOGGED_RUNS = `select r.id, r.seq, r.experiment_id, r.status, r.settled, r.trashed_at, r.attempts, r.heard_at, r.updated_at, r.kept_by
  from runs r join experiments e on e.id = r.experiment_id
  where r.trashed_at is null and e.trashed_at is null`;

/** The first of the requests that share a transaction reads the runs of all: each statement would be a journey. */
async function readAhead(db: Db, id: string): Promise<LoggedRun | undefined> {
  const { writer } = db;
  const ahead = writer?.ahead;
  if (!writer || !ahead || ahead.length < 2) return undefined;
  writer.ahead = undefined;
  const { rows } = await db.execute<LoggedRun>(`${LOGGED_RUNS} and r.id = any(?::text[])`, [ahead]);
  for (const run of rows) leaveRun(db, run);
  return takeLeftRun(db, id);
}

/** For the next request that is about this run. Only where nothing of its row changed since it was read. */
export function leaveRun(tx: Db, run: LoggedRun): void {
  tx.writer?.left?.set(run.id, run);
}

/** As it was left, and still left for others: for who changes nothing of its row. */
export function leftRun({ writer }: Db, id: string): LoggedRun | undefined {
  return writer?.left?.get(id) as LoggedRun | undefined;
}

/** The same of a run that this transaction made, as it is at its end. */
export function leaveMade(tx: Db, made: MadeRun): void {
  if (tx.writer?.left) leaveRun(tx, { ...loggedOf(made.row), made });
}

function loggedOf(row: RunRow): LoggedRun {
  const { id, seq, experiment_id, status, settled, trashed_at, attempts, heard_at, updated_at } = row;
  return { id, seq, experiment_id, status, settled, trashed_at, attempts, heard_at, updated_at };
}

/** A run in sight that is to change, with what is known of it. Errors as `requireRun`. */
export async function takeRun(tx: Db, id: string): Promise<{ run: RunRow; made?: MadeRun | undefined }> {
  const made = takeLeftRun(tx, id)?.made;
  return made ? { run: made.row, made } : { run: await requireRun(tx, id) };
}

/** Whoever takes it has it alone: it is there again only when it is left again. */
function takeLeftRun(tx: Db, id: string): LoggedRun | undefined {
  const run = leftRun(tx, id);
  if (run) tx.writer?.left?.delete(id);
  return run;
}
