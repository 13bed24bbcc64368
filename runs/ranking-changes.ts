// runs/ranking-changes.ts
// Purpose: settles runs: the value that counts of each metric of a run that has ended (or gone quiet) goes into the order by it.
// Why: best, rank and order of 100,000 runs come from one index, which costs nothing while a run logs.
// Relevant files: runs/models.ts, runs/standing-queries.ts, runs/changes.ts, runs/ingest.ts

import { onPostgres } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { RunStatus, type RunRow } from './models.ts';
import { stepSql, valueSql } from './rules/value-sql.ts';
import { STALLED_AFTER_MS } from './status.ts';

type Settling = Pick<RunRow, 'seq' | 'status' | 'trashed_at' | 'settled'>;

/** A run is settled when it is in sight and does not run. */
export function isSettled(run: Pick<RunRow, 'status' | 'trashed_at'>): boolean {
  return run.status !== RunStatus.Running && run.trashed_at === null;
}

/** After each change of a run's state or its place. */
export async function settleIfEnded(tx: Db, run: Settling): Promise<void> {
  if (isSettled(run)) await settle(tx, run.seq);
  else if (run.settled === 1) await unsettle(tx, run.seq);
}

/** Before points are logged into a settled run that runs: it speaks again. */
export async function unsettleIfRunning(tx: Db, run: Settling): Promise<void> {
  if (run.settled === 1 && run.status === RunStatus.Running) await unsettle(tx, run.seq);
}

/** The keys of the run's experiment of which another value counts than the last. */
const RULED = `(select u.key from metric_rules u
  where u.experiment_id = (select r.experiment_id from runs r where r.seq = ?) and u.takes <> 'last')`;

const RANK_ALL = `update metrics set rank_value = case when last_kind = 1 then null else last_value end, rank_step = null
  where run_seq = ? and (rank_value is null or last_kind = 1 or rank_value <> last_value)`;
const RANK_LAST = `${RANK_ALL} and key not in ${RULED}`;
const RANK_RULED = `update metrics set rank_value = ${valueSql('metrics')}, rank_step = ${stepSql('metrics')}
  where run_seq = ? and key in ${RULED}`;

const HAS_RULES = `select 1 from metric_rules
  where experiment_id = (select experiment_id from runs where seq = ?) and takes <> 'last' limit 1`;

/** After points were logged into a run that stays settled. Of the metric whose best step counts for another one, too. */
export async function rankAgain(tx: Db, seq: number): Promise<void> {
  tx.writer?.noteRun?.(seq);
  // Rules are seldom, and each of the two statements below asks for them again. To PostgreSQL a question is a journey.
  if (!onPostgres && (await tx.arrays(HAS_RULES, [seq])).length === 0) return tx.send(RANK_ALL, [seq]);
  await tx.send(RANK_LAST, [seq, seq]);
  await tx.send(RANK_RULED, [seq, seq]);
}

async function settle(tx: Db, seq: number): Promise<void> {
  await tx.execute('update runs set settled = 1 where seq = ?', [seq]);
  await rankAgain(tx, seq);
}

async function unsettle(tx: Db, seq: number): Promise<void> {
  await tx.execute('update runs set settled = 0 where seq = ?', [seq]);
  await tx.execute(
    `update metrics set rank_value = null, rank_step = null
      where run_seq = ? and (rank_value is not null or rank_step is not null)`,
    [seq],
  );
}

/** Quiet runs settled with each run that is created. */
const SETTLED_AT_ONCE = 4;

const QUIET = `select seq from runs
  where experiment_id = ? and settled = 0 and trashed_at is null and heard_at < ? limit ${SETTLED_AT_ONCE}`;

/**
 * Settles a few runs of the experiment that were left running and are not heard of any more. Each new run does that: so
 * the runs that pages must look at one by one do not grow in number with those that crashed without a word.
 */
export async function settleQuiet(tx: Db, experimentId: number, now: number): Promise<void> {
  const { rows } = await tx.execute<{ seq: number }>(QUIET, [experimentId, now - STALLED_AFTER_MS]);
  for (const { seq } of rows) await settle(tx, seq);
  // One of them may be what somebody left.
  if (rows.length > 0) tx.writer?.left?.clear();
}
