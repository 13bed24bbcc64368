// models/logged-queries.ts
// Purpose: every read of logged models: one, those of runs, the list; with params, tags, points and registered versions.
// Why: a page of models costs a fixed number of queries, however many there are on it.
// Relevant files: models/models.ts, models/logged-changes.ts, runs/values.ts

import { and, asc, count, eq, sql, type SQL } from 'drizzle-orm';
import { fromStored } from '../runs/values.ts';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import { afterCursor, orderBy, pageOf, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { grouped } from '../shared/grouped.ts';
import {
  loggedModelMetrics,
  loggedModelParams,
  loggedModels,
  loggedModelTags,
  ModelRole,
  modelVersions,
  registeredModels,
  type LoggedModelRow,
  type runModels,
} from './models.ts';

export { ModelRole };

export async function findLoggedModel(db: Db, id: string): Promise<LoggedModelRow | undefined> {
  return (await db.select().from(loggedModels).where(eq(loggedModels.id, id)))[0];
}

/** One that was not deleted, or a 404; also one whose run is in the trash: what stands on it must still find it. */
export async function requireLoggedModel(db: Db, id: string): Promise<LoggedModelRow> {
  const row = await findLoggedModel(db, id);
  if (!row || row.trashed_at !== null) throw notFound(`Logged model ${id}`);
  return row;
}

export interface LoggedModelPoint {
  key: string;
  value: number;
  step: number;
  timestamp: number;
  run_id: string;
  dataset_name: string;
  dataset_digest: string;
}

export interface LoggedModel extends LoggedModelRow {
  params: Record<string, string>;
  tags: Record<string, string>;
  /** All points that were logged for it, by key, time and step, then by run and value. */
  metrics: LoggedModelPoint[];
  /** Registered versions that are this model. */
  registrations: { name: string; version: number }[];
}

const { key, timestamp, step, run_id, value, kind } = loggedModelMetrics;
/** No two points of a model are equal in all of these. */
const PLACE = [key, timestamp, step, run_id, value, kind];

export async function describeLoggedModels(db: Db, rows: LoggedModelRow[]): Promise<LoggedModel[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const params = await db
    .select()
    .from(loggedModelParams)
    .where(isOneOf(sql`${loggedModelParams.model_id}`, ids));
  const tags = await db
    .select()
    .from(loggedModelTags)
    .where(isOneOf(sql`${loggedModelTags.model_id}`, ids));
  const points = await db
    .select()
    .from(loggedModelMetrics)
    .where(isOneOf(sql`${loggedModelMetrics.model_id}`, ids))
    .orderBy(...PLACE.map((column) => asc(column)));
  const versions = await db
    .select({ model_id: modelVersions.model_id, name: registeredModels.name, version: modelVersions.version })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.registered_id))
    .where(isOneOf(sql`${modelVersions.model_id}`, ids))
    .orderBy(asc(registeredModels.name), asc(modelVersions.version));
  const of = {
    params: grouped(params, ofModel),
    tags: grouped(tags, ofModel),
    points: grouped(points, ofModel),
    versions: grouped(versions, ofModel),
  };
  return rows.map((row) => ({
    ...row,
    params: pairsOf(of.params.get(row.id)),
    tags: pairsOf(of.tags.get(row.id)),
    metrics: (of.points.get(row.id) ?? []).map(({ model_id: _, kind, value, ...point }) => ({
      ...point,
      value: fromStored(value, kind),
    })),
    registrations: (of.versions.get(row.id) ?? []).map(({ name, version }) => ({ name, version })),
  }));
}

function ofModel({ model_id }: { model_id: string | null }): string | null {
  return model_id;
}

/** By key. */
function pairsOf(rows: { key: string; value: string }[] = []): Record<string, string> {
  const sorted = rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return Object.fromEntries(sorted.map(({ key, value }) => [key, value]));
}

export async function describeLoggedModel(db: Db, row: LoggedModelRow): Promise<LoggedModel> {
  const [model] = await describeLoggedModels(db, [row]);
  if (!model) throw new Error('one row in, one model out');
  return model;
}

/** What runs used and made. */
export interface RunModels {
  inputs: { model_id: string }[];
  outputs: { model_id: string; step: number }[];
}

/** For runs that have any; in the order of steps. */
export async function modelsOfRuns(db: Db, runIds: string[]): Promise<Map<string, RunModels>> {
  const found = new Map<string, RunModels>();
  if (runIds.length === 0) return found;
  const { rows } = await db.execute<typeof runModels.$inferSelect>(
    ...bound(sql`select * from run_models where ${isOneOf(sql`run_id`, runIds)} order by step, model_id`),
  );
  for (const { run_id, role, model_id, step } of rows) {
    const models = found.get(run_id) ?? { inputs: [], outputs: [] };
    found.set(run_id, models);
    if (role === ModelRole.Input) models.inputs.push({ model_id });
    else models.outputs.push({ model_id, step });
  }
  return found;
}

/** The models that a run made or used, as far as they are here and not deleted, the first made first. */
export async function loggedModelsOfRun(db: Db, runId: string): Promise<LoggedModelRow[]> {
  return db
    .select()
    .from(loggedModels)
    .where(
      and(
        sql`${loggedModels.trashed_at} is null`,
        // Not `or`: PostgreSQL would look at every model.
        sql`${loggedModels.id} in (select m.id from logged_models m where m.source_run_id = ${runId}
          union select l.model_id from run_models l where l.run_id = ${runId})`,
      ),
    )
    .orderBy(asc(loggedModels.created_at), asc(loggedModels.id))
    .limit(MODELS_SHOWN);
}

/** A run with more models than this logs checkpoints; the list of logged models has them all. */
const MODELS_SHOWN = 100;

export interface LoggedModelFilter {
  experiment?: number | undefined;
  run?: string | undefined;
  q?: string | undefined;
}

/** Newest first. */
export async function listLoggedModels(
  db: Db,
  filter: LoggedModelFilter,
  page: Page,
): Promise<{ items: LoggedModelRow[]; next_cursor: string | null; total: number }> {
  const order: Order = { by: sql`${loggedModels.created_at}`, id: sql`${loggedModels.id}`, descending: true };
  const matches = and(IN_SIGHT, ...conditions(filter));
  const rows = await db
    .select({ row: loggedModels, order_value: order.by.as('order_value') })
    .from(loggedModels)
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const total = await db.select({ n: count() }).from(loggedModels).where(matches);
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total: total[0]?.n ?? 0 };
}

/** Not deleted, and neither its experiment nor the run that made it is in the trash. */
export const IN_SIGHT = sql`logged_models.trashed_at is null
  and exists (select 1 from experiments e where e.id = logged_models.experiment_id and e.trashed_at is null)
  and not exists (select 1 from runs r where r.id = logged_models.source_run_id and r.trashed_at is not null)`;

function conditions({ experiment, run, q }: LoggedModelFilter): (SQL | undefined)[] {
  const text = q?.trim().toLowerCase();
  return [
    experiment === undefined ? undefined : eq(loggedModels.experiment_id, experiment),
    run === undefined ? undefined : eq(loggedModels.source_run_id, run),
    text ? sql`contains_ci(${loggedModels.name}, ${text})` : undefined,
  ];
}

/** How many there are in sight. */
export async function countLoggedModels(db: Db): Promise<number> {
  return (await db.select({ n: count() }).from(loggedModels).where(IN_SIGHT))[0]?.n ?? 0;
}
