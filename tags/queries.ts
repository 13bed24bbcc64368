// tags/queries.ts
// Purpose: every read of tags: of experiments, of runs, the list with counts; the condition "has this tag".
// Why: all SQL about tags is here; other features ask for what they show.
// Relevant files: tags/models.ts, tags/changes.ts, experiments/queries.ts, runs/queries.ts

import { and, asc, eq, inArray, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
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
  const rows = await db
    .select({ owner: runTags.run_id, id: tags.id, key: tags.key, value: runTags.value, color: tags.color })
    .from(runTags)
    .innerJoin(tags, eq(tags.id, runTags.tag_id))
    .where(and(inArray(runTags.run_id, ids), isNull(tags.trashed_at)))
    .orderBy(asc(tags.key));
  return groupByOwner(rows);
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

/** True for rows that hang on `text`: `key`, or `key=value`. A key may itself hold `=`: the whole text is tried as a key too. */
export function hasTag(on: 'experiment' | 'run', owner: SQL, text: string): SQL {
  const hung = on === 'run' ? runTags : experimentTags;
  const ownerColumn = on === 'run' ? runTags.run_id : experimentTags.experiment_id;
  const cut = text.indexOf('=');
  const [key, value] = cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1)];
  const pair = cut < 0 ? sql`` : sql` or (${tags.key} = ${key} and ${hung.value} = ${value})`;
  return sql`exists (select 1 from ${hung} join ${tags} on ${tags.id} = ${hung.tag_id} where ${ownerColumn} = ${owner}
    and ${tags.trashed_at} is null and (${tags.key} = ${text}${pair}))`;
}

export async function findTag(db: Db, key: string): Promise<TagRow | undefined> {
  return (
    await db
      .select()
      .from(tags)
      .where(and(eq(tags.key, key), isNull(tags.trashed_at)))
  )[0];
}

export async function findTagById(db: Db, id: number): Promise<TagRow | undefined> {
  return (await db.select().from(tags).where(eq(tags.id, id)))[0];
}

export interface CountedTag extends TagRow {
  experiments: number;
  runs: number;
  /** How many different values it has on runs and experiments ('' counts as none). */
  values: number;
}

/** All tags with how many experiments and runs (outside the trash) carry them. */
export async function listTags(
  db: Db,
  { q, trashed }: { q?: string | undefined; trashed?: boolean },
): Promise<CountedTag[]> {
  const text = q?.trim().toLowerCase();
  return db
    .select({
      id: tags.id,
      key: tags.key,
      color: tags.color,
      created_at: tags.created_at,
      trashed_at: tags.trashed_at,
      experiments: sql<number>`(select count(*) from experiment_tags h join experiments e on e.id = h.experiment_id
        where h.tag_id = ${tags.id} and e.trashed_at is null)`,
      runs: sql<number>`(select count(*) from run_tags h join runs r on r.id = h.run_id join experiments e on e.id = r.experiment_id
        where h.tag_id = ${tags.id} and r.trashed_at is null and e.trashed_at is null)`,
      values: sql<number>`(select count(distinct value) from
        (select value from run_tags where tag_id = ${tags.id} union all select value from experiment_tags where tag_id = ${tags.id})
        where value <> '')`,
    })
    .from(tags)
    .where(
      and(
        trashed ? isNotNull(tags.trashed_at) : isNull(tags.trashed_at),
        text ? sql`contains_ci(${tags.key}, ${text})` : undefined,
      ),
    )
    .orderBy(asc(tags.key));
}
