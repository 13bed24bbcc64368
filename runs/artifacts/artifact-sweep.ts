// runs/artifacts/artifact-sweep.ts
// Purpose: removes contents that artifacts lost and none has any more, and what broken uploads left behind.
// Why: a checkpoint that is overwritten every epoch must not fill the disk, and a sweep must not take what is not ours.
// Relevant files: runs/artifacts/artifact-store.ts, runs/artifacts/dropped-changes.ts, runs/artifacts/artifact-routes.ts

import type { Store } from '../../shared/db/store.ts';
import type { App } from '../../shared/http/types.ts';
import { checkContents, contentsAt } from './artifact-store.ts';
import type { Contents } from './contents.ts';
import { claimDropped, settleClaimed } from './dropped-changes.ts';

/** Younger contents may be about to be recorded, by any process. */
export const SWEEP_AFTER_MS = 60 * 60 * 1000;

const FIRST_SWEEP_MS = 60 * 1000;
/** So many are removed side by side, and make one short transaction before and one after. */
const PORTION = 20;

/** Once soon after the start, then every hour, as long as the server runs. */
export function startSweeping(app: App): void {
  const contents = contentsAt(app.settings.artifacts);
  const sweep = (): void => {
    sweepArtifacts(app.store, contents, Date.now() - SWEEP_AFTER_MS).catch((error: unknown) => app.log.error(error));
  };
  const timers = [setTimeout(sweep, FIRST_SWEEP_MS), setInterval(sweep, SWEEP_AFTER_MS)];
  for (const timer of timers) timer.unref();
  app.addHook('onClose', async () => timers.forEach(clearInterval));
}

/**
 * Removes what was dropped before `before` (ms since the epoch) and is unused; returns how many. Several processes may
 * sweep at once. Contents that this database never had are left alone: a folder may be another database's too.
 */
export async function sweepArtifacts(store: Store, contents: Contents, before: number): Promise<number> {
  await checkContents(store, contents);
  let removed = 0;
  for (;;) {
    const claimed = await store.write((tx) => claimDropped(tx, before, Date.now(), PORTION));
    if (!claimed) return removed + (await contents.removeParts(before));
    // Outside of any transaction: nobody waits for a slow disk or another machine. What fails stays claimed, for later.
    const gone = await Promise.all(claimed.map((sha256) => contents.remove(sha256, before)));
    await store.write(async (tx) => {
      for (const [i, sha256] of claimed.entries()) await settleClaimed(tx, sha256, gone[i] === true, Date.now());
    });
    removed += gone.filter(Boolean).length;
  }
}
