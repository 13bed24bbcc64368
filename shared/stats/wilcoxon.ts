// shared/stats/wilcoxon.ts
// Purpose: Wilcoxon's signed-rank test of pairs.
// Why: the paired test that needs no normal distribution.
// Relevant files: shared/stats/ranks.ts, shared/stats/paired.ts, tests/stats/references.test.ts

import type { RankTest } from './mann-whitney.ts';
import { finite } from './moments.ts';
import { normalCdf } from './normal.ts';
import { ranksOf, tieTerm } from './ranks.ts';

/** Of so many pairs p is counted out, as scipy's `method="auto"` does; with ties or zeros only of TIED_MAX. */
const EXACT_MAX = 50;
const TIED_MAX = 13;

/**
 * Ranks of |d| over the differences that are not 0, summed by sign (Wilcoxon, Biometrics Bulletin 1, 1945). Exact: the share of all 2ⁿ
 * signs with a rank sum at least as far out. Else z with the variance corrected for ties, without correction for continuity.
 * Assumes independent pairs with symmetric differences; null without pairs. All differences 0: p = 1 (scipy: NaN beyond 13).
 */
export function wilcoxon(differences: readonly number[]): RankTest | null {
  const all = finite(differences);
  const counted = all.filter((one) => one !== 0);
  if (all.length === 0) return null;
  const { ranks, ties } = ranksOf(counted.map(Math.abs));
  const sumWhere = (isWanted: (one: number) => boolean): number =>
    ranks.reduce((sum, rank, place) => sum + (isWanted(counted[place] ?? 0) ? rank : 0), 0);
  const statistic = Math.min(sumWhere((one) => one > 0), sumWhere((one) => one < 0)); // prettier-ignore
  if (counted.length === 0) return { statistic, p: 1, exact: true };
  const isTied = ties.length > 0 || counted.length < all.length;
  const exact = all.length <= (isTied ? TIED_MAX : EXACT_MAX);
  const tail = exact ? exactTail(statistic, ranks) : normalTail(statistic, counted.length, ties);
  return { statistic, p: Math.min(1, 2 * tail), exact };
}

function normalTail(statistic: number, n: number, ties: number[]): number {
  const variance = (n * (n + 1) * (2 * n + 1) - tieTerm(ties) / 2) / 24;
  return normalCdf((statistic - (n * (n + 1)) / 4) / Math.sqrt(variance));
}

/** P(W ≤ statistic) when each rank is added or not with the same chance. Ranks may be halves: counted doubled. */
function exactTail(statistic: number, ranks: number[]): number {
  const most = Math.round(2 * statistic);
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    const doubled = Math.round(2 * rank);
    for (let at = most; at >= doubled; at--) ways[at] = (ways[at] ?? 0) + (ways[at - doubled] ?? 0);
  }
  return ways.reduce((sum, count) => sum + count, 0) / 2 ** ranks.length;
}
