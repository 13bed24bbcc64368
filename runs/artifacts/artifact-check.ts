// runs/artifacts/artifact-check.ts
// Purpose: finds contents of artifacts that are missing, cut off or changed on disk.
// Why: rows and files are kept apart, and a restored database may be newer or older than its folder.
// Relevant files: runs/doctor.ts, runs/artifacts/artifact-store.ts

import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { contentPath } from './artifact-store.ts';

/** `deep`: reads them and compares their sha256, not only the size. */
export async function brokenContents(
  folder: string,
  contents: { sha256: string; size: number }[],
  deep: boolean,
): Promise<string[]> {
  const places: string[] = [];
  for (const { sha256, size } of contents) {
    const file = contentPath(folder, sha256);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) places.push(`${sha256}: missing`);
    else if (found.size !== size) places.push(`${sha256}: ${found.size} bytes instead of ${size}`);
    else if (deep && (await hashOf(file)) !== sha256) places.push(`${sha256}: changed on disk`);
  }
  return places;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
