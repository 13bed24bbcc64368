// runs/view/saved-queries.ts
// Purpose: reads saved views: one, those of an experiment's page, its default.
// Why: all reads of them are here; a view for all experiments belongs to each of them.
// Relevant files: runs/models.ts, runs/view/saved-changes.ts, runs/view/saved-api.ts

import { and, asc, eq, isNotNull, isNull, or, type SQL } from 'drizzle-orm';
import type { Db } from '../../shared/db/store.ts';
import { notFound, trashedProblem } from '../../shared/errors.ts';
import { savedViews, type SavedViewRow } from '../models.ts';

async function findView(db: Db, id: number): Promise<SavedViewRow | undefined> {
  return (await db.select().from(savedViews).where(eq(savedViews.id, id)))[0];
}

/** Also from the trash. */
export async function requireAnyView(db: Db, id: number): Promise<SavedViewRow> {
  const row = await findView(db, id);
  if (!row) throw notFound(`View ${id}`);
  return row;
}

export async function requireView(db: Db, id: number, path?: string): Promise<SavedViewRow> {
  const row = await findView(db, id);
  if (!row) throw notFound(`View ${id}`, path);
  if (row.trashed_at !== null)
    throw trashedProblem(409, `View ${row.name} is in the trash: restore it first.`, `/views/${id}/restore`, path);
  return row;
}

/** Of one experiment and, with them, those for all; undefined: of every experiment. By name. */
export async function listViews(db: Db, experiment?: number, trashed = false): Promise<SavedViewRow[]> {
  return db
    .select()
    .from(savedViews)
    .where(
      and(
        trashed ? isNotNull(savedViews.trashed_at) : isNull(savedViews.trashed_at),
        experiment === undefined ? undefined : or(isOf(experiment), isNull(savedViews.experiment_id)),
      ),
    )
    .orderBy(asc(savedViews.name), asc(savedViews.id));
}

/** In sight, of the same experiment, or for all of them. */
export async function viewsBeside(db: Db, experiment: number | null): Promise<SavedViewRow[]> {
  return db
    .select()
    .from(savedViews)
    .where(and(isOf(experiment), isNull(savedViews.trashed_at)));
}

function isOf(experiment: number | null): SQL | undefined {
  return experiment === null ? isNull(savedViews.experiment_id) : eq(savedViews.experiment_id, experiment);
}
