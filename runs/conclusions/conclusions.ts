// runs/conclusions/conclusions.ts
// Purpose: all that is concluded of the groups of an experiment: comparisons, ranking, what was left out.
// Why: page, files and API say the same, because they are made of this.
// Relevant files: runs/conclusions/conclusion-queries.ts, runs/conclusions/comparison.ts, runs/conclusions/ranking.ts

import type { Direction } from '../metric-rules.ts';
import type { RunGroups } from '../groups/groups.ts';
import type { GroupBase } from '../groups/group-baseline.ts';
import { PairRule } from './pairs.ts';
import type { ConclusionsQuery } from './conclusion-schemas.ts';
import { compared, type Comparison } from './comparison.ts';
import type { Read } from './conclusion-queries.ts';
import { pairingBy } from './pairing.ts';
import { pairsOf, type Pairs } from './pairs.ts';
import { rankingOf, RANKED_MAX, type Ranking } from './ranking.ts';
import { Resampled, samplesOf, type Sample } from './samples.ts';

export interface Conclusions extends Omit<Pairs, 'pairs'>, Ranking {
  data: RunGroups;
  metric: string | null;
  direction: Direction | null;
  rule: string;
  /** The baseline kept of the experiment. */
  kept: GroupBase | null;
  /** It is the base of the comparisons, because the address names none. */
  isKept: boolean;
  samples: Sample[];
  comparisons: Comparison[];
  resamples: number;
}

export async function conclude({ data, known, kept }: Read, query: ConclusionsQuery): Promise<Conclusions> {
  const samples = samplesOf(data);
  const direction = data.metrics.find(({ key }) => key === data.main)?.direction ?? null;
  const usual = query.base === undefined ? keptBase(samples, data, { kept, rule: query.pairs }) : undefined;
  const { pairs, ...chosen } = pairsOf(samples, data, { rule: query.pairs, base: query.base ?? usual, direction });
  const used = new Set([...samples.slice(0, RANKED_MAX), ...pairs.flatMap(({ one, base }) => [one, base])]);
  const resampled = new Resampled([...used]);
  const repeats = data.repeats.filter(({ key, isRepeat }) => isRepeat && data.ignored.includes(key));
  const pairing = pairingBy(data.ignored, repeats.map(({ key }) => key), known); // prettier-ignore
  return {
    data,
    metric: data.main,
    direction,
    rule: query.pairs,
    kept,
    isKept: usual !== undefined,
    samples,
    ...chosen,
    comparisons: await compared(pairs, { direction, wanted: query.difference, resampled, pairing }),
    ...rankingOf(samples, direction, resampled),
    resamples: resampled.times,
  };
}

/** What the baseline kept of the experiment is as `base`: the group, or its value of the key that groups differ in. */
function keptBase(
  samples: readonly Sample[],
  data: RunGroups,
  { kept, rule }: { kept: GroupBase | null; rule: string },
): string | undefined {
  const own = samples.find(({ group }) => group === kept?.group);
  if (!own || rule === PairRule.All) return undefined;
  return rule === PairRule.Baseline ? own.name : (own.group.values[data.by.indexOf(rule)] ?? '');
}
