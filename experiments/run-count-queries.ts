// experiments/run-count-queries.ts
// Purpose: how many runs of experiments are in which state, and how many are heard of at all.
// Why: every page says it; it is read from sums, and only what is open is looked at run by run.
// Relevant files: experiments/experiment-state.ts, runs/run-state.ts, runs/tally-changes.ts

import { and, asc, count, eq, gt, gte, inArray, lt, sql, type SQL } from 'drizzle-orm';
import { runs, RunStatus } from '../runs/models.ts';
import { STALLED, type RunState } from '../runs/run-state.ts';
import type { Db } from '../shared/db/store.ts';
import { experimentRuns } from './models.ts';

export type RunCounts = Partial<Record<RunState, number>>;

/**
 * Runs by state for each experiment; those in the trash are not counted. `heardSince`: running runs that were last heard
 * of before that time (ms) count as stalled. States by name: answers and files hold them in this order.
 */
export async function runCounts(db: Db, ids: number[], heardSince?: number): Promise<Map<number, RunCounts>> {
  const rows = await db
    .select({ id: experimentRuns.experiment_id, state: experimentRuns.status, n: experimentRuns.runs })
    .from(experimentRuns)
    .where(and(inArray(experimentRuns.experiment_id, ids), eq(experimentRuns.trashed, 0), gt(experimentRuns.runs, 0)))
    .orderBy(asc(experimentRuns.experiment_id), asc(experimentRuns.status));
  const counts = new Map<number, RunCounts>(ids.map((id) => [id, {}]));
  for (const { id, state, n } of rows) counts.set(id, { ...counts.get(id), [state]: n });
  if (heardSince === undefined) return counts;
  for (const [id, stalled] of await countStalled(db, ids, heardSince)) {
    const running = (counts.get(id)?.[RunStatus.Running] ?? 0) - stalled;
    const { [RunStatus.Running]: _, ...others } = counts.get(id) ?? {};
    counts.set(id, { ...others, ...(running > 0 ? { [RunStatus.Running]: running } : {}), [STALLED]: stalled });
  }
  return counts;
}

/** Running runs last heard of before `heardSince`: settled ones by their index, the open ones one by one. */
async function countStalled(db: Db, ids: number[], heardSince: number): Promise<Map<number, number>> {
  const stalled = new Map<number, number>();
  const countIn = (place: SQL): PromiseLike<{ id: number; n: number }[]> =>
    db
      .select({ id: runs.experiment_id, n: count() })
      .from(runs)
      .where(
        and(inArray(runs.experiment_id, ids), place, eq(runs.status, RunStatus.Running), lt(runs.heard_at, heardSince)),
      )
      .groupBy(runs.experiment_id);
  for (const { id, n } of (await Promise.all([IS_SETTLED, IS_OPEN].map(countIn))).flat())
    stalled.set(id, n + (stalled.get(id) ?? 0));
  return stalled;
}

/** Literally as in the partial indexes. */
const IS_SETTLED = sql`${runs.settled} = 1`;
const IS_OPEN = sql`${runs.settled} = 0 and ${runs.trashed_at} is null`;

/** Runs that are running and were heard of since `since` (ms), in all experiments: of each along the index of its runs. */
export async function countRunning(db: Db, since: number): Promise<number> {
  let running = 0;
  for (const place of [IS_SETTLED, IS_OPEN]) {
    const rows = await db
      .select({ n: count() })
      .from(runs)
      .where(and(IN_SIGHT, place, eq(runs.status, RunStatus.Running), gte(runs.heard_at, since)));
    running += rows[0]?.n ?? 0;
  }
  return running;
}

/** Not as a join: SQLite went through the runs of all experiments. */
const IN_SIGHT = sql`${runs.experiment_id} in (select id from experiments where trashed_at is null)`;
