// tags/changes.ts
// Purpose: what changes tags: hang them on runs and experiments, take them off, create, rename, recolour, merge, trash.
// Why: each is a step of a transaction that ingest, pages, API and imports share.
// Relevant files: tags/queries.ts, tags/models.ts, runs/ingest.ts, experiments/changes.ts

import { and, eq, sql } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { LoggedRun } from '../runs/models.ts';
import { moveTally, tagMove, type Move } from '../runs/tally-changes.ts';
import { inMarks, rowTexts } from '../shared/db/marks.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, conflict, notFound } from '../shared/errors.ts';
import { grouped } from '../shared/grouped.ts';
import { experimentTags, runTags, tags, type TagColor, type TagRow } from './models.ts';
import { findTag, findTagById, findTags, tagsOfExperiments, tagsOfRuns } from './queries.ts';

/** Rows in one insert: beyond about 100 nothing is gained. */
const CHUNK = 100;

/**
 * Hangs tags on a run that logs; a key that hangs there already gets the new value. Returns how many changed, and what
 * that moves in the sums of its experiment.
 */
export async function setRunTags(
  tx: Db,
  run: Pick<LoggedRun, 'id' | 'experiment_id' | 'made'>,
  sent: Record<string, string>,
): Promise<{ changed: number; moves: Move[] }> {
  const moves: Move[] = [];
  const keys = Object.keys(sent);
  const isBare = run.made?.hasFacts === false;
  const hung = (isBare && leftTags(tx, keys)) || (await tagsFor(tx, run.id, keys));
  const rows: (typeof runTags.$inferInsert)[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const known = hung.get(key);
    if (known?.value === value) continue;
    const tag_id = known?.id ?? (await insertTag(tx, key, null)).id;
    if (run.made) leaveTag(tx, key, tag_id);
    rows.push({ run_id: run.id, tag_id, value });
    if (typeof known?.value === 'string') moves.push(tagMove(run.experiment_id, tag_id, known.value, -1));
    moves.push(tagMove(run.experiment_id, tag_id, value, 1));
  }
  await hang(tx, rows);
  return { changed: rows.length, moves };
}

interface TagFor {
  id: number;
  /** As it hangs on the run. */
  value: string | null;
}

/** Under which they stand among what runs left (shared/db/store.ts): no run has such an id. */
const LEFT = 'tags';
const LEFT_MAX = 1_000;

function leaveTag({ writer }: Db, key: string, id: number): void {
  const known = writer?.left?.get(LEFT) as Map<string, TagFor> | undefined;
  if (known && known.size < LEFT_MAX) known.set(key, { id, value: null });
  else writer?.left?.set(LEFT, new Map([[key, { id, value: null }]]));
}

/** For a run on which nothing hangs. Undefined: at least one of the keys must be looked for. */
function leftTags({ writer }: Db, keys: string[]): Map<string, TagFor> | undefined {
  const known = writer?.left?.get(LEFT) as Map<string, TagFor> | undefined;
  return known && keys.every((key) => known.has(key)) ? known : undefined;
}

/** Those of the keys that are tags, and what hangs of them on the run. */
async function tagsFor(tx: Db, runId: string, keys: string[]): Promise<Map<string, TagFor>> {
  if (keys.length === 0) return new Map();
  const { marks, values } = inMarks(keys);
  const { rows } = await tx.execute<TagFor & { key: string }>(
    `select t.id, t.key, h.value from tags t left join run_tags h on h.run_id = ? and h.tag_id = t.id
      where t.trashed_at is null and t.key in (${marks})`,
    [runId, ...values],
  );
  return new Map(rows.map((tag) => [tag.key, tag]));
}

const HANG = rowTexts(
  'insert into run_tags (run_id, tag_id, value)',
  3,
  'on conflict (run_id, tag_id) do update set value = excluded.value',
);

async function hang(tx: Db, rows: (typeof runTags.$inferInsert)[]): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) {
    const some = rows.slice(start, start + CHUNK);
    await tx.execute(
      HANG(some.length),
      some.flatMap(({ run_id, tag_id, value }) => [run_id, tag_id, value]),
    );
  }
}

/** Ids in one `in (…)`: below SQLite's limit of bound values. */
const IDS_AT_ONCE = 500;

