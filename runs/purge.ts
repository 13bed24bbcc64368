// runs/purge.ts
// Purpose: the worker that removes for ever what was asked for: step by step, with pauses, and on after a restart.
// Why: a run of ten million points goes while others log: a step holds the writer for milliseconds, a pause gives it back.
// Relevant files: runs/purge-changes.ts, runs/purge-routes.ts, runs/purge-command.ts, shared/db/steps.ts

import { setTimeout } from 'node:timers/promises';
import { stepEnd } from '../shared/db/steps.ts';
import type { Store } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { purgeStep } from './purge-changes.ts';

/** A pause is so many times as long as the step before it, with waiting and commit, and not shorter than this. */
const PAUSE_FACTOR = 2;
const PAUSE_MIN_MS = 10;
/** Open pages hear of progress so often. */
const TELL_MS = 1_000;
/** Another process may have asked, or ended in the middle. */
const LOOK_MS = 60_000;
/** After an error (disk full, too much waits). */
const RETRY_MS = 5_000;

/** Removes all that was asked for, by any process, until nothing is left or `signal` says so. */
export async function purgeAll(store: Store, signal: AbortSignal, onStep: () => unknown = () => null): Promise<void> {
  let told = 0;
  for (let more = true; more && !signal.aborted;) {
    const start = performance.now();
    const tell = start - told >= TELL_MS;
    more = await store.write((tx) => purgeStep(tx, stepEnd(), tell));
    if (tell) told = start;
    await onStep();
    if (more) await pause(Math.max(PAUSE_MIN_MS, (performance.now() - start) * PAUSE_FACTOR), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

const workers = new WeakMap<Store, () => void>();

/** Says that something was asked for. Where no server runs it is done by the next one that starts. */
export function wakePurge(store: Store): void {
  workers.get(store)?.();
}

/** Works as long as the server runs; a stop waits for the step that is being done. */
export function startPurging(app: App): void {
  const ending = new AbortController();
  let [working, again]: [Promise<void> | undefined, boolean] = [undefined, false];
  const wake = (): void => {
    again = true;
    working ??= work().finally(() => (working = undefined));
  };
  const work = async (): Promise<void> => {
    while (again && !ending.signal.aborted) {
      again = false;
      try {
        await purgeAll(app.store, ending.signal);
      } catch (error) {
        app.log.error(error, 'what is to be removed for ever waits: it is tried again');
        again = true;
        await pause(RETRY_MS, ending.signal);
      }
    }
  };
  workers.set(app.store, wake);
  app.addHook('onReady', async () => wake());
  const timer = setInterval(wake, LOOK_MS).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    workers.delete(app.store);
    ending.abort();
    await working;
  });
}
