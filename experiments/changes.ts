// experiments/changes.ts
// Purpose: what people change of an experiment: create, edit, trash, restore, remove for ever; the one that a new run names.
// Why: each is one step of a transaction; pages, API and imports share them.
// Relevant files: experiments/touch-changes.ts, experiments/queries.ts, experiments/models.ts, runs/changes.ts

import { eq, sql } from 'drizzle-orm';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, conflict, notFound } from '../shared/errors.ts';
import { amountOfExperiment, type Amount } from '../runs/purge-queries.ts';
import { setExperimentTags } from '../tags/experiment-tag-changes.ts';
import { experiments, ExperimentStatus, type ExperimentRow } from './models.ts';
import { findByName, findExperiment, removing, requireExperiment, requireTrashedExperiment } from './queries.ts';
import type { ExperimentCreate, ExperimentPatch } from './schemas.ts';

/** What an experiment may be made with besides what our own API takes: MLflow's clients name a place for artifacts. */
export type NewExperiment = ExperimentCreate & { id?: number; artifact_location?: string | undefined };

export async function createExperiment(tx: Db, body: NewExperiment, now: number): Promise<ExperimentRow> {
  await checkNameIsFree(tx, body.name);
  const rows = await tx
    .insert(experiments)
    .values({
      ...(body.id === undefined ? {} : { id: body.id }),
      name: body.name,
      description: body.description ?? '',
      status: body.status ?? ExperimentStatus.Active,
      main_metric: body.main_metric ?? null,
      repeat_keys: JSON.stringify(body.repeat_keys ?? {}),
      artifact_location: body.artifact_location ?? null,
      created_at: now,
      updated_at: now,
      last_activity_at: now,
    })
    .returning();
  const row = one(rows);
  await setExperimentTags(tx, row.id, body.tags ?? {});
  return row;
}

export async function patchExperiment(tx: Db, id: number, patch: ExperimentPatch, now: number): Promise<ExperimentRow> {
  const before = await requireExperiment(tx, id);
  if (patch.name !== undefined && patch.name !== before.name) await checkNameIsFree(tx, patch.name);
  const { name = before.name, description = before.description, status = before.status } = patch;
  const main_metric = patch.main_metric === undefined ? before.main_metric : patch.main_metric;
  const repeat_keys = patch.repeat_keys === undefined ? before.repeat_keys : JSON.stringify(patch.repeat_keys);
  await tx
    .update(experiments)
    .set({
      name,
      description,
      status,
      main_metric,
      repeat_keys,
      updated_at: now,
      version: sql`${experiments.version} + 1`,
    })
    .where(eq(experiments.id, id));
  return requireExperiment(tx, id);
}

async function checkNameIsFree(tx: Db, name: string): Promise<void> {
  const owner = await findByName(tx, name);
  if (owner) throw conflict('name', `There is already an experiment named ${JSON.stringify(name)} (id ${owner.id}).`);
}

/** To the trash: its name is free at once, its runs go out of sight with it. In the trash already: nothing changes. */
export async function trashExperiment(tx: Db, id: number, now: number): Promise<void> {
  const row = await findExperiment(tx, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.trashed_at !== null) return;
  await tx
    .update(experiments)
    .set({ trashed_at: now, version: sql`${experiments.version} + 1` })
    .where(eq(experiments.id, id));
}

export async function restoreExperiment(tx: Db, id: number, now: number): Promise<ExperimentRow> {
  const row = await findExperiment(tx, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.purge_at !== null) throw removing(row);
  if (row.trashed_at !== null) await checkNameIsFree(tx, row.name);
  await tx
    .update(experiments)
    .set({ trashed_at: null, updated_at: now, version: sql`${experiments.version} + 1` })
    .where(eq(experiments.id, id));
  return requireExperiment(tx, id);
}

/** Asks for the removal of an experiment that is in the trash, with all its runs (runs/purge.ts does it). */
export async function purgeExperiment(tx: Db, id: number, now: number): Promise<Amount> {
  const row = await requireTrashedExperiment(tx, id);
  const amount = await amountOfExperiment(tx, row);
  if (row.purge_at !== null) return { ...amount, points: row.purge_left };
  await tx
    .update(experiments)
    .set({
      purge_at: now,
      purge_points: amount.points,
      purge_left: amount.points,
      version: sql`${experiments.version} + 1`,
    })
    .where(eq(experiments.id, id));
  return amount;
}

/** The same for one of many: restored or gone in the meantime, it stays as it is. */
export async function purgeIfTrashed(tx: Db, id: number, now: number): Promise<void> {
  const row = await findExperiment(tx, id);
  if (typeof row?.trashed_at === 'number') await purgeExperiment(tx, id, now);
}

/** So many points less are left of what is being removed. */
export async function sayLeft(tx: Db, id: number, removed: number): Promise<void> {
  await tx.execute(
    `update experiments set purge_left = case when purge_left > ? then purge_left - ? else 0 end
      where id = ? and purge_at is not null`,
    [removed, removed, id],
  );
}

/**
 * The experiment that a new run names by id or by name; a name that is missing is made. Archived ones take no runs.
 * `read`: its row, where it was read already.
 */
export async function ensureExperiment(
  tx: Db,
  { experiment_id, experiment }: { experiment_id?: number | undefined; experiment?: string | undefined },
  now: number,
  read?: ExperimentRow,
): Promise<ExperimentRow> {
  const row =
    read ??
    (experiment_id === undefined ? await findByName(tx, experiment ?? '') : await findExperiment(tx, experiment_id));
  if (!row && experiment !== undefined) return createExperiment(tx, { name: experiment }, now);
  if (!row || row.trashed_at !== null) throw badField('experiment_id', `there is no experiment ${experiment_id}`);
  if (row.status === ExperimentStatus.Archived) {
    throw conflict(
      'experiment_id',
      `Experiment ${JSON.stringify(row.name)} is archived and takes no new runs; set its status to active first.`,
    );
  }
  return row;
}