/** The same tags on many runs, at most LIMITS.page of them. Returns the run of each tag that changed. */
export async function setTagsOfRuns(tx: Db, runIds: string[], sent: Record<string, string>): Promise<string[]> {
  const hung = Object.keys(sent).length === 0 ? undefined : await tagsOfRuns(tx, runIds);
  if (!hung) return [];
  const rows: (typeof runTags.$inferInsert)[] = [];
  const before: typeof rows = [];
  const valueOn = (id: string, key: string): string | undefined => hung.get(id)?.find((tag) => tag.key === key)?.value;
  const ids = [...new Set(runIds)];
  const changes = Object.entries(sent)
    .map(([key, value]) => ({ key, value, without: ids.filter((id) => valueOn(id, key) !== value) }))
    .filter(({ without }) => without.length > 0);
  const known = new Map((await findTags(tx, changes.map(({ key }) => key))).map((tag) => [tag.key, tag.id])); // prettier-ignore
  for (const { key, value, without } of changes) {
    const tag_id = known.get(key) ?? (await insertTag(tx, key, null)).id;
    for (const run_id of without) {
      rows.push({ run_id, tag_id, value });
      const old = valueOn(run_id, key);
      if (old !== undefined) before.push({ run_id, tag_id, value: old });
    }
  }
  await hang(tx, rows);
  await countTags(tx, before, -1);
  await countTags(tx, rows, 1);
  return rows.map((row) => row.run_id);
}

/** Counts what hangs on runs into (`n` 1) or out of (−1) the sums of their experiments; those in the trash are in none. */
async function countTags(tx: Db, rows: (typeof runTags.$inferInsert)[], n: 1 | -1): Promise<void> {
  const ids = [...new Set(rows.map((row) => row.run_id))];
  const owners = new Map<string, number>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const { marks, values } = inMarks(ids.slice(start, start + IDS_AT_ONCE));
    const text = `select id, experiment_id from runs where id in (${marks}) and trashed_at is null`;
    const owned = await tx.execute<{ id: string; experiment_id: number }>(text, values);
    for (const { id, experiment_id } of owned.rows) owners.set(id, experiment_id);
  }
  await moveTally(
    tx,
    rows.flatMap(({ run_id, tag_id, value }) => {
      const owner = owners.get(run_id);
      return owner === undefined ? [] : [tagMove(owner, tag_id, value, n)];
    }),
  );
}

