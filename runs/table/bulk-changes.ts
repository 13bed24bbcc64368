// runs/table/bulk-changes.ts
// Purpose: many runs to the trash as one batch, a batch back; many asked to be removed for ever. In short transactions.
// Why: the undo of a thousand runs must fit into one address; the moment they were deleted at names them all.
// Relevant files: runs/table/bulk-routes.ts, runs/changes.ts, runs/purge-changes.ts, shared/db/steps.ts

import { and, eq } from 'drizzle-orm';
import { writeInSteps } from '../../shared/db/steps.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { notFound } from '../../shared/errors.ts';
import { trashRuns } from '../changes.ts';
import { runs } from '../models.ts';
import { purgeRuns } from '../purge-changes.ts';
import { requireRuns } from '../queries.ts';

export interface Batch {
  trashed_at: number;
  /** Undefined: the runs were of several experiments. */
  experiment?: number | undefined;
}

/** Runs that move between two looks at the clock: with a hundred metrics each some milliseconds. */
const RUNS_AT_ONCE = 5;

/** Asked for together, and undone together; whoever logs has a turn in between. Each run is here or there, whole. */
export async function trashBatch(store: Store, ids: string[], now: number): Promise<Batch> {
  const rows = await requireRuns(store.read, ids);
  const owners = [...new Set(rows.map((row) => row.experiment_id))];
  let moment: number | undefined;
  await writeInSteps(store, ids, RUNS_AT_ONCE, async (tx, some) => {
    moment ??= await freeMoment(tx, now);
    await trashRuns(tx, some, true, moment);
  });
  return { trashed_at: moment ?? now, experiment: owners.length === 1 ? owners[0] : undefined };
}

/** The first millisecond from `now` on at which nothing was deleted: it stands for this batch alone. */
async function freeMoment(tx: Db, now: number): Promise<number> {
  let moment = now;
  while ((await trashedAt(tx, { trashed_at: moment }, 1)).length > 0) moment++;
  return moment;
}

/** Returns how many runs came back. */
export async function restoreBatch(store: Store, batch: Batch, now: number): Promise<number> {
  const ids = await trashedAt(store.read, batch);
  if (ids.length === 0) throw notFound('What was deleted then');
  await restoreMany(store, ids, now);
  return ids.length;
}

/** Returns how many runs came back; those that are not in the trash stay as they are. */
export async function restoreMany(store: Store, ids: string[], now: number): Promise<number> {
  let moved = 0;
  await writeInSteps(store, ids, RUNS_AT_ONCE, async (tx, some) => {
    const back = await trashRuns(tx, some, false, now);
    // Runs that are back in an experiment that is in the trash are not back: they are not restored then.
    await requireRuns(tx, some);
    moved += back;
  });
  return moved;
}

/** Asks for the removal of those that are in the trash; returns how many there were. */
export async function purgeMany(store: Store, ids: string[], now: number): Promise<number> {
  let asked = 0;
  await writeInSteps(store, ids, 100, async (tx, some) => {
    asked += await purgeRuns(tx, some, now);
  });
  return asked;
}

async function trashedAt(db: Db, { trashed_at, experiment }: Batch, limit = -1): Promise<string[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(eq(runs.trashed_at, trashed_at), experiment === undefined ? undefined : eq(runs.experiment_id, experiment)),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}
