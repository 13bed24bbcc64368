// tags/new-tag-changes.ts
// Purpose: a tag that is made when something is hung under a key for the first time.
// Why: whatever hangs tags makes them in one way.
// Relevant files: tags/changes.ts, tags/run-tag-changes.ts, tags/experiment-tag-changes.ts

import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { tags, type TagColor, type TagRow } from './models.ts';
import { findTag } from './queries.ts';

/** Id of the tag with this key, made where there is none. */
export async function tagId(tx: Db, key: string): Promise<number> {
  return (await findTag(tx, key))?.id ?? (await insertTag(tx, key, null)).id;
}

/** A tag that is new to all: a request that logs beside others starts again alone. */
export async function insertTag(tx: Db, key: string, color: TagColor | null): Promise<TagRow> {
  tx.beside?.alone();
  const rows = await tx.insert(tags).values({ key, color, created_at: Date.now() }).returning();
  return one(rows);
}
