// models/logged-changes.ts
// Purpose: what changes a logged model: made, ready, deleted; its tags, params and points; which runs used and made it.
// Why: each is a step of a transaction that MLflow's API, our own and pages share.
// Relevant files: models/logged-queries.ts, models/models.ts, models/owner-changes.ts

import { randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { raiseVersion } from '../experiments/touch-changes.ts';
import { requireExperiment } from '../experiments/queries.ts';
import type { LoggedRun } from '../runs/models.ts';
import { toStored } from '../runs/values.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, notFound } from '../shared/errors.ts';
import { findLoggedModel, requireLoggedModel } from './logged-queries.ts';
import {
  loggedModelMetrics,
  loggedModelParams,
  loggedModels,
  LoggedModelStatus,
  loggedModelTags,
  runModels,
  type LoggedModelRow,
  type ModelRole,
} from './models.ts';

export interface NewLoggedModel {
  experiment_id: number;
  /** Without one it gets one; several may have the same. */
  name?: string | undefined;
  model_type?: string | undefined;
  source_run_id?: string | undefined;
  params?: Record<string, string> | undefined;
  tags?: Record<string, string> | undefined;
}

export async function createLoggedModel(tx: Db, model: NewLoggedModel, now: number): Promise<LoggedModelRow> {
  await requireExperiment(tx, model.experiment_id);
  const digits = randomBytes(16).toString('hex');
  const rows = await tx
    .insert(loggedModels)
    .values({
      id: `m-${digits}`,
      experiment_id: model.experiment_id,
      name: checkName(model.name || `model-${digits.slice(0, 6)}`),
      model_type: model.model_type ?? '',
      source_run_id: model.source_run_id || null,
      status: LoggedModelStatus.Pending,
      created_at: now,
      updated_at: now,
    })
    .returning();
  const row = one(rows);
  await addParams(tx, row.id, model.params ?? {});
  await putTags(tx, row.id, model.tags ?? {});
  await raiseVersion(tx, row.experiment_id);
  return row;
}

/** It stands in addresses and filters: none of `/ : . % " '`. */
function checkName(name: string): string {
  if (/[/:.%"']/.test(name)) throw badField('name', `must not hold any of / : . % " '`);
  return name;
}

/** Says of the model, and of what shows it, that something changed. */
export async function touchLoggedModel(tx: Db, row: LoggedModelRow, now: number): Promise<void> {
  await tx.update(loggedModels).set({ updated_at: now }).where(eq(loggedModels.id, row.id));
  await raiseVersion(tx, row.experiment_id);
}

export async function setLoggedModelStatus(
  tx: Db,
  id: string,
  status: LoggedModelStatus,
  now: number,
): Promise<LoggedModelRow> {
  const row = await requireLoggedModel(tx, id);
  await tx.update(loggedModels).set({ status }).where(eq(loggedModels.id, id));
  await touchLoggedModel(tx, row, now);
  return requireLoggedModel(tx, id);
}

/** Out of lists; its files and what stands on it stay. */
export async function deleteLoggedModel(tx: Db, id: string, now: number): Promise<void> {
  const row = await requireLoggedModel(tx, id);
  await tx.update(loggedModels).set({ trashed_at: now }).where(eq(loggedModels.id, id));
  await touchLoggedModel(tx, row, now);
}

export async function restoreLoggedModel(tx: Db, id: string, now: number): Promise<LoggedModelRow> {
  const row = await findLoggedModel(tx, id);
  if (!row) throw notFound(`Logged model ${id}`);
  await tx.update(loggedModels).set({ trashed_at: null }).where(eq(loggedModels.id, id));
  await touchLoggedModel(tx, row, now);
  return requireLoggedModel(tx, id);
}

export async function setLoggedModelTags(tx: Db, id: string, tags: Record<string, string>, now: number): Promise<void> {
  const row = await requireLoggedModel(tx, id);
  await putTags(tx, id, tags);
  await touchLoggedModel(tx, row, now);
}

async function putTags(tx: Db, id: string, tags: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(tags))
    await tx
      .insert(loggedModelTags)
      .values({ model_id: id, key, value })
      .onConflictDoUpdate({ target: [loggedModelTags.model_id, loggedModelTags.key], set: { value } });
}

export async function removeLoggedModelTag(tx: Db, id: string, key: string, now: number): Promise<void> {
  const row = await requireLoggedModel(tx, id);
  const gone = await tx
    .delete(loggedModelTags)
    .where(and(eq(loggedModelTags.model_id, id), eq(loggedModelTags.key, key)))
    .returning();
  if (gone.length === 0) throw notFound(`Tag ${JSON.stringify(key)} of logged model ${id}`);
  await touchLoggedModel(tx, row, now);
}

export async function logLoggedModelParams(
  tx: Db,
  id: string,
  params: Record<string, string>,
  now: number,
): Promise<void> {
  const row = await requireLoggedModel(tx, id);
  await addParams(tx, id, params);
  await touchLoggedModel(tx, row, now);
}

/** As params of a run they are written once: the same again is fine, another value is refused. */
async function addParams(tx: Db, id: string, params: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(params)) {
    const [before] = await tx
      .select()
      .from(loggedModelParams)
      .where(and(eq(loggedModelParams.model_id, id), eq(loggedModelParams.key, key)));
    if (before && before.value !== value)
      throw badField(
        `params.${key}`,
        `is already ${JSON.stringify(before.value.slice(0, 100))}; a param is written once`,
      );
    if (!before) await tx.insert(loggedModelParams).values({ model_id: id, key, value });
  }
}

/** A point of a run that belongs to a model, too. */
export interface ModelPoint {
  model_id: string;
  key: string;
  value: number;
  step: number;
  timestamp: number;
  dataset_name?: string | undefined;
  dataset_digest?: string | undefined;
}

/**
 * Keeps the points with the models that they name; the run keeps them by itself (runs/ingest.ts). The same point twice
 * is kept once. Errors: 400 for a model that is not there.
 */
export async function logModelPoints(
  tx: Db,
  run: Pick<LoggedRun, 'id' | 'experiment_id'>,
  points: ModelPoint[],
  now: number,
): Promise<void> {
  // In one order, since others log at the same time.
  for (const id of [...new Set(points.map((point) => point.model_id))].sort()) {
    const row = await findLoggedModel(tx, id);
    if (!row) throw badField('model_id', `there is no logged model ${id.slice(0, 100)}`);
    // The run's own experiment is told by whoever logs; telling another one here would lock it out of turn.
    if (row.experiment_id !== run.experiment_id) tx.beside?.alone();
    await tx.update(loggedModels).set({ updated_at: now }).where(eq(loggedModels.id, id));
    if (row.experiment_id !== run.experiment_id) await raiseVersion(tx, row.experiment_id);
  }
  for (const { value, dataset_name = '', dataset_digest = '', ...point } of points)
    await tx
      .insert(loggedModelMetrics)
      .values({ ...point, ...toStored(value), run_id: run.id, dataset_name, dataset_digest })
      .onConflictDoNothing();
}

/** The run used (`input`) or made (`output`) these models. Again with another step: that one counts. */
export async function linkModels(
  tx: Db,
  run: Pick<LoggedRun, 'id' | 'experiment_id'>,
  role: ModelRole,
  models: { model_id: string; step?: number | undefined }[],
): Promise<void> {
  for (const { model_id, step = 0 } of models)
    await tx
      .insert(runModels)
      .values({ run_id: run.id, role, model_id, step })
      .onConflictDoUpdate({
        target: [runModels.run_id, runModels.role, runModels.model_id],
        set: { step: sql`excluded.step` },
      });
  if (models.length > 0) await raiseVersion(tx, run.experiment_id);
}
