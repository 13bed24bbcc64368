// shared/stats/bootstrap.ts
// Purpose: bootstrap of means: resampled means, percentile and BCa intervals of a difference, the chance of being best.
// Why: an interval and a ranking that assume no shape of the noise.
// Relevant files: shared/stats/random.ts, shared/stats/normal.ts, tests/stats/references.test.ts

import { sum } from './moments.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { randomFrom } from './random.ts';

const TWO_32 = 2 ** 32;

/** Means of `times` samples, drawn with replacement and as large as the sample (Efron, Annals of Statistics 7, 1979). */
export function resampledMeans(values: readonly number[], times: number, seed: number): Float64Array {
  const random = randomFrom(seed);
  const n = values.length;
  const means = new Float64Array(times);
  for (let time = 0; time < times; time++) {
    let total = 0;
    // Uneven by less than n / 2³².
    for (let drawn = 0; drawn < n; drawn++) total += values[Math.floor((random() * n) / TWO_32)] ?? 0;
    means[time] = total / n;
  }
  return means;
}

export interface Sample {
  values: readonly number[];
  means: Float64Array;
}

export interface BootstrapInterval {
  percentile: [number, number];
  /** Null where it does not exist: no spread, or all resamples on one side. */
  bca: [number, number] | null;
}

/**
 * Intervals of mean(x) − mean(y) from means resampled independently. Percentile: quantiles of the differences. BCa: the quantiles moved by the bias
 * z₀ and the acceleration a of the jackknife over both groups (Efron, Tibshirani, An Introduction to the Bootstrap, 1993, eq. 14.10
 * and 15.36). Assumes independent values. Of few values (below about ten) both are too narrow: the samples vary less than new runs would.
 */
export function bootstrapInterval(x: Sample, y: Sample, confidence = 0.95): BootstrapInterval | null {
  if (x.values.length < 2 || y.values.length < 2) return null;
  const differences = x.means.map((mean, time) => mean - (y.means[time] ?? NaN)).sort();
  const tail = (1 - confidence) / 2;
  const percentile: [number, number] = [quantile(differences, tail), quantile(differences, 1 - tail)];
  const bias = normalQuantile(shareBelow(differences, meanOf(x.values) - meanOf(y.values)));
  const a = acceleration([x.values, y.values]);
  const moved = (z: number): number => normalCdf(bias + (bias + z) / (1 - a * (bias + z)));
  const [low, high] = [moved(normalQuantile(tail)), moved(normalQuantile(1 - tail))];
  const isThere = Number.isFinite(low) && Number.isFinite(high) && Number.isFinite(bias);
  return { percentile, bca: isThere ? [quantile(differences, low), quantile(differences, high)] : null };
}

/** Below, and half of those that are equal but for rounding. */
function shareBelow(sorted: Float64Array, value: number): number {
  const near = 1e-12 * Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0), Math.abs(value));
  let twice = 0;
  for (const one of sorted) twice += one < value - near ? 2 : one <= value + near ? 1 : 0;
  return twice / (2 * sorted.length);
}

/** Of the difference of two means each value's pull is its distance from the mean; the second group's with the other sign. */
function acceleration([x, y]: [readonly number[], readonly number[]]): number {
  const moment = (values: readonly number[], power: number): number => {
    const mean = meanOf(values);
    return sum(values.map((value) => (value - mean) ** power)) / values.length ** power;
  };
  return (moment(x, 3) - moment(y, 3)) / 6 / (moment(x, 2) + moment(y, 2)) ** 1.5;
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Linear between the two values around it (type 7 of Hyndman and Fan, The American Statistician 50, 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [from, to] = [sorted[below] ?? NaN, sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN];
  return from + (to - from) * (place - below);
}

/** Of each sample: in which share of the resamples its mean is the largest (or least); equal ones share. */
export function chanceOfBest(means: readonly Float64Array[], isLargest: boolean): number[] {
  const times = means[0]?.length ?? 0;
  const wins = means.map(() => 0);
  for (let time = 0; time < times; time++) {
    let best = isLargest ? -Infinity : Infinity;
    let winners: number[] = [];
    for (const [place, one] of means.entries()) {
      const mean = one[time] ?? NaN;
      if (mean === best) winners.push(place);
      else if (isLargest ? mean > best : mean < best) [best, winners] = [mean, [place]];
    }
    for (const place of winners) wins[place] = (wins[place] ?? 0) + 1 / winners.length;
  }
  return wins.map((count) => count / times);
}
