// tags/changes.ts
// Purpose: what changes a tag itself: create, rename, recolour, merge, trash, restore.
// Why: a tag is one row wherever it hangs; what shows it must hear of the change.
// Relevant files: tags/run-tag-changes.ts, tags/experiment-tag-changes.ts, tags/queries.ts, tags/models.ts

import { eq, sql } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { badField, conflict, notFound } from '../shared/errors.ts';
import { experimentTags, runTags, tags, type TagColor, type TagRow } from './models.ts';
import { findTag, findTagById } from './queries.ts';
import { insertTag } from './new-tag-changes.ts';
import { CHUNK, countTags } from './run-tag-changes.ts';

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
