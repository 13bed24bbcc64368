// runs/conclusions/caption.ts
// Purpose: the caption of the tables that go into a paper.
// Why: a reader of the paper cannot click: n, tests, correction and marks must be said.
// Relevant files: runs/conclusions/conclusion-formats.ts

import { plural } from '../../shared/format.ts';
import type { TextStyle } from '../../shared/text-tables.ts';
import type { Conclusions } from './conclusions.ts';

export function captionOf(conclusions: Conclusions, style: TextStyle): string {
  const { metric, comparisons, ranking } = conclusions;
  const said = [
    `${style.escape(metric ?? 'no metric')}: mean ${style.plusMinus} standard deviation over finished runs, ${sizes(conclusions)}.`,
    ...(ranking.length === 0
      ? []
      : [
          `${style.bold('Bold')}: the best mean; ${style.underline('underlined')}: not significantly worse than it (Welch, Holm-corrected over the comparisons with it). Groups that cannot be told apart share a rank.`,
        ]),
    style.escape(
      `Differences of means with 95 % confidence intervals and two-sided p values of Welch's t test; p (Holm): corrected over the ${plural(comparisons.length, 'comparison')} shown; level 0.05.`,
    ),
    ...(comparisons.some(({ few }) => few)
      ? ['Where a group has so few runs that no rank test can reach the level, no claim is firm.']
      : []),
  ];
  return said.join(' ');
}

function sizes({ samples }: Conclusions): string {
  const all = samples.map(({ stats }) => stats.n);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (all.length === 0) return 'no values';
  return least === most ? `n = ${least} per group` : `n = ${least} to ${most} per group`;
}
