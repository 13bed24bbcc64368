// runs/artifacts/dropped-changes.ts
// Purpose: contents that no artifact has (yet, or any more): announced, named, dropped, claimed by a sweep, forgotten.
// Why: the database is the one place that all processes share: an upload and a sweep of the same contents meet here.
// Relevant files: runs/models.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-sweep.ts, runs/artifacts/artifact-queries.ts

import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Db } from '../../shared/db/store.ts';
import { Problem } from '../../shared/errors.ts';
import { droppedContents } from '../models.ts';

/** A sweep that claimed contents so long ago has died: no removal of its is under way any more. */
const CLAIM_MS = 10 * 60 * 1000;

/** They are about to be put in their place. False: a sweep is just removing them; ask again. */
export async function announceContents(tx: Db, sha256: string, now: number): Promise<boolean> {
  const rows = await tx
    .insert(droppedContents)
    .values({ sha256, dropped_at: now })
    .onConflictDoUpdate({
      target: droppedContents.sha256,
      set: { dropped_at: now, removing_at: null },
      setWhere: sql`${droppedContents.removing_at} is null or ${droppedContents.removing_at} < ${now - CLAIM_MS}`,
    })
    .returning();
  return rows.length > 0;
}

/** An artifact takes them. Errors: 503 when they were announced so long ago that a sweep has come by. */
export async function takeContents(tx: Db, sha256: string): Promise<void> {
  const announced = await tx
    .delete(droppedContents)
    .where(and(eq(droppedContents.sha256, sha256), isNull(droppedContents.removing_at)))
    .returning();
  if (announced.length === 0 && !(await isContentUsed(tx, sha256)))
    throw new Problem(503, 'The contents were removed before they were named: send them again.');
}

/** An artifact lost these contents, or they were saved and could not be named: the sweep may look at them. */
export async function dropContents(tx: Db, sha256: string, now: number): Promise<void> {
  await tx
    .insert(droppedContents)
    .values({ sha256, dropped_at: now })
    .onConflictDoUpdate({ target: droppedContents.sha256, set: { dropped_at: now } });
}

/** What was dropped before `before`, ms since the epoch. */
export async function listDropped(db: Db, before: number): Promise<string[]> {
  const rows = await db
    .select({ sha256: droppedContents.sha256 })
    .from(droppedContents)
    .where(lt(droppedContents.dropped_at, before));
  return rows.map((row) => row.sha256);
}

/**
 * Of what was dropped before `before`, some that no artifact has: from now on they are the caller's to remove, and no
 * upload puts them back until it calls `settleClaimed`. Undefined: there is nothing left to look at.
 */
export async function claimDropped(tx: Db, before: number, now: number, limit: number): Promise<string[] | undefined> {
  const rows = await tx
    .select({ sha256: droppedContents.sha256 })
    .from(droppedContents)
    .where(
      or(
        and(lt(droppedContents.dropped_at, before), isNull(droppedContents.removing_at)),
        lt(droppedContents.removing_at, now - CLAIM_MS),
      ),
    )
    .limit(limit);
  if (rows.length === 0) return undefined;
  const claimed: string[] = [];
  for (const { sha256 } of rows) {
    if (await isContentUsed(tx, sha256)) await forgetDropped(tx, sha256);
    else claimed.push(sha256);
  }
  await tx.update(droppedContents).set({ removing_at: now }).where(inArray(droppedContents.sha256, claimed));
  return claimed;
}

/** They are gone, or stay for now: then they count as dropped just now. */
export async function settleClaimed(tx: Db, sha256: string, isGone: boolean, now: number): Promise<void> {
  if (isGone) return forgetDropped(tx, sha256);
  await tx
    .update(droppedContents)
    .set({ dropped_at: now, removing_at: null })
    .where(eq(droppedContents.sha256, sha256));
}

async function forgetDropped(tx: Db, sha256: string): Promise<void> {
  await tx.delete(droppedContents).where(eq(droppedContents.sha256, sha256));
}

/** Whether any artifact, of a run or a model, in the trash or not, has these contents. */
async function isContentUsed(db: Db, sha256: string): Promise<boolean> {
  for (const table of ['artifacts', 'logged_model_artifacts']) {
    const { rows } = await db.execute(`select 1 as used from ${table} where sha256 = ? limit 1`, [sha256]);
    if (rows.length > 0) return true;
  }
  return false;
}
