// runs/artifacts/folder-contents.ts
// Purpose: contents of artifacts in a folder of this machine, named by their sha256.
// Why: the embedded default: no name of a user ever becomes a path on disk, and half an upload is never seen.
// Relevant files: runs/artifacts/contents.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-sweep.ts

import { randomUUID } from 'node:crypto';
import { statSync, unlinkSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { plural } from '../../shared/format.ts';
import {
  checkSha256,
  contentsGone,
  Intake,
  type ByteRange,
  type Contents,
  type ContentSource,
  type Received,
  type SavedContent,
} from './contents.ts';

/** Unfinished uploads end like this. */
const PART = '.part';

/** `<folder>/3f/3f2a…` */
export function contentPath(folder: string, sha256: string): string {
  return path.join(folder, checkSha256(sha256).slice(0, 2), sha256);
}

export class FolderContents implements Contents {
  readonly place: string;

  constructor(folder: string) {
    this.place = folder;
  }

  async receive(source: ContentSource, limit: number): Promise<Received> {
    await mkdir(this.place, { recursive: true });
    const temporary = path.join(this.place, `${randomUUID()}${PART}`);
    const discard = (): Promise<void> => rm(temporary, { force: true });
    try {
      const saved = await writeHashed(temporary, source, limit);
      return { ...saved, keep: () => moveInto(this.place, temporary, saved), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  /** The file is open already when the stream comes. */
  async open(sha256: string, { range }: { range?: ByteRange | undefined } = {}): Promise<Readable> {
    const handle = await open(contentPath(this.place, sha256), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? contentsGone(sha256, 'folder') : error;
    });
    return handle.createReadStream(range ? { start: range.start, end: range.end } : {});
  }

  sizeOf(sha256: string): Promise<number | undefined> {
    return Promise.resolve(statSync(contentPath(this.place, sha256), { throwIfNoEntry: false })?.size);
  }

  remove(sha256: string, before: number): Promise<boolean> {
    return Promise.resolve(removeOlder(contentPath(this.place, sha256), before));
  }

  async removeParts(before: number): Promise<number> {
    const parts = (await readdir(this.place).catch(() => [])).filter((entry) => entry.endsWith(PART));
    return parts.filter((part) => removeOlder(path.join(this.place, part), before)).length;
  }

  /** Made when it is needed, beside the database: a folder that cannot be written is said by the database. */
  check(): Promise<void> {
    return Promise.resolve();
  }
}

async function writeHashed(file: string, source: ContentSource, limit: number): Promise<SavedContent> {
  const intake = new Intake();
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of intake.chunks(source, limit)) await writeAll(handle, chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return intake.saved();
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, done);
    done += bytesWritten;
  }
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

/** The folder may be another database's too, whose sweep leaves what is young. False: it has just been removed. */
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

/** Synchronous: an upload of the same contents makes them young, and must not do so between the two steps. */
function removeOlder(file: string, before: number): boolean {
  try {
    const facts = statSync(file, { throwIfNoEntry: false });
    if (facts && facts.mtimeMs >= before) return false;
    if (facts) unlinkSync(file);
    return true;
  } catch {
    // Not ours to remove, or the disk fails: the next sweep tries again.
    return false;
  }
}

/** What a start says of uploads that never ended; the sweep removes what they left. */
export async function findParts(folder: string): Promise<string | undefined> {
  const parts = (await readdir(folder).catch(() => [])).filter((entry) => entry.endsWith(PART)).length;
  if (parts === 0) return undefined;
  return `${plural(parts, 'upload')} of artifacts never ended: what is left is removed an hour after it came.`;
}
