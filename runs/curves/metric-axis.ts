// runs/curves/metric-axis.ts
// Purpose: where the buckets of one metric lie on an axis that is another metric of the same run.
// Why: a loss over tokens seen, or accuracy over loss: two series that share nothing but their steps.
// Relevant files: runs/curves/curves.ts, runs/buckets.ts

import type { Bucket } from '../buckets.ts';

/**
 * For each bucket: the mean of the other metric's finite values in buckets that share steps with it, else the last one
 * before it. Null: there was none yet. Both by rising step.
 */
export function placesByMetric(buckets: readonly Bucket[], axis: readonly Bucket[]): (number | null)[] {
  const finite = axis.filter(({ mean }) => mean !== null);
  let first = 0;
  return buckets.map((bucket) => {
    while (first < finite.length && (finite[first]?.to_step ?? 0) < bucket.from_step) first += 1;
    let [total, mean] = [0, 0];
    for (let at = first; at < finite.length && (finite[at]?.from_step ?? 0) <= bucket.to_step; at += 1) {
      const { count, nonfinite_count: broken, mean: value } = finite[at] ?? bucket;
      const weight = count - broken;
      total += weight;
      // A mean of the two: no sum that could overflow.
      mean += (value ?? 0) * (weight / total) - mean * (weight / total);
    }
    return total > 0 ? mean : (finite[first - 1]?.mean ?? null);
  });
}
