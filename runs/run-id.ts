// runs/run-id.ts
// Purpose: the id of a new run: 32 hex digits that rise from one to the next, and that nobody can guess.
// Why: rows kept under ids go behind those before them, so a new run writes the same few pages whatever is there already.
// Relevant files: runs/changes.ts, runs/models.ts

import { randomFillSync } from 'node:crypto';

/** What the first eight digits count: so fine that they tell runs apart, and round again after 17 years only. */
const MOMENT_MS = 128;
const MOMENTS = 2 ** 32;
/** The next four digits count the runs of a moment. */
const WITHIN_MAX = 2 ** 16;
/** 80 random bits: two processes that begin runs in one moment make different ids. */
const RANDOM_BYTES = 10;
/** Asked for many ids at once: asking costs 10 us each time, whatever for. */
const pool = Buffer.alloc(128 * RANDOM_BYTES);
let used = pool.length;

let last = { moment: 0, within: 0 };

export function newRunId(now: number): string {
  const moment = Math.floor(now / MOMENT_MS) % MOMENTS;
  last = { moment, within: moment === last.moment ? (last.within + 1) % WITHIN_MAX : 0 };
  return hex(moment, 8) + hex(last.within, 4) + randomHex();
}

function randomHex(): string {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + RANDOM_BYTES);
  // Nobody who reads this memory later learns an id from it.
  pool.fill(0, used, (used += RANDOM_BYTES));
  return text;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
