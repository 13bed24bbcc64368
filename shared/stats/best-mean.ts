// shared/stats/best-mean.ts
// Purpose: how likely each group has the best true mean, with what few values leave open of the noise taken into account.
// Why: a bootstrap of three values only ever sees these three, and is far too sure of them.
// Relevant files: shared/stats/student.ts, shared/stats/bootstrap.ts, runs/conclusions/ranking.ts, tests/stats/ranks.test.ts

import type { Spread } from './moments.ts';
import { studentCdf, studentDensity, studentUpper } from './student.ts';

/** What is known of a true mean: mean + error · T, T Student's t. Without an error it is the mean itself. */
interface Known {
  mean: number;
  error: number;
  df: number;
}

/** So little of each distribution lies beyond the ends of the integral. */
const TAIL = 1e-13;

/**
 * Given values from a normal distribution and no other knowledge (prior 1/σ), the true mean is distributed as x̄ + s/√n · T with n − 1 degrees of
 * freedom (Box, Tiao, Bayesian Inference in Statistical Analysis, 1973, ch. 2). The groups are independent: P(i is best) = ∫ fᵢ(x) ∏ⱼ≠ᵢ Fⱼ(x) dx, by
 * Gauss–Legendre on pieces as narrow as the nearest group asks. Groups that do not vary are taken as exact; equal ones share.
 */
export function chanceOfBestMean(groups: readonly Pick<Spread, 'n' | 'mean' | 'std'>[], isLargest: boolean): number[] {
  const sign = isLargest ? 1 : -1;
  const all = groups.map(({ n, mean, std }) => ({ mean: sign * mean, error: std / Math.sqrt(n), df: n - 1 }));
  const scaled = inUnits(all);
  const varied = scaled.filter(({ error }) => error > 0);
  const exact = scaled.filter(({ error }) => error === 0).map(({ mean }) => mean);
  const floor = exact.reduce((a, b) => Math.max(a, b), -Infinity);
  const [chances, left] = [chancesAbove(varied, floor), varied.reduce((all, one) => all * below(one, floor), 1)];
  const sharing = exact.filter((mean) => mean === floor).length;
  return scaled.map((one) => {
    if (one.error > 0) return chances[varied.indexOf(one)] ?? 0;
    return one.mean === floor ? left / sharing : 0;
  });
}

/** From the first mean, in the largest distance there is: nothing overflows. */
function inUnits(all: readonly Known[]): Known[] {
  const from = all[0]?.mean ?? 0;
  const unit = all.reduce((most, { mean, error }) => Math.max(most, Math.abs(mean - from), error), 0) || 1;
  return all.map(({ mean, error, df }) => ({ mean: (mean - from) / unit, error: error / unit, df }));
}

function below({ mean, error, df }: Known, x: number): number {
  return x === -Infinity ? 0 : studentCdf((x - mean) / error, df);
}

/** Of each: that it is the largest, and larger than `floor`. */
function chancesAbove(all: readonly Known[], floor: number): number[] {
  const sums = all.map(() => 0);
  if (all.length === 0) return sums;
  if (all.length === 1 && floor === -Infinity) return [1];
  const reach = all.map(({ error, df }) => error * studentUpper(TAIL, df));
  const low = Math.max(floor, ...all.map(({ mean }, place) => mean - (reach[place] ?? 0)));
  const high = Math.max(...all.map(({ mean }, place) => mean + (reach[place] ?? 0)));
  const densities = all.map(({ df }) => studentDensity(df));
  for (let from = low; from < high;) {
    const step = Math.min(high - from, stepAt(all, from));
    for (const [node, weight] of LEGENDRE) {
      const x = from + (step * (1 + node)) / 2;
      addAt(all, x, (step / 2) * weight, densities, sums);
    }
    from += step;
  }
  return sums;
}

function addAt(
  all: readonly Known[],
  x: number,
  weight: number,
  densities: readonly ((t: number) => number)[],
  sums: number[],
): void {
  const places = all.map(({ mean, error }) => (x - mean) / error);
  const under = places.map((t, place) => studentCdf(t, all[place]?.df ?? 1));
  // Products of all before and all after: none is divided by, so that none may not be 0.
  let before = weight;
  const heads = under.map((one) => {
    const head = before;
    before *= one;
    return head;
  });
  let after = 1;
  for (let place = all.length - 1; place >= 0; place--) {
    const density = (densities[place]?.(places[place] ?? 0) ?? 0) / (all[place]?.error ?? 1);
    sums[place] = (sums[place] ?? 0) + (heads[place] ?? 0) * after * density;
    after *= under[place] ?? 1;
  }
}

/** Half as far as the group is away whose curve bends the most here. */
function stepAt(all: readonly Known[], x: number): number {
  return all.reduce((least, { mean, error }) => Math.min(least, Math.hypot(error, x - mean) / 2), Infinity);
}

/** Nodes and weights of eight points on [−1, 1] (Abramowitz, Stegun, table 25.4). */
const HALF = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
const LEGENDRE = HALF.flatMap(([node, weight]): [number, number][] => [[node, weight], [-node, weight]]); // prettier-ignore
