// models/search-queries.ts
// Purpose: finds logged models, registered models and versions by a condition tree, in an order, page by page.
// Why: MLflow's filters, and soon our own query language, ask here; how a test becomes SQL is shared with the search of runs.
// Relevant files: shared/search/condition.ts, shared/search/condition-sql.ts, models/models.ts, mlflow/model-filter.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { conditionSql, type Source, type SourceOf } from '../shared/search/condition-sql.ts';
import type { Condition } from '../shared/search/condition.ts';
import { IN_SIGHT } from './logged-queries.ts';
import {
  loggedModels,
  modelVersions,
  registeredModels,
  type LoggedModelRow,
  type ModelVersionRow,
  type RegisteredModelRow,
} from './models.ts';

/** What a metric was measured on; without a digest any of the name. */
export interface DatasetName {
  name: string;
  digest?: string | undefined;
}

export type LoggedField =
  | { of: 'metric'; key: string; on: DatasetName[] }
  | { of: 'param' | 'tag'; key: string }
  | { of: 'model'; name: keyof typeof LOGGED };

export type RegisteredField = { of: 'tag'; key: string } | { of: 'model'; name: keyof typeof REGISTERED };
export type VersionField = { of: 'tag'; key: string } | { of: 'version'; name: keyof typeof VERSION };

export interface Search<Field> {
  where: Condition<Field>;
  order: { field: Field; descending: boolean }[];
  limit: number;
  offset: number;
}

export interface Found<Row> {
  rows: Row[];
  /** There is another page. */
  hasMore: boolean;
}

const text = (column: SQL): Source => ({ column });
const whole = (column: SQL): Source => ({ column, isWhole: true });

const LOGGED = {
  id: text(sql`logged_models.id`),
  name: text(sql`logged_models.name`),
  type: text(sql`nullif(logged_models.model_type, '')`),
  run: text(sql`logged_models.source_run_id`),
  status: text(sql`logged_models.status`),
  created_at: whole(sql`logged_models.created_at`),
  updated_at: whole(sql`logged_models.updated_at`),
} satisfies Record<string, Source>;

const REGISTERED = {
  name: text(sql`registered_models.name`),
  created_at: whole(sql`registered_models.created_at`),
  updated_at: whole(sql`registered_models.updated_at`),
} satisfies Record<string, Source>;

const VERSION = {
  name: text(sql`(select n.name from registered_models n where n.id = model_versions.registered_id)`),
  version: whole(sql`model_versions.version`),
  run: text(sql`model_versions.run_id`),
  source: text(sql`model_versions.source`),
  created_at: whole(sql`model_versions.created_at`),
  updated_at: whole(sql`model_versions.updated_at`),
} satisfies Record<string, Source>;

function loggedSource(field: LoggedField): Source {
  switch (field.of) {
    case 'metric':
      return { column: sql`m.value`, from: pointsOf(field), isMany: true, isNan: sql`(m.kind = 1)` };
    case 'model':
      return LOGGED[field.name];
    default: {
      const table = sql.raw(field.of === 'param' ? 'logged_model_params' : 'logged_model_tags');
      return {
        column: sql`p.value`,
        from: sql`${table} p where p.model_id = logged_models.id and p.key = ${field.key}`,
      };
    }
  }
}

function pointsOf({ key, on }: { key?: string; on: DatasetName[] }): SQL {
  const named = on.map(({ name, digest }) => {
    const isDigest = digest === undefined ? sql`` : sql` and m.dataset_digest = ${digest}`;
    return sql`(m.dataset_name = ${name}${isDigest})`;
  });
  const isKey = key === undefined ? sql`` : sql` and m.key = ${key}`;
  const isOn = named.length === 0 ? sql`` : sql` and (${sql.join(named, sql` or `)})`;
  return sql`logged_model_metrics m where m.model_id = logged_models.id${isKey}${isOn}`;
}

function registeredSource(field: RegisteredField): Source {
  if (field.of === 'model') return REGISTERED[field.name];
  return {
    column: sql`t.value`,
    from: sql`registered_model_tags t where t.registered_id = registered_models.id and t.key = ${field.key}`,
  };
}

