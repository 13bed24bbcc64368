// shared/stats/correlation.ts
// Purpose: how two values go together: Pearson's r, Spearman's ρ with their p values, and the least-squares line.
// Why: a scatter plot shows it, these figures say it; they equal scipy's.
// Relevant files: shared/stats/ranks.ts, shared/stats/student.ts, runs/pictures/scatter.ts, tests/stats/correlation.test.ts

import { ranksOf } from './ranks.ts';
import { statsOf, sum } from './moments.ts';
import { studentTwoSided } from './student.ts';

export interface Correlation {
  /** Of pairs. */
  n: number;
  r: number;
  /** Two-sided, by Student's t with n − 2 degrees of freedom; null for two pairs, of which it says nothing. */
  p: number | null;
}

export interface Line {
  slope: number;
  intercept: number;
  /** The share of the variance of y that the line explains. */
  r2: number;
}

/** Deviations from the mean, divided by the largest, so that no square overflows or vanishes; null where nothing varies. */
function deviations(values: readonly number[]): { parts: number[]; mean: number; scale: number } | null {
  const stats = statsOf(values);
  if (!stats || stats.min === stats.max) return null;
  const parts = values.map((value) => value - stats.mean);
  const scale = parts.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  if (!(scale > 0 && scale < Infinity)) return null;
  return { parts: parts.map((part) => part / scale), mean: stats.mean, scale };
}

const dot = (x: readonly number[], y: readonly number[]): number => sum(x.map((one, place) => one * (y[place] ?? 0)));

/** Pearson's r of pairs of finite values; null for less than two, or where one of both does not vary. */
export function pearson(x: readonly number[], y: readonly number[]): Correlation | null {
  const [a, b] = [deviations(x), deviations(y)];
  if (!a || !b) return null;
  const raw = dot(a.parts, b.parts) / (Math.sqrt(dot(a.parts, a.parts)) * Math.sqrt(dot(b.parts, b.parts)));
  const [n, r] = [x.length, Math.max(-1, Math.min(1, raw))];
  if (n < 3) return { n, r, p: null };
  return { n, r, p: studentTwoSided(r * Math.sqrt((n - 2) / ((1 - r) * (1 + r))), n - 2) };
}

/** Spearman's ρ: Pearson's r of the ranks, equal values sharing the mean of their places. */
export function spearman(x: readonly number[], y: readonly number[]): Correlation | null {
  return pearson(ranksOf(x).ranks, ranksOf(y).ranks);
}

/** The line with the least squares of what is left in y; null where x does not vary, or where slope or intercept is beyond ±1.8e308. */
export function leastSquares(x: readonly number[], y: readonly number[]): Line | null {
  const [a, b] = [deviations(x), deviations(y)];
  if (!a) return null;
  if (!b) return y[0] === undefined || !Number.isFinite(y[0]) ? null : { slope: 0, intercept: y[0], r2: 0 };
  const both = dot(a.parts, b.parts);
  const slope = (both / dot(a.parts, a.parts)) * (b.scale / a.scale);
  const r = both / (Math.sqrt(dot(a.parts, a.parts)) * Math.sqrt(dot(b.parts, b.parts)));
  const intercept = b.mean - slope * a.mean;
  return Number.isFinite(slope) && Number.isFinite(intercept) ? { slope, intercept, r2: Math.min(1, r * r) } : null;
}
