// runs/purge-queries.ts
// Purpose: what is in the trash and may be removed for ever, how much that is, and what is being removed now.
// Why: the question before and the bar during a purge read a bounded number of rows, however full the trash is.
// Relevant files: runs/purge-changes.ts, runs/purge.ts, runs/models.ts

import type { Db } from '../shared/db/store.ts';
import { conflict, notFound } from '../shared/errors.ts';
import type { RunRow } from './models.ts';
import { findRun, isBeingRemoved, removing } from './queries.ts';

/** How much a purge removes. `isMore`: there are more points than were counted. */
export interface Amount {
  runs: number;
  points: number;
  isMore: boolean;
}

/** Summaries that are looked at for a sum: beyond that it says "more than". */
const SERIES_MAX = 100_000;

/** Runs of which trash: of an experiment, or of all experiments that are in sight; those that went there until `until`. */
export interface TrashOf {
  experiment?: number | undefined;
  /** ms since the epoch */
  until: number;
}

const IN_TRASH = 'r.trashed_at is not null and r.purge_at is null';

function trashOf({ experiment, until }: TrashOf): { sql: string; values: number[] } {
  const own = experiment === undefined ? '' : ' and r.experiment_id = ?';
  return {
    sql: `from runs r join experiments e on e.id = r.experiment_id
      where ${IN_TRASH} and r.trashed_at <= ? and e.trashed_at is null${own}`,
    values: [until, ...(experiment === undefined ? [] : [experiment])],
  };
}

export async function trashedRunIds(db: Db, which: TrashOf): Promise<string[]> {
  const { sql, values } = trashOf(which);
  const { rows } = await db.execute<{ id: string }>(`select r.id ${sql} order by r.seq`, values);
  return rows.map(({ id }) => id);
}

/** What a purge of these runs would remove; those that are not in the trash are left out. */
export async function amountOfRuns(db: Db, ids: string[]): Promise<Amount> {
  const marks = ids.map(() => '?').join(', ');
  const sql = `from runs r where r.id in (${marks}) and ${IN_TRASH}`;
  return ids.length === 0 ? { runs: 0, points: 0, isMore: false } : amount(db, sql, ids);
}

export async function amountOfTrash(db: Db, which: TrashOf): Promise<Amount> {
  const { sql, values } = trashOf(which);
  return amount(db, sql, values);
}

async function amount(db: Db, sql: string, values: readonly unknown[]): Promise<Amount> {
  const counted = await db.execute<{ n: number }>(`select count(*) as n ${sql}`, values);
  return { runs: Number(counted.rows[0]?.n ?? 0), ...(await sumPoints(db, sql, values)) };
}

async function sumPoints(
  db: Db,
  sql: string,
  values: readonly unknown[],
): Promise<{ points: number; isMore: boolean }> {
  const { rows } = await db.execute<{ points: number; series: number }>(
    `select coalesce(sum(m.count), 0) as points, count(*) as series from (
      select count from metrics where run_seq in (select r.seq ${sql}) limit ${SERIES_MAX}) m`,
    values,
  );
  const { points = 0, series = 0 } = rows[0] ?? {};
  return { points: Number(points), isMore: Number(series) === SERIES_MAX };
}

/** What goes with an experiment: all its runs; `points`: of those in sight, which its row counts. */
export async function amountOfExperiment(db: Db, { id, points }: { id: number; points: number }): Promise<Amount> {
  const { rows } = await db.execute<{ n: number }>(
    'select coalesce(sum(runs), 0) as n from experiment_runs where experiment_id = ?',
    [id],
  );
  const trashed = await sumPoints(db, 'from runs r where r.experiment_id = ? and r.trashed_at is not null', [id]);
  return { runs: Number(rows[0]?.n ?? 0), points: points + trashed.points, isMore: trashed.isMore };
}

/** A run that is in the trash itself: what a purge may take. */
export async function requireTrashedRun(db: Db, id: string): Promise<RunRow> {
  const run = await findRun(db, id);
  if (!run) throw notFound(`Run ${id}`);
  if (run.purge_at === null && (await isBeingRemoved(db, run))) throw removing(run);
  if (run.trashed_at === null)
    throw conflict('id', `Run ${run.name} is not in the trash itself: only what is there can be removed for ever.`);
  return run;
}

/** Runs and experiments that are being removed, and their points. */
export interface Purging {
  runs: number;
  experiments: number;
  points: number;
  left: number;
}

export async function readPurging(db: Db): Promise<Purging> {
  const sums: Omit<Purging, 'runs' | 'experiments'> = { points: 0, left: 0 };
  const counts: number[] = [];
  for (const table of ['runs', 'experiments']) {
    const { rows } = await db.execute<{ n: number; points: number; left: number }>(
      `select count(*) as n, coalesce(sum(purge_points), 0) as points, coalesce(sum(purge_left), 0) as "left"
        from ${table} where purge_at is not null`,
      [],
    );
    const row = rows[0];
    counts.push(Number(row?.n ?? 0));
    sums.points += Number(row?.points ?? 0);
    sums.left += Number(row?.left ?? 0);
  }
  return { runs: counts[0] ?? 0, experiments: counts[1] ?? 0, ...sums };
}

/** Literally as in the partial index, and in its order: experiment by experiment. */
const ASKED = 'select * from runs where purge_at is not null order by experiment_id, seq';

/** The run to go on with: one that was asked for, else one of an experiment that was. */
export async function nextRun(db: Db): Promise<RunRow | undefined> {
  const asked = await db.execute<RunRow>(`${ASKED} limit 1`, []);
  if (asked.rows[0]) return asked.rows[0];
  const { rows } = await db.execute<RunRow>(
    'select r.* from experiments e join runs r on r.experiment_id = e.id where e.purge_at is not null limit 1',
    [],
  );
  return rows[0];
}

/** An experiment to remove; when `nextRun` finds nothing, it has no runs any more. */
export async function nextExperiment(db: Db): Promise<{ id: number } | undefined> {
  const { rows } = await db.execute<{ id: number }>(
    'select id from experiments where purge_at is not null limit 1',
    [],
  );
  return rows[0];
}

/** Whether `nextRun` was the last one of its experiment that was asked for. */
export async function isLastOfPurge(db: Db, run: RunRow): Promise<boolean> {
  const { rows } = await db.execute<RunRow>(`${ASKED} limit 2`, []);
  return rows.every((row) => row.seq === run.seq || row.experiment_id !== run.experiment_id);
}
