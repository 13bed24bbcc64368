// runs/conclusions/caption.ts
// Purpose: the caption of the tables that go into a paper.
// Why: a reader of the paper cannot click: n, tests, correction and marks must be said.
// Relevant files: runs/conclusions/conclusion-formats.ts

import { formatCount, plural } from '../../shared/format.ts';
import type { TextStyle } from '../../shared/text-tables.ts';
import { PairRule } from './pairs.ts';
import type { Conclusions } from './conclusions.ts';

export function captionOf(conclusions: Conclusions, style: TextStyle): string {
  const { metric, comparisons, ranking, tested } = conclusions;
  const tests = comparisons.filter(({ holm }) => holm !== null).length;
  const said = [
    `${style.escape(metric ?? 'no metric')}: mean ${style.plusMinus} standard deviation over finished runs, ${sizes(conclusions)}.`,
    ...(ranking.length < 2
      ? []
      : [
          `${style.bold('Bold')}: the best mean; ${style.underline('underlined')}: not significantly worse than it. Groups that share a letter cannot be told apart; rank: the ranks that this leaves open (Welch, Holm-corrected over all ${formatCount(tested)} pairs). P(best): chance that the true mean is the best, if values are normally distributed.`,
        ]),
    ...untestedBest(ranking),
    ...baseOf(conclusions, style),
    style.escape(
      `Differences of means with 95 % confidence intervals, each by itself, and two-sided p values of Welch's t test; p (Holm): corrected over the ${plural(tests, 'comparison')} ${tests === comparisons.length ? 'shown' : 'with a test'}; level 0.05.`,
    ),
    ...(comparisons.some(({ few }) => few)
      ? ['Where a group has so few runs that no rank test can reach the level, no claim is firm.']
      : []),
  ];
  return said.join(' ');
}

/** Else what is not underlined would look significantly worse. */
function untestedBest(ranking: Conclusions['ranking']): string[] {
  const [best] = ranking.filter(({ isBest }) => isBest);
  if (!best) return [];
  if (best.rank === null)
    return ['The best mean is of a single run: nothing can be tested against it, so that nothing is underlined.'];
  if (ranking.every(({ isBest, isTested }) => isBest || isTested)) return [];
  return [
    'Nor is a group without a test against it underlined: one of a single run, or one that varies no more than it does.',
  ];
}

/** What rows are called, and what is the same in all of them and said once: the base, or which value is held against which. */
export function comparedIn({ comparisons, rule }: Conclusions): { head: string; texts: string[]; said: string } {
  const [first] = comparisons;
  if (first && rule === PairRule.Baseline)
    return { head: 'group', texts: comparisons.map(({ short }) => short), said: `with ${first.base.label}` };
  const said = first?.names.join(' against ') ?? '';
  const isSame = comparisons.every(({ names, where }) => where !== '' && names.join(' against ') === said);
  if (comparisons.length > 1 && isSame)
    return { head: 'at', texts: comparisons.map(({ where }) => where.replace(/^at /, '')), said };
  return { head: 'comparison', texts: comparisons.map(({ label }) => label), said: '' };
}

function baseOf(conclusions: Conclusions, style: TextStyle): string[] {
  const { said } = comparedIn(conclusions);
  return said === '' ? [] : [style.escape(`Comparisons: ${said}.`)];
}

function sizes({ samples }: Conclusions): string {
  const all = samples.map(({ stats }) => stats.n);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (all.length === 0) return 'no values';
  return least === most ? `n = ${least} per group` : `n = ${least} to ${most} per group`;
}
