// runs/conclusions/ranking.ts
// Purpose: groups in ranks: those that cannot be told apart share one; how likely each is the best.
// Why: a list from best to worst claims differences that the data may not bear.
// Relevant files: runs/conclusions/conclusions.ts, shared/stats/bootstrap.ts, shared/stats/holm.ts

import { chanceOfBest } from '../../shared/stats/bootstrap.ts';
import { holm } from '../../shared/stats/holm.ts';
import { welch } from '../../shared/stats/welch.ts';
import { Direction } from '../metric-rules.ts';
import { ALPHA } from './comparison.ts';
import type { Resampled, Sample } from './samples.ts';

/** Groups that are ranked: of more the first, in the order of the groups (best first). Fifty are at most 1,225 tests. */
export const RANKED_MAX = 50;

export interface Ranked {
  sample: Sample;
  /** 1 + how many groups have a better rank. Null: a single value cannot be ranked. */
  rank: number | null;
  /** In which share of the resamples it is the best of those ranked; null as above. */
  chance: number | null;
  isBest: boolean;
  /** Not significantly worse than the best mean (Welch, Holm over the comparisons with the best). */
  isLikeBest: boolean;
}

/** By rank, then by mean. Without a direction nothing is better than anything. */
export function rankingOf(samples: Sample[], direction: Direction | null, resampled: Resampled): Ranked[] {
  if (direction === null) return [];
  const shown = samples.slice(0, RANKED_MAX).sort((a, b) => Number(isBetter(b, a, direction)) - Number(isBetter(a, b, direction))); // prettier-ignore
  const tried = shown.filter(({ stats }) => stats.std !== null);
  const means = tried.map((one) => resampled.of(one));
  const chances = chanceOfBest(means, direction === Direction.Max);
  const ranks = ranksOf(tried);
  const alike = new Set(notWorse(shown.slice(1), shown[0]));
  return shown
    .map((sample, place): Ranked => ({
      sample,
      rank: ranks.get(sample) ?? null,
      chance: chances[tried.indexOf(sample)] ?? null,
      isBest: place === 0,
      isLikeBest: alike.has(sample),
    }))
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0);
}

function isBetter(one: Sample, other: Sample, direction: Direction): boolean {
  return direction === Direction.Max ? one.stats.mean > other.stats.mean : one.stats.mean < other.stats.mean;
}

/**
 * The first rank: the best mean and all that are not significantly worse than it (Welch, Holm over the comparisons with it). The
 * others are ranked in the same way among themselves. `samples`: the best first.
 */
function ranksOf(samples: readonly Sample[]): Map<Sample, number> {
  const ranks = new Map<Sample, number>();
  for (let left = [...samples]; left.length > 0; left = left.filter((one) => !ranks.has(one))) {
    const rank = ranks.size + 1;
    for (const one of [...left.slice(0, 1), ...notWorse(left.slice(1), left[0])]) ranks.set(one, rank);
  }
  return ranks;
}

/** Where no test is possible nothing is claimed: not that it is worse, and not that it is as good. */
function notWorse(others: readonly Sample[], best: Sample | undefined): Sample[] {
  if (!best) return [];
  const corrected = holm(others.map((one) => welch(one.values, best.values)?.p ?? null));
  return others.filter((_, place) => (corrected[place] ?? 0) >= ALPHA);
}
