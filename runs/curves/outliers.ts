// runs/curves/outliers.ts
// Purpose: where the value axis ends when outliers are clipped, and which values lie beyond, in words.
// Why: one spike flattens a whole chart; what is cut off must be said, never just be gone.
// Relevant files: runs/curves/chart-axes.ts, runs/curves/chart-words.ts, runs/curves/curves.ts

import { formatNumber, formatStep, middle, plural } from '../../shared/format.ts';
import { Outliers, Scale, type ChartSettings } from './chart-settings.ts';
import type { Curve, CurveBucket } from './curves.ts';

export interface Fence {
  low: number;
  high: number;
}

/** Tukey's "far out": so many interquartile ranges beyond the quartiles. */
const RANGES = 3;

/** Null where nothing is clipped: not asked for, or no value lies beyond. */
export function fenceOf(curves: readonly Curve[], { outliers, scale }: ChartSettings): Fence | null {
  if (outliers !== Outliers.Clipped) return null;
  const isShown = (value: number | null): value is number => value !== null && (scale !== Scale.Log || value > 0);
  const buckets = curves.flatMap((curve) => curve.buckets);
  const means = buckets.map(({ mean }) => mean).filter(isShown).sort((a, b) => a - b); // prettier-ignore
  return fenceAround(means, buckets.flatMap(({ min, mean, max }) => [min, mean, max]).filter(isShown)); // prettier-ignore
}

/** `sorted`: what the quartiles are of; `all`: what is drawn. Null where none of it lies far out. */
export function fenceAround(sorted: readonly number[], all: readonly number[]): Fence | null {
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = RANGES * (upper - lower);
  // More than half are equal: every other value would be an outlier.
  if (!(reach > 0) || !Number.isFinite(reach)) return null;
  const [from, to] = [lower - reach, upper + reach];
  const inside = all.filter((value) => value >= from && value <= to);
  if (inside.length === all.length) return null;
  // Only as far as there are values: an axis is never longer for being clipped.
  let [low, high] = [Infinity, -Infinity];
  for (const value of inside) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return { low, high };
}

/** Linear between neighbours (Hyndman & Fan's type 7); of sorted values. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return below + (above - below) * (at - Math.floor(at));
}

/** `Clipped at 0.12 to 2.3: 3 of 320 points lie beyond, the furthest 1e9 at step 512 (adam).` */
export function clippedWords(curves: readonly Curve[], settings: ChartSettings): string[] {
  const fence = fenceOf(curves, settings);
  if (!fence) return settings.outliers === Outliers.Clipped ? ['Clipping: no value lies far out.'] : [];
  const beyond = curves.flatMap((curve) =>
    curve.buckets.filter((bucket) => farOf(bucket, fence) !== null).map((bucket) => ({ curve, bucket })),
  );
  const all = curves.reduce((sum, { buckets }) => sum + buckets.length, 0);
  const several = curves.some(({ buckets }) => buckets.some(({ count }) => count > 1));
  const far = (bucket: CurveBucket): number => Math.abs((farOf(bucket, fence) ?? fence.low) - fence.low);
  const [furthest] = beyond.toSorted((a, b) => far(b.bucket) - far(a.bucket));
  if (!furthest) return [];
  const { from_step: from, to_step: to } = furthest.bucket;
  const where = from === to ? `step ${formatStep(from)}` : `steps ${formatStep(from)} to ${formatStep(to)}`;
  const who = curves.length > 1 ? ` (${middle(furthest.curve.run.name, 40)})` : '';
  return [
    `Clipped at ${formatNumber(fence.low)} to ${formatNumber(fence.high)}: ${beyond.length} of ` +
      `${plural(all, several ? 'stretch' : 'point', several ? 'stretches' : 'points')} ${beyond.length === 1 ? 'reaches' : 'reach'} beyond, ` +
      `the furthest to ${formatNumber(farOf(furthest.bucket, fence))} at ${where}${who}; held at the edge.`,
  ];
}

/** The value of a bucket that lies beyond, the further one of two; null: none does. */
function farOf({ min, max }: CurveBucket, { low, high }: Fence): number | null {
  const [down, up] = [min !== null && min < low ? low - min : 0, max !== null && max > high ? max - high : 0];
  if (down === 0 && up === 0) return null;
  return up >= down ? max : min;
}
