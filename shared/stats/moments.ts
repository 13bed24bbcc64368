// shared/stats/moments.ts
// Purpose: mean, standard deviation, least and largest of a few values.
// Why: what a table of groups claims and every test stands on; plain arithmetic, apart from where the values come from.
// Relevant files: runs/groups/group-stats.ts, shared/stats/welch.ts, tests/runs/group-stats.test.ts

export interface Stats {
  /** How many values. */
  n: number;
  mean: number;
  /** Of the sample, with n − 1; null for a single value. */
  std: number | null;
  min: number;
  max: number;
}

/**
 * Of finite values, in their unit; null for none. In two passes with compensated sums (Neumaier, ZAMM 54, 1974; the second pass
 * after Chan, Golub, LeVeque, The American Statistician 37(3), 1983), scaled by the largest value so that nothing overflows.
 */
export function statsOf(values: ArrayLike<number>): Stats | null {
  const n = values.length;
  if (n === 0) return null;
  let [min, max] = [Infinity, -Infinity];
  for (let at = 0; at < n; at += 1) {
    min = Math.min(min, values[at] ?? NaN);
    max = Math.max(max, values[at] ?? NaN);
  }
  if (min === max) return { n, mean: min, std: n === 1 ? null : 0, min, max };
  // A power of two: multiplying by it rounds nothing.
  const scale = 2 ** Math.floor(Math.log2(Math.max(Math.abs(min), Math.abs(max)) || 1));
  const scaled = Float64Array.from(values, (value) => value / scale);
  const rough = sum(scaled) / n;
  const mean = rough + sum(scaled.map((value) => value - rough)) / n;
  const apart = scaled.map((value) => value - mean);
  const squares = sum(apart.map((value) => value ** 2)) - sum(apart) ** 2 / n;
  return { n, mean: mean * scale, std: Math.sqrt(Math.max(0, squares) / (n - 1)) * scale, min, max };
}

/** Compensated (Neumaier). */
export function sum(values: ArrayLike<number>): number {
  let [total, lost] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** What statistics are made of: NaN and ±Infinity are left out, here and in every test of this folder. */
export function finite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite);
}

export type Spread = Stats & { std: number };

/** Both groups as they are measured, or null where nothing is known of the noise: a group of less than two, or no variance in either. */
export function spreadsOf(x: readonly number[], y: readonly number[]): [Spread, Spread] | null {
  return spreadsOfStats(statsOf(finite(x)), statsOf(finite(y)));
}

/** The same of groups that are measured already. */
export function spreadsOfStats(a: Stats | null, b: Stats | null): [Spread, Spread] | null {
  return hasSpread(a) && hasSpread(b) && (a.std > 0 || b.std > 0) ? [a, b] : null;
}

function hasSpread(stats: Stats | null): stats is Spread {
  return typeof stats?.std === 'number';
}
