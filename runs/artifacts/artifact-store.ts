// runs/artifacts/artifact-store.ts
// Purpose: where the contents of this tracker's artifacts are, and the one way to put some there.
// Why: what is being put in its place is announced in the database, so that no sweep of any process takes it away.
// Relevant files: runs/artifacts/contents.ts, runs/artifacts/dropped-changes.ts, runs/artifacts/artifact-routes.ts, imports/write-artifacts.ts

import { setTimeout } from 'node:timers/promises';
import type { Store } from '../../shared/db/store.ts';
import { Problem } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Contents, ContentSource, SavedContent } from './contents.ts';
import { announceContents } from './dropped-changes.ts';
import { FolderContents } from './folder-contents.ts';
import { S3Contents } from './s3-contents.ts';

/** How long an upload waits for a sweep that is just removing the same contents, ms. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 50;

const known = new Map<string, Contents>();

/** `place` as in the settings: a folder, or s3://bucket/prefix. One object for each, which keeps its connections. */
export function contentsAt(place: string): Contents {
  const contents = known.get(place) ?? (place.startsWith('s3://') ? new S3Contents(place) : new FolderContents(place));
  known.set(place, contents);
  return contents;
}

/** Whether this database may keep its artifacts there. Errors: see `Contents.check`. */
export async function checkContents(store: Store, contents: Contents): Promise<void> {
  // When its first migration was applied: no two databases have it in common, and its copies do.
  const { migrations } = await store.status();
  await contents.check(`database of ${new Date(migrations[0]?.applied_at ?? 0).toISOString()}`);
}

/**
 * Keeps a stream, bytes or the file at a path. When the promise resolves, all of it is durable under its sha256 and
 * stays for an hour, within which the caller names it (recordArtifact). When it rejects, nothing of it is there.
 */
export async function saveArtifact(
  store: Store,
  contents: Contents,
  source: ContentSource,
  limit: number = LIMITS.artifact,
): Promise<SavedContent> {
  const received = await contents.receive(source, limit);
  try {
    await announce(store, received.sha256);
    await received.keep();
    return { sha256: received.sha256, size: received.size };
  } finally {
    await received.discard();
  }
}

async function announce(store: Store, sha256: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await store.write((tx) => announceContents(tx, sha256, Date.now())))) {
    if (performance.now() > until)
      throw new Problem(503, 'Equal contents are just being removed: nothing was stored, try again.');
    await setTimeout(RETRY_MS);
  }
}
