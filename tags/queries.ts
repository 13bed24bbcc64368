// tags/queries.ts
// Purpose: every read of tags: of experiments, of runs, the list with counts; the condition "has this tag".
// Why: all reads of tags are here; other features ask for what they show.
// Relevant files: tags/models.ts, tags/changes.ts, experiments/queries.ts, runs/queries.ts

import { and, asc, count, eq, getTableColumns, inArray, isNotNull, isNull, not, or, sql, type SQL } from 'drizzle-orm';
import { afterCursor, orderBy, pageOf, type Order, type Page } from '../shared/db/paging.ts';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import { inMarks } from '../shared/db/marks.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { experimentTags, runTags, tags, type TagColor, type TagRow } from './models.ts';

/** A tag where it hangs. */
export interface HungTag {
  id: number;
  key: string;
  value: string;
  color: TagColor | null;
}

export async function tagsOfExperiments(db: Db, ids: number[]): Promise<Map<number, HungTag[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      owner: experimentTags.experiment_id,
      id: tags.id,
      key: tags.key,
      value: experimentTags.value,
      color: tags.color,
    })
    .from(experimentTags)
    .innerJoin(tags, eq(tags.id, experimentTags.tag_id))
    .where(and(inArray(experimentTags.experiment_id, ids), isNull(tags.trashed_at)))
    .orderBy(asc(tags.key));
  return groupByOwner(rows);
}

export async function tagsOfRuns(db: Db, ids: string[]): Promise<Map<string, HungTag[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.execute<HungTag & { owner: string }>(
    ...bound(sql`select h.run_id as owner, t.id, t.key, h.value, t.color from run_tags h join tags t on t.id = h.tag_id
      where ${isOneOf(sql`h.run_id`, ids)} and t.trashed_at is null order by t.key`),
  );
  return groupByOwner(rows);
}

/** What hangs on a run under one key. */
export async function tagValueOfRun(db: Db, id: string, key: string): Promise<string | undefined> {
  const { rows } = await db.execute<{ value: string }>(
    `select h.value from tags t join run_tags h on h.run_id = ? and h.tag_id = t.id
      where t.key = ? and t.trashed_at is null`,
    [id, key],
  );
  return rows[0]?.value;
}

function groupByOwner<K>(rows: (HungTag & { owner: K })[]): Map<K, HungTag[]> {
  const groups = new Map<K, HungTag[]>();
  for (const { owner, ...tag } of rows) {
    const group = groups.get(owner);
    if (group) group.push(tag);
    else groups.set(owner, [tag]);
  }
  return groups;
}

/** Where key and value may meet in `key=value`: keys with more `=` than this are found by their whole text only. */
const SPLITS_MAX = 8;

/** True for rows that hang on `text`: `key`, or `key=value`. A key may itself hold `=`, so each one may be the cut. */
export function hasTag(on: 'experiment' | 'run', owner: SQL, text: string): SQL {
  const hung = on === 'run' ? runTags : experimentTags;
  const ownerColumn = on === 'run' ? runTags.run_id : experimentTags.experiment_id;
  return sql`exists (select 1 from ${hung} join ${tags} on ${tags.id} = ${hung.tag_id} where ${ownerColumn} = ${owner}
    and ${tags.trashed_at} is null and ${saysTag(text, sql`${hung.value}`)})`;
}

/** The ids of all runs, in the trash or not, that have the tag: for tags that few have. */
export function taggedRuns(text: string): SQL {
  // `cross join` says to SQLite in which order: from the one tag to its runs.
  return sql`select ${runTags.run_id} from ${tags} cross join ${runTags}
    where ${runTags.tag_id} = ${tags.id} and ${tags.trashed_at} is null and ${saysTag(text, sql`${runTags.value}`)}`;
}

/** A row of `tags`, hung with the value `value`, is the tag that `text` names. */
export function saysTag(text: string, value: SQL): SQL {
  const pairs = splitsOf(text).map((pair) => sql`(${tags.key} = ${pair.key} and ${value} = ${pair.value})`);
  return sql`${or(eq(tags.key, text), ...pairs)}`;
}

function splitsOf(text: string): { key: string; value: string }[] {
  const cuts = [...text.matchAll(/=/g)].slice(0, SPLITS_MAX);
  return cuts.map(({ index }) => ({ key: text.slice(0, index), value: text.slice(index + 1) }));
}

export async function findTag(db: Db, key: string): Promise<TagRow | undefined> {
  return (await findTags(db, [key]))[0];
}

/** Those of the keys that are tags; at most some thousand keys. */
export async function findTags(db: Db, keys: string[]): Promise<TagRow[]> {
  if (keys.length === 0) return [];
  const { marks, values } = inMarks(keys);
  return (await db.execute<TagRow>(`select * from tags where trashed_at is null and key in (${marks})`, values)).rows;
}

export async function findTagById(db: Db, id: number): Promise<TagRow | undefined> {
  return (await db.select().from(tags).where(eq(tags.id, id)))[0];
}

export interface CountedTag extends TagRow {
  /** Outside the trash. */
  experiments: number;
  runs: number;
  /** How many different values it has on runs and experiments ('' counts as none). */
  values: number;
}

