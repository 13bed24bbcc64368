// tests/support/random.ts
// Purpose: random numbers that are the same on every machine.
// Why: a property test that fails must fail again.
// Relevant files: tests/runs/rollups.test.ts, tests/runs/log-body.test.ts

/** mulberry32: numbers from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
