// runs/attempts/attempt-changes.ts
// Purpose: an attempt of a run begins, or ends with a state and a reason.
// Why: a training that is started again with the same id goes on as the same run, and both starts stay known.
// Relevant files: runs/attempts/attempt-routes.ts, runs/attempts/superseding-changes.ts, runs/changes.ts, runs/models.ts

import { eq } from 'drizzle-orm';
import { touchExperiment } from '../../experiments/touch-changes.ts';
import type { Db } from '../../shared/db/store.ts';
import { notFound } from '../../shared/errors.ts';
import { patchRun, reopenRun } from '../changes.ts';
import { touchRun } from '../ingest.ts';
import { runAttempts, runs, RunStatus, type RunRow } from '../models.ts';
import { requireRun } from '../queries.ts';
import { isFinal } from '../status.ts';
import { attemptsOf, type Attempt } from './attempt-queries.ts';
import type { AttemptCreate, AttemptPatch } from './attempt-schemas.ts';

/** Sent again with its own id: the same attempt. The latest one lets a run that has ended go on. */
export async function beginAttempt(
  tx: Db,
  runId: string,
  body: AttemptCreate,
  now: number,
): Promise<{ attempt: Attempt; created: boolean }> {
  const run = await requireRun(tx, runId);
  const known = body.id === undefined ? undefined : await findAttempt(tx, run, body.id);
  if (known) return { attempt: known, created: false };
  const before = run.attempts === 0 && (await hasBegun(tx, run)) ? await addFirst(tx, run) : run.attempts;
  const { id = null, start_time = now, host = '', pid = null } = body;
  const no = before + 1;
  await tx.insert(runAttempts).values({ run_seq: run.seq, no, id, start_time, host, pid, status: RunStatus.Running });
  await tx.update(runs).set({ attempts: no }).where(eq(runs.seq, run.seq));
  if (no === 2) await noteBegins(tx, run);
  const attempt = one(await attemptsOf(tx, { ...run, attempts: no }), no);
  if (attempt.is_latest) await goOn(tx, run, now);
  await touchExperiment(tx, run.experiment_id, now);
  return { attempt, created: true };
}

/** Whether it has logged or ended, though nobody told of an attempt. */
async function hasBegun(tx: Db, run: RunRow): Promise<boolean> {
  if (isFinal(run.status)) return true;
  const { rows } = await tx.execute('select no from metrics where run_seq = ? limit 1', [run.seq]);
  return rows.length > 0;
}

async function addFirst(tx: Db, run: RunRow): Promise<number> {
  const { seq: run_seq, status, end_time, start_time, created_at } = run;
  await tx.insert(runAttempts).values({ run_seq, no: 1, start_time: start_time ?? created_at, end_time, status });
  return 1;
}

/** From now on each attempt is known by the lowest step of each key; the first one's are in its summaries. */
async function noteBegins(tx: Db, run: RunRow): Promise<void> {
  await tx.execute(
    `insert into attempt_begins (run_seq, key, attempt, step)
      select run_seq, key, 1, first_step from metrics where run_seq = ?`,
    [run.seq],
  );
}

async function goOn(tx: Db, run: RunRow, now: number): Promise<void> {
  if (isFinal(run.status)) await reopenRun(tx, run.id, now);
  else if (run.status === RunStatus.Scheduled) await patchRun(tx, run.id, { status: RunStatus.Running }, now);
  await touchRun(tx, run, now);
}

/** Of an attempt that is not the latest only its own row changes; a run that has ended stays as it is. */
export async function endAttempt(
  tx: Db,
  runId: string,
  id: string,
  { status, end_time = Date.now(), reason = '' }: AttemptPatch,
  now: number,
): Promise<Attempt> {
  const run = await requireRun(tx, runId);
  const { is_latest, no, ...attempt } = (await findAttempt(tx, run, id)) ?? none(id, run);
  const ends = Math.max(end_time, attempt.start_time);
  if (is_latest && !isFinal(run.status))
    await patchRun(tx, runId, { status, end_time: Math.max(ends, run.start_time ?? ends) }, now);
  // Last: its own times may lie before those that its run was made with.
  await tx.execute('update run_attempts set status = ?, end_time = ?, reason = ? where run_seq = ? and no = ?', [
    status,
    ends,
    reason,
    run.seq,
    no,
  ]);
  await touchExperiment(tx, run.experiment_id, now);
  return one(await attemptsOf(tx, run), no);
}

async function findAttempt(tx: Db, run: RunRow, id: string): Promise<Attempt | undefined> {
  return (await attemptsOf(tx, run)).find((attempt) => attempt.id === id);
}

function none(id: string, run: RunRow): never {
  throw notFound(`Attempt ${id} of run ${run.id}`);
}

function one(attempts: Attempt[], no: number): Attempt {
  const found = attempts.find((attempt) => attempt.no === no);
  if (!found) throw new Error(`attempt ${no} was stored and is not there`);
  return found;
}
