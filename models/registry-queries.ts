// models/registry-queries.ts
// Purpose: every read of registered models and their versions: one, by alias, the list; with tags and aliases.
// Why: a page of models costs a fixed number of queries, however many there are on it.
// Relevant files: models/models.ts, models/registry-changes.ts, models/version-changes.ts

import { and, asc, count, desc, eq, sql, type SQL } from 'drizzle-orm';
import { isOneOf } from '../shared/db/dialect.ts';
import { afterCursor, orderBy, pageOf, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { grouped } from '../shared/grouped.ts';
import {
  modelAliases,
  modelVersions,
  modelVersionTags,
  registeredModels,
  registeredModelTags,
  STAGES,
  type ModelVersionRow,
  type RegisteredModelRow,
  type Stage,
} from './models.ts';

export async function findRegistered(db: Db, name: string): Promise<RegisteredModelRow | undefined> {
  return (await db.select().from(registeredModels).where(eq(registeredModels.name, name)))[0];
}

export async function requireRegistered(db: Db, name: string): Promise<RegisteredModelRow> {
  const row = await findRegistered(db, name);
  if (!row) throw notFound(`Registered model ${JSON.stringify(name)}`);
  return row;
}

export async function requireVersion(db: Db, name: string, version: number): Promise<ModelVersionRow> {
  const { id } = await requireRegistered(db, name);
  const rows = await db
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.registered_id, id), eq(modelVersions.version, version)));
  if (!rows[0]) throw notFound(`Version ${version} of model ${JSON.stringify(name)}`);
  return rows[0];
}

/** Undefined: no version has this alias. */
export async function findAliased(db: Db, name: string, alias: string): Promise<ModelVersionRow | undefined> {
  const { id } = await requireRegistered(db, name);
  const rows = await db
    .select({ version: modelVersions })
    .from(modelAliases)
    .innerJoin(
      modelVersions,
      and(eq(modelVersions.registered_id, modelAliases.registered_id), eq(modelVersions.version, modelAliases.version)),
    )
    .where(and(eq(modelAliases.registered_id, id), eq(modelAliases.alias, alias)));
  return rows[0]?.version;
}

export interface Version extends ModelVersionRow {
  /** Of the registered model. */
  name: string;
  tags: Record<string, string>;
  aliases: string[];
}

export interface Registered extends RegisteredModelRow {
  tags: Record<string, string>;
  /** Alias to version, by alias. */
  aliases: Record<string, number>;
  versions: number;
  /** The highest version of each stage that any has, the newest first. */
  latest: Version[];
}

export async function describeVersions(db: Db, rows: ModelVersionRow[]): Promise<Version[]> {
  const ids = [...new Set(rows.map((row) => row.registered_id))];
  if (ids.length === 0) return [];
  const models = await db
    .select({ id: registeredModels.id, name: registeredModels.name })
    .from(registeredModels)
    .where(isOneOf(sql`${registeredModels.id}`, ids));
  const names = new Map(models.map(({ id, name }) => [id, name]));
  const isIts = and(
    isOneOf(sql`${modelVersionTags.registered_id}`, ids),
    isOneOf(sql`${modelVersionTags.version}`, [...new Set(rows.map((row) => row.version))]),
  );
  const tags = await db.select().from(modelVersionTags).where(isIts).orderBy(asc(modelVersionTags.key));
  const tagsOf = grouped(tags, placeOf);
  const aliasesOf = grouped(await aliasesOfModels(db, ids), placeOf);
  return rows.map((row) => ({
    ...row,
    name: names.get(row.registered_id) ?? '',
    tags: pairsOf(tagsOf.get(placeOf(row))),
    aliases: (aliasesOf.get(placeOf(row)) ?? []).map(({ alias }) => alias),
  }));
}

function placeOf({ registered_id, version }: { registered_id: number; version: number }): string {
  return `${registered_id}/${version}`;
}

async function aliasesOfModels(db: Db, ids: number[]): Promise<(typeof modelAliases.$inferSelect)[]> {
  return db
    .select()
    .from(modelAliases)
    .where(isOneOf(sql`${modelAliases.registered_id}`, ids))
    .orderBy(asc(modelAliases.alias));
}

