// runs/artifacts/artifact-sweep.ts
// Purpose: removes contents that artifacts lost and none has any more, and what broken uploads left behind.
// Why: a checkpoint that is overwritten every epoch must not fill the disk, and a sweep must not take what is not ours.
// Relevant files: runs/artifacts/artifact-store.ts, runs/artifacts/artifact-queries.ts, runs/artifacts/artifact-routes.ts

import { statSync, unlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Db, Store } from '../../shared/db/store.ts';
import type { App } from '../../shared/http/types.ts';
import { forgetDropped, isContentUsed, listDropped } from './artifact-queries.ts';
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

/**
 * Removes what was dropped, is unused and was last written before `before` (ms since the epoch); returns how many files.
 * Contents that this database never had are left alone: the folder may be another database's too.
 */
export async function sweepArtifacts(store: Store, folder: string, before: number): Promise<number> {
  let removed = 0;
  for (const sha256 of await listDropped(store.read, before)) {
    // In a transaction: nobody can record these contents between the question and the removal.
    removed += await store.write((tx) => sweepOne(tx, contentPath(folder, sha256), sha256, before));
  }
  for (const entry of await readdir(folder).catch(() => [])) {
    if (entry.endsWith(PART) && removeOlder(path.join(folder, entry), before) === Fate.Removed) removed += 1;
  }
  return removed;
}

async function sweepOne(tx: Db, file: string, sha256: string, before: number): Promise<number> {
  const fate = (await isContentUsed(tx, sha256)) ? Fate.Used : removeOlder(file, before);
  if (fate !== Fate.Kept) await forgetDropped(tx, sha256);
  return fate === Fate.Removed ? 1 : 0;
}

const Fate = { Used: 'used', Removed: 'removed', Absent: 'absent', Kept: 'kept' } as const;
type Fate = (typeof Fate)[keyof typeof Fate];

/** Synchronous: an upload of the same contents makes them young, and must not do so between the two steps. */
function removeOlder(file: string, before: number): Fate {
  try {
    const facts = statSync(file, { throwIfNoEntry: false });
    if (!facts) return Fate.Absent;
    if (facts.mtimeMs >= before) return Fate.Kept;
    unlinkSync(file);
    return Fate.Removed;
  } catch {
    // Not ours to remove, or the disk fails: the next sweep tries again.
    return Fate.Kept;
  }
}
