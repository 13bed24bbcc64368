// imports/random.ts
// Purpose: repeatable random numbers, and ids made from a name.
// Why: made-up runs must be the same every time, or nothing measured or tested with them could be compared.
// Relevant files: imports/seed-training.ts, imports/synthetic.ts

import { createHash } from 'node:crypto';

export type Random = () => number;

/** Uniform in [0, 1). Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for made-up curves. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal, mean 0, deviation 1 (Box and Muller, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** 32 hex digits, the same for the same name. */
export function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
