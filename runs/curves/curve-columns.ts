// runs/curves/curve-columns.ts
// Purpose: the buckets of a curve as columns of numbers: what a page's script asks for.
// Why: a hundred lines are written, sent and read in a third of the bytes; names are not repeated, what says nothing is left out.
// Relevant files: runs/curves/curve-json.ts, runs/curves/curve-schemas.ts, shared/static/chart-data.js

import type { CurveBucket } from './curves.ts';

/** One number for each bucket; null where no value is finite. */
type Column = (number | null)[];

/** `from_step` is left out where it is x; `to_step` where it is from_step; `min`, `max` where they are the mean; the others where all are null or 0. */
export interface Columns {
  x: number[];
  mean: Column;
  from_step?: number[];
  to_step?: number[];
  min?: Column;
  max?: Column;
  smoothed?: Column;
  nonfinite_count?: number[];
  nan_count?: number[];
  inf_count?: number[];
}

export function columnsOf(buckets: readonly CurveBucket[]): Columns {
  const columns: Columns = { x: buckets.map(({ x }) => x), mean: buckets.map(({ mean }) => mean) };
  if (buckets.some(({ x, from_step }) => x !== from_step)) columns.from_step = buckets.map((one) => one.from_step);
  if (buckets.some(({ from_step, to_step }) => from_step !== to_step))
    columns.to_step = buckets.map((one) => one.to_step);
  if (buckets.some(({ min, mean }) => min !== mean)) columns.min = buckets.map(({ min }) => min);
  if (buckets.some(({ max, mean }) => max !== mean)) columns.max = buckets.map(({ max }) => max);
  if (buckets.some(({ smoothed }) => smoothed !== null)) columns.smoothed = buckets.map(({ smoothed }) => smoothed);
  if (buckets.every(({ nonfinite_count: none }) => none === 0)) return columns;
  return {
    ...columns,
    nonfinite_count: buckets.map((one) => one.nonfinite_count),
    nan_count: buckets.map((one) => one.nan_count),
    inf_count: buckets.map((one) => one.inf_count),
  };
}
