// shared/http/background.ts
// Purpose: work that goes on beside requests: woken when there is some, tried again after an error, ended with the server.
// Why: removing runs and counting ranks are done by such workers; how one starts, rests and stops is written once.
// Relevant files: runs/purge.ts, runs/rules/recount-ranks.ts, shared/db/steps.ts

import { setTimeout } from 'node:timers/promises';
import type { Store } from '../db/store.ts';
import type { App } from './types.ts';

/** A pause is so many times as long as the step before it, with waiting and commit, and not shorter than this. */
const PAUSE_FACTOR = 2;
const PAUSE_MIN_MS = 10;
/** Another process may have asked, or ended in the middle. */
const LOOK_MS = 60_000;
/** After an error (disk full, too much waits). */
const RETRY_MS = 5_000;

/** Gives the writer back after a step that began at `start` (of `performance.now()`). */
export async function pauseAfter(start: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(PAUSE_MIN_MS, (performance.now() - start) * PAUSE_FACTOR), signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

export interface Background {
  /** Does all there is to do until `signal` says so. */
  work: (store: Store, signal: AbortSignal) => Promise<void>;
  /** For the log, when an error puts it off. */
  waits: string;
}

/** Works as long as the server runs; a stop waits for the step that is being done. The answer wakes it, and waits until it rests. */
export function startBackground(app: App, { work, waits }: Background): () => Promise<void> {
  const ending = new AbortController();
  let [working, again]: [Promise<void> | undefined, boolean] = [undefined, false];
  const wake = (): Promise<void> => {
    again = true;
    return (working ??= all().finally(() => (working = undefined)));
  };
  const all = async (): Promise<void> => {
    while (again && !ending.signal.aborted) {
      again = false;
      try {
        await work(app.store, ending.signal);
      } catch (error) {
        app.log.error(error, waits);
        again = true;
        await pause(RETRY_MS, ending.signal);
      }
    }
  };
  app.addHook('onReady', async () => void wake());
  const timer = setInterval(() => void wake(), LOOK_MS).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    ending.abort();
    await working;
  });
  return wake;
}
