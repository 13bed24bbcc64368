// runs/artifacts/artifact-queries.ts
// Purpose: the rows of artifacts: record, find, list, remove; and which contents they lost.
// Why: contents are kept by their sha256 (runs/artifacts/artifact-store.ts); what they are called is here.
// Relevant files: runs/models.ts, runs/artifacts/artifact-path.ts, runs/artifacts/artifact-routes.ts

import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { one } from '../../shared/db/one.ts';
import type { Db } from '../../shared/db/store.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import { checkPath, foldersOf } from './artifact-path.ts';
import type { SavedContent } from './contents.ts';
import { dropContents, takeContents } from './dropped-changes.ts';
import { artifacts, type ArtifactRow } from '../models.ts';

/** Names contents of saveArtifact; what had the same path before is replaced. `tx` is a transaction. */
export async function recordArtifact(
  tx: Db,
  runId: string,
  { path, sha256, size }: SavedContent & { path: string },
  now: number,
): Promise<{ row: ArtifactRow; created: boolean }> {
  await checkPathIsFree(tx, runId, checkPath(path));
  await takeContents(tx, sha256);
  const before = await findArtifact(tx, runId, path);
  const rows = await tx
    .insert(artifacts)
    .values({ run_id: runId, path, size, sha256, created_at: now })
    .onConflictDoUpdate({ target: [artifacts.run_id, artifacts.path], set: { size, sha256, created_at: now } })
    .returning();
  if (before && before.sha256 !== sha256) await dropContents(tx, before.sha256, now);
  return { row: one(rows), created: !before };
}

/** `a` cannot be a file and a folder: 409 when `a/b` is there and `a` comes, or the other way round. */
export async function checkPathIsFree(db: Db, runId: string, path: string): Promise<void> {
  const below = `${path}/`;
  const rows = await db
    .select({ path: artifacts.path })
    .from(artifacts)
    .where(
      and(
        eq(artifacts.run_id, runId),
        or(inArray(artifacts.path, foldersOf(path)), sql`substr(${artifacts.path}, 1, length(${below})) = ${below}`),
      ),
    )
    .limit(1);
  const other = rows[0]?.path;
  if (other !== undefined)
    throw conflict('path', `There is an artifact ${JSON.stringify(other)}: one would be a folder of the other.`);
}

export async function findArtifact(db: Db, runId: string, path: string): Promise<ArtifactRow | undefined> {
  return (
    await db
      .select()
      .from(artifacts)
      .where(and(eq(artifacts.run_id, runId), eq(artifacts.path, path)))
  )[0];
}

export async function requireArtifact(db: Db, runId: string, path: string): Promise<ArtifactRow> {
  const row = await findArtifact(db, runId, path);
  if (!row) throw notFound(`Artifact ${JSON.stringify(path)} of run ${runId}`);
  return row;
}

/** Returns whether it was there. Its contents are swept later, see runs/artifacts/artifact-sweep.ts. */
export async function removeArtifact(tx: Db, runId: string, path: string, now: number): Promise<boolean> {
  const rows = await tx
    .delete(artifacts)
    .where(and(eq(artifacts.run_id, runId), eq(artifacts.path, path)))
    .returning({ sha256: artifacts.sha256 });
  for (const { sha256 } of rows) await dropContents(tx, sha256, now);
  return rows.length > 0;
}
