// runs/artifacts/artifact-store.ts
// Purpose: contents of artifacts on disk, named by their sha256: save a stream, open it or a part of it.
// Why: no name of a user ever becomes a path on disk, equal contents are kept once, and half an upload is never seen.
// Relevant files: runs/artifacts/artifact-routes.ts, runs/artifacts/artifact-queries.ts, runs/artifacts/artifact-sweep.ts

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format.ts';
import { LIMITS } from '../../shared/limits.ts';

export interface SavedContent {
  /** 64 hex digits, lower case. */
  sha256: string;
  /** bytes */
  size: number;
}

/** First and last byte, counted from 0. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Unfinished uploads end like this; see runs/artifacts/artifact-sweep.ts. */
export const PART = '.part';

/** `<folder>/3f/3f2a…` */
export function contentPath(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`not a sha256: ${sha256}`);
  return path.join(folder, sha256.slice(0, 2), sha256);
}

/**
 * Keeps a stream, bytes or the file at a path. When the promise resolves, all of it is on disk under its sha256;
 * when it rejects (413 over `limit` bytes, the sender goes away, disk full), nothing of it is.
 */
export async function saveArtifact(
  folder: string,
  source: Readable | Uint8Array | string,
  limit: number = LIMITS.artifact,
): Promise<SavedContent> {
  await mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `${randomUUID()}${PART}`);
  try {
    const saved = await writeHashed(temporary, bytesOf(source), limit);
    await moveInto(folder, temporary, saved);
    return saved;
  } finally {
    await rm(temporary, { force: true });
  }
}

function bytesOf(source: Readable | Uint8Array | string): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if (typeof source === 'string') return fileBytes(source);
  // An upload that is refused half-way must still be answered: its stream, and so its socket, stays open.
  return source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

/** Opened when it is read: a stream that fails before anybody listens would take the process down. */
async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
}

async function writeHashed(
  file: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): Promise<SavedContent> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      hash.update(chunk);
      await writeAll(handle, chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), size };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, done);
    done += bytesWritten;
  }
}

export function tooLarge(limit: number): Problem {
  return new Problem(413, `An artifact may have at most ${formatBytes(limit)} (${limit} bytes).`, [], {
    limit_bytes: limit,
  });
}

async function moveInto(folder: string, temporary: string, { sha256, size }: SavedContent): Promise<void> {
  const target = contentPath(folder, sha256);
  const known = await stat(target).catch(() => undefined);
  if (known?.size === size && (await makeYoung(target))) return;
  const made = await mkdir(path.dirname(target), { recursive: true });
  await rename(temporary, target);
  await syncFolder(path.dirname(target));
  if (made !== undefined) await syncFolder(folder);
}

/** So that it is not swept away before the caller has recorded it. False: it has just been. */
async function makeYoung(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A new name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The contents, or the bytes of `range`, as a stream whose file is open already. 404 when somebody removed the file. */
export async function openArtifact(folder: string, sha256: string, range?: ByteRange): Promise<Readable> {
  const handle = await open(contentPath(folder, sha256), 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Problem(404, `The contents of this artifact (sha256 ${sha256}) are no longer in the artifact folder.`);
  });
  return handle.createReadStream(range ? { start: range.start, end: range.end } : {});
}
