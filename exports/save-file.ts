// exports/save-file.ts
// Purpose: writes a stream to a file that is either whole or not there.
// Why: a half export under its final name would be read as a whole one.
// Relevant files: exports/command.ts

import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** To a hidden file beside `file`, flushed to the disk, then renamed over it. On an error nothing is left. */
export async function saveFile(body: Readable, file: string, signal: AbortSignal): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const part = path.join(folder, `.export-${randomBytes(6).toString('hex')}.part`);
  try {
    await pipeline(body, createWriteStream(part, { flags: 'wx', flush: true }), { signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

/** The new name is on the disk only when the folder is. Windows opens no folders and needs no flush. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
