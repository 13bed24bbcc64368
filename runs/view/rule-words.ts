// runs/view/rule-words.ts
// Purpose: which value of a metric counts, in words for the heads of files, and its numbers with as many decimals as the rule says.
// Why: a column of numbers without its rule cannot be cited.
// Relevant files: runs/view/table-formats.ts, runs/rules/rule.ts

import { formatColumn, formatFixed } from '../../shared/format.ts';
import { Takes, type MetricRule } from '../rules/rule.ts';

const WORDS: Record<Takes, string> = {
  [Takes.Last]: 'last value',
  [Takes.Min]: 'least value',
  [Takes.Max]: 'greatest value',
  [Takes.Mean]: 'mean of all values',
  [Takes.MeanLast]: 'mean of the last',
  [Takes.AtMin]: 'value where',
  [Takes.AtMax]: 'value where',
  [Takes.AtLast]: 'value where',
};

export function countsWords({ takes, k, by }: MetricRule): string {
  if (takes === Takes.MeanLast) return `${WORDS[takes]} ${k} values`;
  return WORDS[takes] + (WORDS[takes] === 'value where' ? ` ${by} was best` : '');
}

/** '' for the usual one. */
export function countsShort(rule: MetricRule): string {
  return rule.takes === Takes.Last ? '' : countsWords(rule);
}

export function ruleColumn(values: (number | null)[], { digits }: MetricRule): string[] {
  return digits === null ? formatColumn(values) : values.map((value) => formatFixed(value, digits));
}