export async function setExperimentTags(tx: Db, experimentId: number, sent: Record<string, string>): Promise<number> {
  if (Object.keys(sent).length === 0) return 0;
  const before = (await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? [];
  const known = new Map(before.map((tag) => [tag.key, tag.value]));
  const changed = Object.entries(sent).filter(([key, value]) => known.get(key) !== value);
  for (const [key, value] of changed) {
    await tx
      .insert(experimentTags)
      .values({ experiment_id: experimentId, tag_id: await tagId(tx, key), value })
      .onConflictDoUpdate({ target: [experimentTags.experiment_id, experimentTags.tag_id], set: { value } });
  }
  return changed.length;
}

async function tagId(tx: Db, key: string): Promise<number> {
  return (await findTag(tx, key))?.id ?? (await insertTag(tx, key, null)).id;
}

async function insertTag(tx: Db, key: string, color: TagColor | null): Promise<TagRow> {
  tx.beside?.alone();
  const rows = await tx.insert(tags).values({ key, color, created_at: Date.now() }).returning();
  return one(rows);
}

/** Takes a tag off; returns the value it had, or undefined when it was not there. */
export async function removeRunTag(tx: Db, runId: string, key: string): Promise<string | undefined> {
  const hung = ((await tagsOfRuns(tx, [runId])).get(runId) ?? []).find((tag) => tag.key === key);
  if (hung) {
    await tx.delete(runTags).where(and(eq(runTags.run_id, runId), eq(runTags.tag_id, hung.id)));
    await countTags(tx, [{ run_id: runId, tag_id: hung.id, value: hung.value }], -1);
  }
  return hung?.value;
}

/** Takes many off at once: tags that hang on runs, with their values. */
export async function removeTagsOfRuns(tx: Db, hung: (typeof runTags.$inferInsert)[]): Promise<void> {
  for (const [tag, rows] of grouped(hung, (row) => row.tag_id)) {
    for (let start = 0; start < rows.length; start += IDS_AT_ONCE) {
      const { marks, values } = inMarks(rows.slice(start, start + IDS_AT_ONCE).map(({ run_id }) => run_id));
      await tx.execute(`delete from run_tags where tag_id = ? and run_id in (${marks})`, [tag, ...values]);
    }
  }
  await countTags(tx, hung, -1);
}

export async function removeExperimentTag(tx: Db, experimentId: number, key: string): Promise<string | undefined> {
  const hung = ((await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? []).find((tag) => tag.key === key);
  if (hung) {
    await tx
      .delete(experimentTags)
      .where(and(eq(experimentTags.experiment_id, experimentId), eq(experimentTags.tag_id, hung.id)));
  }
  return hung?.value;
}

export async function createTag(
  tx: Db,
  { key, color }: { key: string; color?: TagColor | null | undefined },
): Promise<TagRow> {
  await checkKeyIsFree(tx, key);
  return insertTag(tx, key, color ?? null);
}

async function checkKeyIsFree(tx: Db, key: string): Promise<void> {
  const owner = await findTag(tx, key);
  if (owner)
    throw conflict('key', `There is already a tag ${JSON.stringify(key)} (id ${owner.id}); merge the two instead.`);
}

/** A tag that is not in the trash, or a 404. */
export async function requireTag(db: Db, id: number): Promise<TagRow> {
  const row = await findTagById(db, id);
  if (!row || row.trashed_at !== null) throw notFound(`Tag ${id}`);
  return row;
}

/** Renames or recolours. */
export async function patchTag(
  tx: Db,
  id: number,
  { key, color }: { key?: string | undefined; color?: TagColor | null | undefined },
): Promise<TagRow> {
  const before = await requireTag(tx, id);
  if (key !== undefined && key !== before.key) await checkKeyIsFree(tx, key);
  await tx
    .update(tags)
    .set({ key: key ?? before.key, color: color === undefined ? before.color : color })
    .where(eq(tags.id, id));
  await touchCarriers(tx, id);
  return requireTag(tx, id);
}

/** The tag that `id` may be merged into, or what is wrong with the field `into`. */
export async function requireMergeTarget(db: Db, id: number, into: number): Promise<TagRow> {
  if (id === into) throw badField('into', 'must be another tag: a tag cannot be merged into itself');
  const target = await findTagById(db, into);
  if (!target || target.trashed_at !== null) throw badField('into', `there is no tag ${into}`);
  return target;
}

/**
 * Moves everything that hangs on `id` (in the trash or not) to `into` (what carries both keeps the value of `into`) and trashes `id`.
 */
export async function mergeTags(tx: Db, id: number, into: number, now: number): Promise<TagRow> {
  if (!(await findTagById(tx, id))) throw notFound(`Tag ${id}`);
  const target = await requireMergeTarget(tx, id, into);
  const onRuns = await tx.select().from(runTags).where(eq(runTags.tag_id, id));
  for (let start = 0; start < onRuns.length; start += CHUNK) {
    const added = await tx
      .insert(runTags)
      .values(onRuns.slice(start, start + CHUNK).map((row) => ({ ...row, tag_id: into })))
      .onConflictDoNothing()
      .returning();
    await countTags(tx, added, 1);
  }
  const onExperiments = await tx.select().from(experimentTags).where(eq(experimentTags.tag_id, id));
  for (const row of onExperiments)
    await tx
      .insert(experimentTags)
      .values({ ...row, tag_id: into })
      .onConflictDoNothing();
  // One that is in the trash already says nothing by itself.
  await touchCarriers(tx, id);
  await trashTag(tx, id, now);
  return target;
}

/** What was computed for an experiment may show the tag: its version moves on, its last activity does not. */
async function touchCarriers(tx: Db, id: number): Promise<void> {
  const carriers = sql`select experiment_id from experiment_tags where tag_id = ${id}
    union select r.experiment_id from run_tags h join runs r on r.id = h.run_id where h.tag_id = ${id}`;
  await tx
    .update(experiments)
    .set({ version: sql`${experiments.version} + 1` })
    .where(sql`${experiments.id} in (${carriers})`);
}

/** Out of sight everywhere, its key free at once; what it hung on is kept for the restore. */
export async function trashTag(tx: Db, id: number, now: number): Promise<void> {
  const row = await findTagById(tx, id);
  if (!row) throw notFound(`Tag ${id}`);
  if (row.trashed_at !== null) return;
  await tx.update(tags).set({ trashed_at: now }).where(eq(tags.id, id));
  await touchCarriers(tx, id);
}

export async function restoreTag(tx: Db, id: number): Promise<TagRow> {
  const row = await findTagById(tx, id);
  if (!row) throw notFound(`Tag ${id}`);
  if (row.trashed_at !== null) await checkKeyIsFree(tx, row.key);
  await tx.update(tags).set({ trashed_at: null }).where(eq(tags.id, id));
  await touchCarriers(tx, id);
  return requireTag(tx, id);
}

/** Exactly these tags afterwards: what is not named is taken off. */
export async function replaceExperimentTags(
  tx: Db,
  experimentId: number,
  wanted: Record<string, string>,
): Promise<void> {
  const before = (await tagsOfExperiments(tx, [experimentId])).get(experimentId) ?? [];
  for (const { key } of before) if (!Object.hasOwn(wanted, key)) await removeExperimentTag(tx, experimentId, key);
  await setExperimentTags(tx, experimentId, wanted);
}