function pairsOf(rows: { key: string; value: string }[] = []): Record<string, string> {
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

export async function describeVersion(db: Db, row: ModelVersionRow): Promise<Version> {
  const [version] = await describeVersions(db, [row]);
  if (!version) throw new Error('one row in, one version out');
  return version;
}

export async function describeRegistered(db: Db, rows: RegisteredModelRow[]): Promise<Registered[]> {
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const ofModel = ({ registered_id }: { registered_id: number }): number => registered_id;
  const tags = await db
    .select()
    .from(registeredModelTags)
    .where(isOneOf(sql`${registeredModelTags.registered_id}`, ids))
    .orderBy(asc(registeredModelTags.key));
  const counts = await db
    .select({ registered_id: modelVersions.registered_id, n: count() })
    .from(modelVersions)
    .where(isOneOf(sql`${modelVersions.registered_id}`, ids))
    .groupBy(modelVersions.registered_id);
  const of = {
    tags: grouped(tags, ofModel),
    aliases: grouped(await aliasesOfModels(db, ids), ofModel),
    counts: grouped(counts, ofModel),
    latest: grouped(await describeVersions(db, await latestOf(db, ids)), ofModel),
  };
  return rows.map((row) => ({
    ...row,
    tags: pairsOf(of.tags.get(row.id)),
    aliases: Object.fromEntries((of.aliases.get(row.id) ?? []).map(({ alias, version }) => [alias, version])),
    versions: of.counts.get(row.id)?.[0]?.n ?? 0,
    latest: of.latest.get(row.id) ?? [],
  }));
}

/** The highest version of each stage. */
async function latestOf(db: Db, ids: number[]): Promise<ModelVersionRow[]> {
  const newer = sql`select 1 from model_versions n where n.registered_id = model_versions.registered_id
    and n.stage = model_versions.stage and n.version > model_versions.version`;
  return db
    .select()
    .from(modelVersions)
    .where(and(isOneOf(sql`${modelVersions.registered_id}`, ids), sql`not exists (${newer})`))
    .orderBy(desc(modelVersions.version));
}

export async function describeOneRegistered(db: Db, row: RegisteredModelRow): Promise<Registered> {
  const [model] = await describeRegistered(db, [row]);
  if (!model) throw new Error('one row in, one model out');
  return model;
}

/** By name. */
export async function listRegistered(
  db: Db,
  { q }: { q?: string | undefined },
  page: Page,
): Promise<{ items: RegisteredModelRow[]; next_cursor: string | null; total: number }> {
  const order: Order = { by: sql`lower(${registeredModels.name})`, id: sql`${registeredModels.id}`, descending: false };
  const text = q?.trim().toLowerCase();
  const matches = text
    ? sql`(contains_ci(${registeredModels.name}, ${text}) or contains_ci(${registeredModels.description}, ${text}))`
    : undefined;
  const rows = await db
    .select({ row: registeredModels, order_value: order.by.as('order_value') })
    .from(registeredModels)
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total: await countRegistered(db, matches) };
}

export async function countRegistered(db: Db, matches?: SQL): Promise<number> {
  return (await db.select({ n: count() }).from(registeredModels).where(matches))[0]?.n ?? 0;
}

/** The newest first. */
export async function listVersions(
  db: Db,
  name: string,
  page: { limit: number; offset?: number | undefined; before?: number | undefined },
): Promise<{ items: ModelVersionRow[]; total: number }> {
  const { id } = await requireRegistered(db, name);
  const own = eq(modelVersions.registered_id, id);
  const items = await db
    .select()
    .from(modelVersions)
    .where(and(own, page.before === undefined ? undefined : sql`${modelVersions.version} < ${page.before}`))
    .orderBy(desc(modelVersions.version))
    .limit(page.limit)
    .offset(page.offset ?? 0);
  return { items, total: (await db.select({ n: count() }).from(modelVersions).where(own))[0]?.n ?? 0 };
}

/** In any case. */
export function stageNamed(name: string): Stage | undefined {
  return STAGES.find((stage) => stage.toLowerCase() === name.toLowerCase());
}