function versionSource(field: VersionField): Source {
  if (field.of === 'version') return VERSION[field.name];
  return {
    column: sql`t.value`,
    from: sql`model_version_tags t where t.registered_id = model_versions.registered_id
      and t.version = model_versions.version and t.key = ${field.key}`,
  };
}

/** Models of these experiments; `on`: only such as were measured on one of these. */
export async function searchLoggedModels(
  db: Db,
  search: Search<LoggedField> & { experiments: number[]; on: DatasetName[] },
): Promise<Found<LoggedModelRow>> {
  const isThere = isOneOf(sql`logged_models.experiment_id`, [...new Set(search.experiments)]);
  const isOn = search.on.length === 0 ? sql`` : sql` and exists (select 1 from ${pointsOf({ on: search.on })})`;
  const where = sql`${IN_SIGHT} and ${isThere}${isOn} and ${conditionSql(search.where, loggedSource)}`;
  const order = orderSql(search.order, (field) =>
    field.of === 'metric' ? latest(field) : columnOf(field, loggedSource),
  );
  const found = await find<{ id: string }>(db, sql`logged_models.id from logged_models`, where, order, search);
  const ids = found.rows.map(({ id }) => id);
  const rows =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(loggedModels)
          .where(isOneOf(sql`${loggedModels.id}`, ids));
  return { rows: inOrder(ids, rows, ({ id }) => id), hasMore: found.hasMore };
}

/** The value that was measured last, of several at once the greatest, NaN above all; null for NaN, which comes after all numbers. */
function latest(field: LoggedField & { of: 'metric' }): SQL {
  return sql`(select case when m.kind <> 1 then m.value end from ${pointsOf(field)}
    order by m.timestamp desc, m.step desc, (m.kind = 1) desc, m.value desc limit 1)`;
}

export async function searchRegistered(db: Db, search: Search<RegisteredField>): Promise<Found<RegisteredModelRow>> {
  const order = orderSql(search.order, (field) => columnOf(field, registeredSource));
  const where = conditionSql(search.where, registeredSource);
  const found = await find<{ id: number }>(db, sql`registered_models.id from registered_models`, where, order, search);
  const ids = found.rows.map(({ id }) => id);
  const rows =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(registeredModels)
          .where(isOneOf(sql`id`, ids));
  return { rows: inOrder(ids, rows, ({ id }) => id), hasMore: found.hasMore };
}

export async function searchVersions(db: Db, search: Search<VersionField>): Promise<Found<ModelVersionRow>> {
  const order = orderSql(search.order, (field) => columnOf(field, versionSource));
  const where = conditionSql(search.where, versionSource);
  const what = sql`model_versions.registered_id, model_versions.version from model_versions`;
  const found = await find<{ registered_id: number; version: number }>(db, what, where, order, search);
  const ids = [...new Set(found.rows.map((row) => row.registered_id))];
  const rows =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(modelVersions)
          .where(isOneOf(sql`registered_id`, ids));
  const keyOf = ({ registered_id, version }: { registered_id: number; version: number }): string =>
    `${registered_id}/${version}`;
  return { rows: inOrder(found.rows.map(keyOf), rows, keyOf), hasMore: found.hasMore };
}

function columnOf<Field>(field: Field, sourceOf: SourceOf<Field>): SQL {
  return sourceOf(field, false).column;
}

/** Missing values come last in both directions. */
function orderSql<Field>(order: Search<Field>['order'], valueOf: (field: Field) => SQL): SQL {
  const keys = order.map(({ field, descending }) =>
    sql.join([valueOf(field), sql.raw(descending ? 'desc nulls last' : 'asc nulls last')], sql` `),
  );
  return sql.join(keys, sql`, `);
}

async function find<Key>(
  db: Db,
  what: SQL,
  where: SQL,
  order: SQL,
  { limit, offset }: { limit: number; offset: number },
): Promise<Found<Key>> {
  const query = sql`select ${what} where ${where} order by ${order} limit ${limit + 1} offset ${offset}`;
  const { rows } = await db.execute<Key>(...bound(query));
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

function inOrder<Row, Key>(keys: Key[], rows: Row[], keyOf: (row: Row) => Key): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}
