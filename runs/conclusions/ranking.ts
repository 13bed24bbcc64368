// runs/conclusions/ranking.ts
// Purpose: groups from the best mean down, with the ranks that the data leave open, letters, and how likely each is the best.
// Why: a list from best to worst claims differences that the data may not bear.
// Relevant files: runs/conclusions/conclusions.ts, shared/stats/rank-spans.ts, shared/stats/best-mean.ts, shared/stats/bootstrap.ts

import { chanceOfBestMean } from '../../shared/stats/best-mean.ts';
import { chanceOfBest } from '../../shared/stats/bootstrap.ts';
import { rankSpans } from '../../shared/stats/rank-spans.ts';
import { Direction } from '../metric-rules.ts';
import { ALPHA } from './comparison.ts';
import { spreadOf, type Resampled, type Sample } from './samples.ts';

/** Groups that are ranked: of more the first, in the order of the groups (best first). Fifty are at most 1,225 tests. */
export const RANKED_MAX = 50;

export interface Ranked {
  sample: Sample;
  /** 1 + how many are significantly better, of all pairs. Null: a single value cannot be ranked. */
  rank: number | null;
  /** How many are ranked, less those significantly worse; null as above. */
  rankTo: number | null;
  /** Two that share a letter cannot be told apart, two that share none can. Null as above, or when the alphabet is too short. */
  letters: string | null;
  /** That its true mean is the best of those ranked, normal values taken for granted; null as above. */
  chance: number | null;
  /** In which share of the resamples its mean is the best; null as above. */
  resampled: number | null;
  /** It has the best mean; several may share it, and one group alone is the best of nothing. */
  isBest: boolean;
  /** Shares a letter with the best mean. */
  isLikeBest: boolean;
  /** Against the best mean; without one, as where neither varies, a shared letter says nothing. */
  isTested: boolean;
}

export interface Ranking {
  /** The best mean first. Empty without a direction: nothing is better than anything. */
  ranking: Ranked[];
  /** How many pairs stand behind ranks and letters. */
  tested: number;
}

export function rankingOf(samples: Sample[], direction: Direction | null, resampled: Resampled): Ranking {
  if (direction === null) return { ranking: [], tested: 0 };
  const shown = samples.slice(0, RANKED_MAX).sort((a, b) => Number(isBetter(b, a, direction)) - Number(isBetter(a, b, direction))); // prettier-ignore
  const tried = shown.flatMap((sample) => (spreadOf(sample) ? [sample] : []));
  const isMax = direction === Direction.Max;
  const { spans, letters, tested, isApart, isTested } = rankSpans(tried.map(({ values }) => values), isMax, ALPHA); // prettier-ignore
  const chances = chanceOfBestMean(tried.flatMap((sample) => spreadOf(sample) ?? []), isMax); // prettier-ignore
  const shares = chanceOfBest(tried.map((one) => resampled.of(one)), isMax); // prettier-ignore
  const ranking = shown.map((sample, place): Ranked => {
    const at = tried.indexOf(sample);
    const [rank, rankTo] = spans[at] ?? [null, null];
    return {
      ...{ sample, rank, rankTo, letters: letters?.[at] ?? null },
      ...{ chance: chances[at] ?? null, resampled: shares[at] ?? null },
      isBest: shown.length > 1 && sample.stats.mean === shown[0]?.stats.mean,
      isLikeBest: place > 0 && at > 0 && tried[0] === shown[0] && !isApart(0, at),
      isTested: at > 0 && tried[0] === shown[0] && isTested(0, at),
    };
  });
  return { ranking, tested };
}

function isBetter(one: Sample, other: Sample, direction: Direction): boolean {
  return direction === Direction.Max ? one.stats.mean > other.stats.mean : one.stats.mean < other.stats.mean;
}
