// shared/db/postgres-arrays.ts
// Purpose: columns of numbers as PostgreSQL's arrays in its binary format: bound values for `unnest`.
// Why: a batch has thousands of numbers; as text, writing and reading their digits costs more than sending them.
// Relevant files: runs/point-rows.ts, runs/series-state.ts, shared/db/postgres-db.ts

const INT8 = 20;
const FLOAT8 = 701;
const HEAD_BYTES = 20;
/** Its length, then the number. */
const ITEM_BYTES = 12;
const IS_NULL = -1;

/** A `bigint[]`. Whole numbers within ±2^53. */
export function bigints(values: readonly (number | null)[]): Buffer {
  return arrayOf(INT8, values, (bytes, value, at) => {
    bytes.writeInt32BE(Math.floor(value / 2 ** 32), at);
    bytes.writeUInt32BE(value >>> 0, at + 4);
  });
}

/** A `double precision[]`. */
export function doubles(values: readonly (number | null)[]): Buffer {
  return arrayOf(FLOAT8, values, (bytes, value, at) => bytes.writeDoubleBE(value, at));
}

type Put = (bytes: Buffer, value: number, at: number) => void;

function arrayOf(type: number, values: readonly (number | null)[], put: Put): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + ITEM_BYTES * values.length);
  let at = 0;
  // One dimension; there may be nulls; of this type; so many; the first one is number 1.
  for (const field of [1, 1, type, values.length, 1]) at = bytes.writeInt32BE(field, at);
  for (const value of values) {
    at = bytes.writeInt32BE(value === null ? IS_NULL : 8, at);
    if (value === null) continue;
    put(bytes, value, at);
    at += 8;
  }
  return bytes.subarray(0, at);
}
