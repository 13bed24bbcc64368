// tests/exports/free-early.test.ts
// Purpose: after so many bytes from another thread, what is done with them is free without any other reason to look.
// Why: without that an export keeps 30 MB of pieces that were sent long ago.
// Relevant files: shared/heavy/free-early.ts, shared/heavy/wire.ts

import { expect, it } from 'vitest';
import { freeEarly } from '../../shared/heavy/free-early.ts';

const MIB = 1024 * 1024;
const PIECES = 10;

/** Nobody holds them. */
function leaveBehind(): void {
  for (let i = 0; i < PIECES; i += 1) structuredClone(new ArrayBuffer(MIB));
}

const held = (): number => process.memoryUsage().arrayBuffers;

it('frees what nobody holds, once enough has come', async () => {
  freeEarly(8 * MIB);
  const before = held();
  leaveBehind();
  expect(held()).toBeGreaterThanOrEqual(before + PIECES * MIB);
  freeEarly(MIB);
  freeEarly(8 * MIB);
  await expect.poll(held).toBeLessThan(before + MIB);
});
