// shared/stats/paired.ts
// Purpose: the paired t test.
// Why: runs with the same seed have the same noise in part: their differences say more than two groups do.
// Relevant files: shared/stats/welch.ts, shared/stats/wilcoxon.ts, tests/stats/references.test.ts

import { finite, statsOf } from './moments.ts';
import { meanTest, type MeanTest } from './welch.ts';

/** x − y of the pairs in which both are finite. */
export function differencesOf(pairs: readonly (readonly [number, number])[]): number[] {
  return finite(pairs.map(([x, y]) => x - y));
}

/**
 * t = d̄ / (s_d / √n) with n − 1 degrees of freedom (Student, Biometrika 6, 1908) over the differences d = x − y of pairs.
 * Assumes independent pairs whose differences are normal. Null with fewer than two pairs or when all differences are equal.
 */
export function pairedT(differences: readonly number[], confidence = 0.95): MeanTest | null {
  const stats = statsOf(finite(differences));
  if (!stats?.std) return null;
  return meanTest(stats.mean, stats.std / Math.sqrt(stats.n), stats.n - 1, confidence);
}
