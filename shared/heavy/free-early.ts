// shared/heavy/free-early.ts
// Purpose: has V8 look for young objects that are done with, once so many bytes have come from another thread.
// Why: bytes that come by transfer do not count as young: V8 would leave 30 MB of them lying before it looks.
// Relevant files: shared/heavy/wire.ts, shared/setup/run.js, ARCHITECTURE.md

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A look takes about a millisecond. */
const LOOK_AFTER = 8 * 1024 * 1024;

let waiting = 0;
let look: (() => void) | undefined;

/** `bytes` more have been given on and are soon done with. */
export function freeEarly(bytes: number): void {
  waiting += bytes;
  if (waiting < LOOK_AFTER) return;
  waiting = 0;
  look ??= lookOf();
  look();
}

/** V8 shows its collector to code that is made while it is asked to; where it does not, it looks when it likes. */
function lookOf(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('typeof gc === "function" ? gc : () => undefined') as (options: {
    type: 'minor';
  }) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'minor' });
}
