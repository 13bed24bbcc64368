// runs/conclusions/conclusion-json.ts
// Purpose: conclusions as the API gives them.
// Why: every figure with every digit, beside the sentence that it comes to.
// Relevant files: runs/conclusions/conclusion-schemas.ts, runs/conclusions/conclusions.ts

import type { RankTest } from '../../shared/stats/mann-whitney.ts';
import type { MeanTest } from '../../shared/stats/welch.ts';
import { groupBaseJson } from '../groups/group-baseline.ts';
import { ALPHA, CONFIDENCE, type Comparison } from './comparison.ts';
import type { ConclusionsOut } from './conclusion-schemas.ts';
import type { Conclusions } from './conclusions.ts';
import { notesOf, sentenceOf, wholeOf } from './sentences.ts';

type ComparisonOut = ConclusionsOut['comparisons'][number];

export function conclusionsJson(conclusions: Conclusions): ConclusionsOut {
  const { metric, direction, data, rule, base, samples, ranking, tested, comparisons, resamples, kept, isKept } = conclusions; // prettier-ignore
  const ranked = new Map(ranking.map((one) => [one.sample, one]));
  return {
    ...{ metric, direction, by: data.by, pairs: rule, base, alpha: ALPHA, confidence: CONFIDENCE, resamples },
    pairs_ranked: tested,
    sentence: wholeOf(conclusions),
    notes: notesOf(conclusions),
    groups: samples.map((sample) => {
      const of = ranked.get(sample);
      const { n, mean, std } = sample.stats;
      return {
        group: sample.name,
        label: sample.label,
        values: Object.fromEntries(data.by.map((name, place) => [name, sample.group.values[place] ?? null])),
        ...{ n, mean, std },
        ...{ rank: of?.rank ?? null, rank_to: of?.rankTo ?? null, letters: of?.letters ?? null },
        ...{ chance_of_best: of?.resampled ?? null, chance_of_best_mean: of?.chance ?? null },
        ...{ is_best: of?.isBest ?? false, like_best: of?.isLikeBest ?? false },
      };
    }),
    comparisons: comparisons.map(comparisonJson),
    ...(kept && { baseline: { ...groupBaseJson(kept), used: isKept } }),
  };
}

function comparisonJson(comparison: Comparison): ComparisonOut {
  const { label, one, base, n, difference, welch, holm, rank, effect, bootstrap, paired, seeds } = comparison;
  return {
    ...{ label, group: one.name, base: base.name, n, difference, holm },
    welch: testJson(welch),
    mann_whitney: rankJson(rank),
    hedges_g: effect,
    bootstrap,
    paired: paired && {
      ...{ by: paired.by, pairs: paired.values.length },
      ...{ t: testJson(paired.t), wilcoxon: rankJson(paired.rank) },
    },
    seeds: seeds && {
      ...{ difference: seeds.difference, level: ALPHA / seeds.comparisons },
      ...{ needed: seeds.needed, more: seeds.more },
    },
    ...{ verdict: comparison.verdict, few: comparison.few, sentence: sentenceOf(comparison) },
  };
}

function testJson(test: MeanTest | null): ComparisonOut['welch'] {
  return test && { t: test.t, df: test.df, p: test.p, low: test.low, high: test.high };
}

function rankJson(test: RankTest | null): ComparisonOut['mann_whitney'] {
  return test && { p: test.p, statistic: test.statistic, exact: test.exact };
}
