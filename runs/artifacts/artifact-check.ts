// runs/artifacts/artifact-check.ts
// Purpose: finds contents of artifacts that are missing, cut off or changed where they are kept.
// Why: rows and contents are kept apart, and a restored database may be newer or older than its contents.
// Relevant files: runs/doctor.ts, runs/artifacts/contents.ts

import { createHash } from 'node:crypto';
import type { Contents, SavedContent } from './contents.ts';

/** Looked at side by side: S3 answers each after some milliseconds. */
const AT_ONCE = 20;

/** `deep`: reads them and compares their sha256, not only the size. */
export async function brokenContents(contents: Contents, some: SavedContent[], deep: boolean): Promise<string[]> {
  const places: (string | undefined)[] = [];
  for (let at = 0; at < some.length; at += AT_ONCE) {
    const portion = some.slice(at, at + AT_ONCE);
    places.push(...(await Promise.all(portion.map((one) => mistakeOf(contents, one, deep)))));
  }
  return places.filter((place) => place !== undefined);
}

async function mistakeOf(
  contents: Contents,
  { sha256, size }: SavedContent,
  deep: boolean,
): Promise<string | undefined> {
  const found = await contents.sizeOf(sha256);
  if (found === undefined) return `${sha256}: missing`;
  if (found !== size) return `${sha256}: ${found} bytes instead of ${size}`;
  return deep && (await hashOf(contents, sha256)) !== sha256 ? `${sha256}: changed on disk` : undefined;
}

async function hashOf(contents: Contents, sha256: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await contents.open(sha256)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
