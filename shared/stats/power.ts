// shared/stats/power.ts
// Purpose: the power of a t test, and how many values each group needs.
// Why: "not significant" of three seeds says little; how many would say more is the next question.
// Relevant files: shared/stats/noncentral-t.ts, shared/stats/student.ts, tests/stats/references.test.ts

import { noncentralT } from './noncentral-t.ts';
import { studentUpper } from './student.ts';

/** Beyond, the chance is 1 to the last digit but of the very smallest groups, where it is beyond any power asked for. */
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
  return 1 - noncentralT(critical, df, delta) + noncentralT(-critical, df, delta);
}

/** More seeds than this nobody runs: the answer is then "more". */
export const SEEDS_MAX = 10_000;

/** The least n of each group with at least this power; null beyond SEEDS_MAX or without a difference. */
export function seedsNeeded(d: number, power = 0.8, alpha = 0.05): number | null {
  if (!(Math.abs(d) > 0) || powerOf(d, SEEDS_MAX, alpha) < power) return null;
  let [low, high] = [1, 2];
  while (powerOf(d, high, alpha) < power) [low, high] = [high, Math.min(SEEDS_MAX, high * 2)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(d, middle, alpha) < power) low = middle;
    else high = middle;
  }
  return high;
}
