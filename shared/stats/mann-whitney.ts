// shared/stats/mann-whitney.ts
// Purpose: the Mann–Whitney U test.
// Why: a test of two groups that needs no normal distribution; of few values it says honestly that it cannot tell.
// Relevant files: shared/stats/ranks.ts, shared/stats/normal.ts, tests/stats/references.test.ts

import { finite } from './moments.ts';
import { normalCdf } from './normal.ts';
import { ranksOf, tieTerm } from './ranks.ts';

export interface RankTest {
  /** Of x (Mann–Whitney), or the smaller rank sum (Wilcoxon). */
  statistic: number;
  /** Two-sided. */
  p: number;
  /** Counted out, or by the normal approximation. */
  exact: boolean;
}

/** With one group of at most so many values, and no value twice, p is counted out. As scipy's `method="auto"`. */
export const EXACT_MAX = 8;

/**
 * U = R − n(n + 1)/2 with R the rank sum of x (Mann, Whitney, Annals of Mathematical Statistics 18, 1947). Exact: the share of all ways to part
 * the ranks that are at least as far from the middle. Else z with the variance corrected for ties and half a step for continuity.
 * Assumes independent values; null without values.
 */
export function mannWhitney(x: readonly number[], y: readonly number[]): RankTest | null {
  const [a, b] = [finite(x), finite(y)];
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return null;
  const { ranks, ties } = ranksOf([...a, ...b]);
  const statistic = ranks.slice(0, n).reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2;
  const far = Math.max(statistic, n * m - statistic);
  const exact = Math.min(n, m) <= EXACT_MAX && ties.length === 0;
  const tail = exact ? exactTail(n * m - far, n, m) : normalTail(far, { n, m, ties });
  return { statistic, p: Math.min(1, 2 * tail), exact };
}

function normalTail(far: number, { n, m, ties }: { n: number; m: number; ties: number[] }): number {
  const all = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (all + 1 - tieTerm(ties) / (all * (all - 1))));
  return normalCdf(-(far - (n * m) / 2 - 0.5) / deviation);
}

/**
 * P(U ≤ u). How many of the ways give each U are the coefficients of the Gaussian binomial ∏ (1 − q^(m+i)) / (1 − q^i), i = 1 … n
 * (n the smaller group).
 */
function exactTail(u: number, one: number, other: number): number {
  const [n, m] = one < other ? [one, other] : [other, one];
  const ways = new Float64Array(u + 1);
  ways[0] = 1;
  let all = 1;
  for (let i = 1; i <= n; i++) {
    for (let at = u; at >= m + i; at--) ways[at] = (ways[at] ?? 0) - (ways[at - m - i] ?? 0);
    for (let at = i; at <= u; at++) ways[at] = (ways[at] ?? 0) + (ways[at - i] ?? 0);
    all *= (m + i) / i;
  }
  return ways.reduce((sum, count) => sum + count, 0) / all;
}

/** The smallest p that the exact test can reach with so many values: both groups wholly apart. */
export function leastRankP(n: number, m: number): number {
  let all = 1;
  for (let i = 1; i <= Math.min(n, m); i++) all *= (Math.max(n, m) + i) / i;
  return Math.min(1, 2 / all);
}
