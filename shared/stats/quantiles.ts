// shared/stats/quantiles.ts
// Purpose: quantiles, and the box that is drawn of them: quartiles, whiskers, what lies beyond.
// Why: there are nine ways to take a quartile; this is the one of R, numpy and Excel, and it is said on the page.
// Relevant files: runs/pictures/boxes.ts, runs/pictures/histogram.ts, tests/stats/correlation.test.ts

export interface BoxOf {
  n: number;
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
  /** The values furthest out that lie within 1.5 times the distance of the quartiles from them (Tukey). */
  low: number;
  high: number;
  /** How many lie beyond. */
  beyond: number;
}

/** Type 7 of Hyndman and Fan (The American Statistician 50(4), 1996): the straight line between the two neighbours of (n − 1) p. */
export function quantile(sorted: readonly number[], p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place);
  const [a, b] = [sorted[below] ?? NaN, sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN];
  // Each weighed by itself: b − a may be beyond a double.
  return a === b ? a : a * (1 - (place - below)) + b * (place - below);
}

/** Of finite values; null for none. */
export function boxOf(values: readonly number[]): BoxOf | null {
  const sorted = Float64Array.from(values).sort();
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const all = [...sorted];
  const [q1 = NaN, median = NaN, q3 = NaN] = [0.25, 0.5, 0.75].map((p) => quantile(all, p));
  const reach = 1.5 * (q3 - q1);
  const inside = all.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const [low, high] = [Math.min(inside[0] ?? q1, q1), Math.max(inside.at(-1) ?? q3, q3)];
  return { n: all.length, min, q1, median, q3, max, low, high, beyond: all.length - inside.length };
}