/** How many runs and experiments outside the trash carry both tags. */
export async function countWithBoth(db: Db, one: number, other: number): Promise<number> {
  const rows = await db.all<{ n: number }>(sql`select count(*) as n from (
      select e.id from experiment_tags h join experiment_tags o on o.experiment_id = h.experiment_id and o.tag_id = ${other}
        join experiments e on e.id = h.experiment_id where h.tag_id = ${one} and e.trashed_at is null
      union all select r.seq from run_tags h join run_tags o on o.run_id = h.run_id and o.tag_id = ${other}
        join runs r on r.id = h.run_id join experiments e on e.id = r.experiment_id
        where h.tag_id = ${one} and r.trashed_at is null and e.trashed_at is null) carriers`);
  return rows[0]?.n ?? 0;
}

export interface TagFilter {
  q?: string | undefined;
  /** true: those in the trash instead of those that are not. */
  trashed?: boolean | undefined;
  /** true: only what MLflow writes by itself (`mlflow.*`); false: all but these. */
  system?: boolean | undefined;
}

/**
 * From the sums over runs (runs/tally-changes.ts). In raw SQL: the builder writes columns of a single table without its
 * name, which a subquery would take for its own.
 */
const ITS_KEYS = sql`experiment_keys k join experiments e on e.id = k.experiment_id and e.trashed_at is null`;
const IS_ITS_KEY = sql`k.kind = 'tag' and k.key = cast(tags.id as text)`;
const ITS_VALUES = sql`experiment_values v on v.experiment_id = k.experiment_id and v.kind = k.kind and v.key = k.key`;
const COUNTS = {
  experiments: sql<number>`(select count(*) from experiment_tags h join experiments e on e.id = h.experiment_id
    where h.tag_id = tags.id and e.trashed_at is null)`.mapWith(Number),
  runs: sql<number>`(select coalesce(sum(k.runs), 0) from ${ITS_KEYS} where ${IS_ITS_KEY})`.mapWith(Number),
  values:
    sql<number>`(select count(distinct value) from (select v.value from ${ITS_KEYS} join ${ITS_VALUES} where ${IS_ITS_KEY}
    union all select value from experiment_tags where tag_id = tags.id) hung where value <> '')`.mapWith(Number),
};

async function countedTag(db: Db, id: number): Promise<CountedTag | undefined> {
  return (
    await db
      .select({ ...getTableColumns(tags), ...COUNTS })
      .from(tags)
      .where(eq(tags.id, id))
  )[0];
}

/** A tag that is not in the trash, with its counts, or a 404. */
export async function requireCountedTag(db: Db, id: number): Promise<CountedTag> {
  const tag = await countedTag(db, id);
  if (!tag || tag.trashed_at !== null) throw notFound(`Tag ${id}`);
  return tag;
}

/** Tags by key, with how many experiments and runs carry them. */
export async function listTags(
  db: Db,
  filter: TagFilter,
  page: Page,
): Promise<{ items: CountedTag[]; next_cursor: string | null; total: number }> {
  const order: Order = { by: sql`lower(${tags.key})`, id: sql`${tags.id}`, descending: false };
  const rows = await db
    .select({ ...getTableColumns(tags), ...COUNTS, order_value: sql<string>`lower(tags.key)`.as('order_value') })
    .from(tags)
    .where(and(tagConditions(filter), afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const { items, next_cursor } = pageOf(rows, page.limit, (row) => row.id);
  return { items: items.map(({ order_value: _, ...tag }) => tag), next_cursor, total: await countTags(db, filter) };
}

export async function countTags(db: Db, filter: TagFilter): Promise<number> {
  return (await db.select({ n: count() }).from(tags).where(tagConditions(filter)))[0]?.n ?? 0;
}

/** Tags that clients set by themselves (`mlflow.user`, `sys.git` …) begin so; they are kept and shown apart. */
export const SYSTEM_PREFIXES = ['mlflow.', 'sys.'] as const;

const IS_SYSTEM = sql`(${sql.join(
  SYSTEM_PREFIXES.map((prefix) => sql`substr(${tags.key}, 1, ${sql.raw(String(prefix.length))}) = ${prefix}`),
  sql` or `,
)})`;

function tagConditions({ q, trashed, system }: TagFilter): SQL | undefined {
  const text = q?.trim().toLowerCase();
  return and(
    trashed ? isNotNull(tags.trashed_at) : isNull(tags.trashed_at),
    text ? sql`contains_ci(${tags.key}, ${text})` : undefined,
    system === undefined ? undefined : system ? IS_SYSTEM : not(IS_SYSTEM),
  );
}

export interface TagValue {
  value: string;
  experiments: number;
  runs: number;
}

/** The values a tag has outside the trash, the most used first. */
export async function valuesOf(db: Db, id: number, limit: number): Promise<TagValue[]> {
  const rows = await db.all<TagValue>(sql`select value, sum(on_experiment) as experiments, sum(on_run) as runs from (
      select h.value, 1 as on_experiment, 0 as on_run from experiment_tags h join experiments e on e.id = h.experiment_id
        where h.tag_id = ${id} and e.trashed_at is null
      union all select v.value, 0, v.runs from ${ITS_KEYS} join ${ITS_VALUES}
        where k.kind = 'tag' and k.key = ${String(id)}) hung
    group by value order by sum(on_experiment) + sum(on_run) desc, value limit ${limit}`);
  return rows.map((row) => ({ value: row.value, experiments: Number(row.experiments), runs: Number(row.runs) }));
}
