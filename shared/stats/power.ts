// shared/stats/power.ts
// Purpose: the power of a t test, and how many values each group needs.
// Why: "not significant" of three seeds says little; how many would say more is the next question.
// Relevant files: shared/stats/noncentral-t.ts, shared/stats/student.ts, tests/stats/references.test.ts

import { noncentralT } from './noncentral-t.ts';
import { normalQuantile } from './normal.ts';
import { studentUpper } from './student.ts';

/** So far beyond the critical value the chance is 1 to the last digit, except in the very smallest groups. */
const CERTAIN = 40;
const FEW_DEGREES = 20;
/** There it is beyond any power that is asked for. */
const DELTA_MAX = 300;

/**
 * The chance that a two-sided t test at `alpha` with n values in each of two groups finds a true difference of `d` standard deviations: P(|T| > t*), T
 * noncentral t with 2n − 2 degrees of freedom and δ = d √(n/2) (Cohen, Statistical Power Analysis, 1988). Assumes normal values
 * with the same variance.
 */
export function powerOf(d: number, n: number, alpha = 0.05): number {
  const df = 2 * n - 2;
  const delta = Math.min(DELTA_MAX, Math.abs(d) * Math.sqrt(n / 2));
  const critical = studentUpper(alpha / 2, df);
  if (df > FEW_DEGREES && delta > 4 * critical + CERTAIN) return 1;
  return 1 - noncentralT(critical, df, delta) + noncentralT(-critical, df, delta);
}

/** More seeds than this nobody runs: the answer is then "more". */
export const SEEDS_MAX = 10_000;

/** The least n of each group with at least this power; null beyond SEEDS_MAX or without a difference. */
export function seedsNeeded(d: number, power = 0.8, alpha = 0.05): number | null {
  if (!(Math.abs(d) > 0)) return null;
  // If the deviation were known, so many would do; as it is not, some more are needed (Guenther, The American Statistician 35, 1981).
  const known = 2 * ((normalQuantile(1 - alpha / 2) + normalQuantile(power)) / d) ** 2;
  if (known > SEEDS_MAX) return null;
  let low = Math.max(1, Math.floor(known) - 1);
  let high = low + 1;
  for (let step = 1; powerOf(d, high, alpha) < power; step *= 2) {
    if (high >= SEEDS_MAX) return null;
    [low, high] = [high, Math.min(SEEDS_MAX, high + step)];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(d, middle, alpha) < power) low = middle;
    else high = middle;
  }
  return high;
}
