// shared/stats/rank-spans.ts
// Purpose: groups ranked by their means as far as tests of all pairs bear it: from which rank to which, and letters.
// Why: an order of means claims differences that few runs do not show; what is left open is said as a span.
// Relevant files: shared/stats/welch.ts, shared/stats/holm.ts, shared/stats/letters.ts, tests/stats/ranks.test.ts

import { holm } from './holm.ts';
import { lettersOf } from './letters.ts';
import { finite, spreadsOfStats, statsOf } from './moments.ts';
import { welchP } from './welch.ts';

export interface RankSpans {
  /** Of each group: 1 + how many are significantly better, and how many there are less those significantly worse. */
  spans: [number, number][];
  /** Null: more than there are letters. */
  letters: string[] | null;
  /** Pairs that could be tested: where neither group varies nothing is claimed. */
  tested: number;
  isApart: (one: number, other: number) => boolean;
  /** What is not apart may only be without a test. */
  isTested: (one: number, other: number) => boolean;
}

/**
 * Welch's test of every pair, corrected by Holm over all of them; of what is below `alpha` the better mean counts as better. All spans together hold the
 * true ranks with 1 − alpha (as in Klein, Wright, Wieczorek, JRSS C 69, 2020, and Mogstad, Romano, Shaikh, Wilhelm, Review of Economic
 * Studies 91, 2024, with Holm's tests in place of simultaneous intervals). The first group has the letter a: the best first is best read.
 */
export function rankSpans(groups: readonly (readonly number[])[], isLargest: boolean, alpha: number): RankSpans {
  const n = groups.length;
  const pairs = groups.flatMap((_, one) => groups.slice(one + 1).map((_other, more): [number, number] => [one, one + 1 + more])); // prettier-ignore
  // Each is measured once: fifty groups are a thousand pairs.
  const stats = groups.map((values) => statsOf(finite(values)));
  const tests = pairs.map(([one, other]) => {
    const spreads = spreadsOfStats(stats[one] ?? null, stats[other] ?? null);
    return spreads && welchP(...spreads);
  });
  const corrected = holm(tests);
  const apart = new Set(pairs.flatMap(([one, other], place) => ((corrected[place] ?? 1) < alpha ? [one * n + other] : []))); // prettier-ignore
  const within = (set: ReadonlySet<number>) => (one: number, other: number): boolean => set.has(Math.min(one, other) * n + Math.max(one, other)); // prettier-ignore
  const isApart = within(apart);
  const isTested = within(new Set(pairs.flatMap(([one, other], place) => (tests[place] === null ? [] : [one * n + other])))); // prettier-ignore
  const means = stats.map((one) => (one?.mean ?? NaN) * (isLargest ? 1 : -1));
  const spans = means.map((mean, one): [number, number] => {
    const others = means.filter((_, other) => other !== one && isApart(one, other));
    return [1 + others.filter((other) => other > mean).length, n - others.filter((other) => other < mean).length];
  });
  return { spans, letters: lettersOf(n, isApart), tested: tests.filter((p) => p !== null).length, isApart, isTested };
}
