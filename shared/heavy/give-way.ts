// shared/heavy/give-way.ts
// Purpose: lets a heavy read rest now and then while the thread that answers is busy.
// Why: reader, receiver and the thread that answers want the same cores; who logs must not wait for who takes all data out.
// Relevant files: shared/heavy/wire.ts, shared/heavy/serve.ts, ARCHITECTURE.md

import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/** Of 64 KiB each, read in about 5 ms: a busy server gives a reader a third of a core. */
const PIECES = 4;
const REST_MS = 12;
/** A read alone keeps this thread busy for a third of the time. */
const BUSY = 0.7;

/** Call what it returns before each piece is asked for. */
export function pacer(): () => Promise<void> {
  let since = performance.eventLoopUtilization();
  let count = 0;
  return async () => {
    count += 1;
    if (count % PIECES > 0) return;
    if (performance.eventLoopUtilization(since).utilization > BUSY) await setTimeout(REST_MS);
    since = performance.eventLoopUtilization();
  };
}
