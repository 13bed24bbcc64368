// runs/curves/smoothing.ts
// Purpose: the smoothed line of a series: moving average, running mean or Gaussian, and each in words.
// Why: noise hides trends; the unsmoothed line stays visible under it, so nothing is hidden.
// Relevant files: runs/curves/curves.ts, runs/curves/chart-svg.ts, runs/curves/chart-words.ts

import { isSmoothed, Smoothing, windowOf, type ChartSettings } from './chart-settings.ts';

type Values = readonly (number | null)[];

/** By the settings; nothing but nulls where they ask for no smoothing. `xs` must not fall. */
export function smoothed(xs: readonly number[], ys: Values, settings: ChartSettings): (number | null)[] {
  if (!isSmoothed(settings)) return ys.map(() => null);
  if (settings.smoothing === Smoothing.Mean) return runningMean(ys, windowOf(settings));
  if (settings.smoothing === Smoothing.Gauss) return gaussian(ys, windowOf(settings));
  return smooth(xs, ys, settings.smooth);
}

/** `a moving average with weight 0.6`; '' without smoothing. */
export function smoothingWords(settings: ChartSettings): string {
  if (!isSmoothed(settings)) return '';
  if (settings.smoothing === Smoothing.Mean) return `a running mean of ${windowOf(settings)} points`;
  if (settings.smoothing === Smoothing.Gauss) return `a Gaussian, standard deviation ${windowOf(settings)} points`;
  return `weight ${settings.smooth}`;
}

/** As the page's help states them. */
export const FORMULAE = [
  {
    name: 'Moving average',
    text: 's(i) = Σ w^d(i,j) · y(j) / Σ w^d(i,j) over all j ≤ i, where w is the weight and d(i,j) = (x(i) − x(j)) / mean distance of neighbours. The quotient is the bias correction: the line does not start at 0.',
  },
  {
    name: 'Running mean',
    text: 's(i) = mean of the n points around i, half of them on each side; fewer at both ends.',
  },
  {
    name: 'Gaussian',
    text: 's(i) = Σ g(i−j) · y(j) / Σ g(i−j), where g(k) = exp(−k² / (2σ²)) and σ is counted in points; cut at 4σ.',
  },
] as const;

/**
 * s_i = Σ_{j≤i} w^((x_i − x_j)/d) y_j / Σ_{j≤i} w^((x_i − x_j)/d), where d is the mean distance between neighbours.
 * Evenly spaced values give exactly TensorBoard's debiased moving average; uneven ones weigh by distance, as W&B's
 * "time weighted EMA" does. The quotient form is Adam's bias correction (Kingma & Ba 2015, section 3).
 * Nulls stay null and do not count. `xs` must not fall; the result is as long as `ys`.
 */
export function smooth(xs: readonly number[], ys: Values, weight: number): (number | null)[] {
  const distance = meanDistance(xs);
  let average = 0;
  let mass = 0;
  let lastX = xs[0] ?? 0;
  return ys.map((y, index) => {
    const x = xs[index] ?? lastX;
    if (y === null) return null;
    const kept = mass * weight ** ((x - lastX) / distance);
    lastX = x;
    mass = kept + 1;
    // A mean of the two, not a sum divided later: values near ±1e308 do not overflow.
    average = average * (kept / mass) + y / mass;
    return average;
  });
}

/** The mean of the values at most (n − 1) / 2 places away. Nulls stay null and do not count. */
export function runningMean(ys: Values, points: number): (number | null)[] {
  const reach = Math.floor((points - 1) / 2);
  return weighted(
    ys,
    Array.from({ length: Math.max(0, reach) + 1 }, () => 1),
  );
}

/** Weights exp(−k² / (2σ²)) by the distance k in places, cut at 4σ. Nulls stay null and do not count. */
export function gaussian(ys: Values, deviation: number): (number | null)[] {
  const reach = Math.ceil(4 * deviation);
  return weighted(
    ys,
    Array.from({ length: reach + 1 }, (_, k) => Math.exp(-(k * k) / (2 * deviation * deviation))),
  );
}

/** `weights` by distance, in places. */
function weighted(ys: Values, weights: readonly number[]): (number | null)[] {
  const reach = weights.length - 1;
  return ys.map((y, index) => {
    if (y === null) return null;
    let average = 0;
    let mass = 0;
    for (let other = Math.max(0, index - reach); other <= Math.min(ys.length - 1, index + reach); other += 1) {
      const value = ys[other] ?? null;
      if (value === null) continue;
      const weight = weights[Math.abs(other - index)] ?? 0;
      mass += weight;
      // As above: nothing overflows.
      average += value * (weight / mass) - average * (weight / mass);
    }
    return average;
  });
}

function meanDistance(xs: readonly number[]): number {
  const range = (xs.at(-1) ?? 0) - (xs[0] ?? 0);
  return range > 0 ? range / (xs.length - 1) : 1;
}
