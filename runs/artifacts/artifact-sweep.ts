// runs/artifacts/artifact-sweep.ts
// Purpose: removes contents that no artifact has any more, and what broken uploads left behind.
// Why: a checkpoint that is overwritten every epoch must not fill the disk.
// Relevant files: runs/artifacts/artifact-store.ts, runs/artifacts/artifact-queries.ts, runs/artifacts/artifact-routes.ts

import { unlinkSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '../../shared/db/store.ts';
import type { App } from '../../shared/http/types.ts';
import { isContentUsed, usedContents } from './artifact-queries.ts';
import { contentPath, PART } from './artifact-store.ts';

/** Younger contents may be about to be recorded, by this process or by an import. */
export const SWEEP_AFTER_MS = 60 * 60 * 1000;

const FIRST_SWEEP_MS = 60 * 1000;

/** Once soon after the start, then every hour, as long as the server runs. */
export function startSweeping(app: App): void {
  const sweep = (): void => {
    sweepArtifacts(app.store, app.settings.artifacts, Date.now() - SWEEP_AFTER_MS).catch((error: unknown) =>
      app.log.error(error),
    );
  };
  const timers = [setTimeout(sweep, FIRST_SWEEP_MS), setInterval(sweep, SWEEP_AFTER_MS)];
  for (const timer of timers) timer.unref();
  app.addHook('onClose', async () => timers.forEach(clearInterval));
}

/** Removes what is unused and was last written before `before` (ms since the epoch); returns how many files. */
export async function sweepArtifacts(store: Store, folder: string, before: number): Promise<number> {
  let removed = 0;
  const used = await usedContents(store.read);
  for await (const { file, sha256 } of filesOf(folder)) {
    if (sha256 !== undefined && used.has(sha256)) continue;
    if (!(await isOlder(file, before))) continue;
    if (sha256 === undefined) removed += unlinkQuietly(file);
    // In a transaction: nobody can record these contents between the question and the removal.
    else removed += await store.write(async (tx) => ((await isContentUsed(tx, sha256)) ? 0 : unlinkQuietly(file)));
  }
  return removed;
}

/** Contents with their sha256; unfinished uploads without. Anything else in the folder is not ours. */
async function* filesOf(folder: string): AsyncGenerator<{ file: string; sha256?: string }> {
  for (const entry of await readdir(folder).catch(() => [])) {
    if (entry.endsWith(PART)) yield { file: path.join(folder, entry) };
    if (!/^[0-9a-f]{2}$/.test(entry)) continue;
    for (const sha256 of await readdir(path.join(folder, entry))) {
      if (/^[0-9a-f]{64}$/.test(sha256)) yield { file: contentPath(folder, sha256), sha256 };
    }
  }
}

async function isOlder(file: string, before: number): Promise<boolean> {
  const facts = await stat(file).catch(() => undefined);
  return facts !== undefined && facts.mtimeMs < before;
}

function unlinkQuietly(file: string): number {
  try {
    unlinkSync(file);
    return 1;
  } catch {
    // Removed meanwhile, or not ours to remove: the next sweep tries again.
    return 0;
  }
}
