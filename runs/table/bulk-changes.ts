// runs/table/bulk-changes.ts
// Purpose: many runs to the trash as one batch, and a batch back.
// Why: the undo of a thousand runs must fit into one address; the moment they were deleted at names them all.
// Relevant files: runs/table/bulk-routes.ts, runs/changes.ts, runs/table/bulk-schemas.ts

import { and, eq } from 'drizzle-orm';
import type { Db } from '../../shared/db/store.ts';
import { notFound } from '../../shared/errors.ts';
import { trashRuns } from '../changes.ts';
import { runs } from '../models.ts';
import { requireRuns } from '../queries.ts';

export interface Batch {
  trashed_at: number;
  /** Undefined: the runs were of several experiments. */
  experiment?: number | undefined;
}

export async function trashBatch(tx: Db, ids: string[], now: number): Promise<Batch> {
  const rows = await requireRuns(tx, ids);
  const owners = [...new Set(rows.map((row) => row.experiment_id))];
  const trashed_at = await freeMoment(tx, now);
  await trashRuns(tx, ids, true, trashed_at);
  return { trashed_at, experiment: owners.length === 1 ? owners[0] : undefined };
}

/** The first millisecond from `now` on at which nothing was deleted: it stands for this batch alone. */
async function freeMoment(tx: Db, now: number): Promise<number> {
  let moment = now;
  while ((await trashedAt(tx, { trashed_at: moment }, 1)).length > 0) moment++;
  return moment;
}

/** Returns how many runs came back. */
export async function restoreBatch(tx: Db, batch: Batch, now: number): Promise<number> {
  const ids = await trashedAt(tx, batch);
  if (ids.length === 0) throw notFound('What was deleted then');
  for (let start = 0; start < ids.length; start += 500) await trashRuns(tx, ids.slice(start, start + 500), false, now);
  // Runs that are back in an experiment that is in the trash are not back: nothing is restored then.
  await requireRuns(tx, ids);
  return ids.length;
}

async function trashedAt(tx: Db, { trashed_at, experiment }: Batch, limit = -1): Promise<string[]> {
  const rows = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(eq(runs.trashed_at, trashed_at), experiment === undefined ? undefined : eq(runs.experiment_id, experiment)),
    )
    .limit(limit);
  return rows.map((row) => row.id);
}
