// runs/purge.ts
// Purpose: the worker that removes for ever what was asked for: step by step, with pauses, and on after a restart.
// Why: a run of ten million points goes while others log: a step holds the writer for milliseconds, a pause gives it back.
// Relevant files: runs/purge-changes.ts, runs/purge-routes.ts, runs/purge-command.ts, shared/http/background.ts

import { stepEnd } from '../shared/db/steps.ts';
import type { Store } from '../shared/db/store.ts';
import { pauseAfter, startBackground } from '../shared/http/background.ts';
import type { App } from '../shared/http/types.ts';
import { purgeStep } from './purge-changes.ts';

/** Open pages hear of progress so often. */
const TELL_MS = 1_000;

/** Removes all that was asked for, by any process, until nothing is left or `signal` says so. */
export async function purgeAll(store: Store, signal: AbortSignal, onStep: () => unknown = () => null): Promise<void> {
  let told = 0;
  for (let more = true; more && !signal.aborted;) {
    const start = performance.now();
    const tell = start - told >= TELL_MS;
    more = await store.write((tx) => purgeStep(tx, stepEnd(), tell));
    if (tell) told = start;
    await onStep();
    if (more) await pauseAfter(start, signal);
  }
}

const workers = new WeakMap<Store, () => unknown>();

/** Says that something was asked for. Where no server runs it is done by the next one that starts. */
export function wakePurge(store: Store): void {
  workers.get(store)?.();
}

/** Works as long as the server runs; a stop waits for the step that is being done. */
export function startPurging(app: App): void {
  const wake = startBackground(app, {
    work: (store, signal) => purgeAll(store, signal),
    waits: 'what is to be removed for ever waits: it is tried again',
  });
  workers.set(app.store, wake);
  app.addHook('onClose', async () => void workers.delete(app.store));
}
