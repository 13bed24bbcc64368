// runs/rules/rule-text.ts
// Purpose: a rule in words, and numbers as it shows them: `highest last value`, `val/acc ↑ best (%)`, decimals.
// Why: table, groups, comparison and files say the same of the same rule.
// Relevant files: runs/rules/rule.ts, runs/table/table-views.ts, runs/groups/group-text.ts, runs/compare/compare-views.ts

import { formatColumn, formatFixed, formatNumber } from '../../shared/format.ts';
import { Direction } from '../metric-rules.ts';
import { Counts, Takes, type Counted, type MetricRule } from './rule.ts';

const ARROWS: Record<Direction, string> = { [Direction.Max]: '↑', [Direction.Min]: '↓' };

export function arrowOf(direction: Direction | null): string {
  return direction ? ARROWS[direction] : '';
}

/** `last value`, `mean of the last 5 values`, `value where val/loss was best` */
export function countsWords({ takes, value, k, by, direction }: MetricRule): string {
  switch (takes) {
    case Takes.Last:
      return 'last value';
    case Takes.Min:
    case Takes.Max: {
      const size = takes === Takes.Max ? 'greatest' : 'least';
      return value === Counts.Best && direction !== null ? `best value (the ${size})` : `${size} value`;
    }
    case Takes.Mean:
      return 'mean of all values';
    case Takes.MeanLast:
      return k === 1 ? 'last value, if it is finite' : `mean of the last ${k} values`;
    default:
      return `value where ${by} was best`;
  }
}

/** The same in a word or two, for the head of a column; '' for the last value. */
export function countsShort({ takes, value, k, by }: MetricRule): string {
  switch (takes) {
    case Takes.Last:
      return '';
    case Takes.Min:
    case Takes.Max:
    case Takes.Mean:
      return value;
    case Takes.MeanLast:
      return `mean of last ${k}`;
    default:
      return `at best ${by}`;
  }
}

/** Without the key: `↑ best (%)`. */
export function headWords(rule: MetricRule): string {
  const unit = rule.unit === '' ? '' : `(${rule.unit})`;
  return [arrowOf(rule.direction), countsShort(rule), unit].filter((word) => word !== '').join(' ');
}

/** `last value; higher is better (guessed from the name)` */
export function ruleSentence(rule: MetricRule): string {
  const { direction, isGuessed } = rule;
  const counting = rule.countedTo === null ? '' : '; runs are being counted by this rule, some are still missing';
  if (direction === null) return `${countsWords(rule)}${counting}`;
  const source = isGuessed ? 'guessed from the name' : 'set';
  return `${countsWords(rule)}; ${direction === Direction.Max ? 'higher' : 'lower'} is better (${source})${counting}`;
}

/** `highest last value`: by what a run is the best. */
export function bestBy(rule: MetricRule): string {
  const isMax = rule.direction === Direction.Max;
  const size = isMax ? 'highest' : 'lowest';
  if (rule.takes === (isMax ? Takes.Max : Takes.Min)) return `${size} value at any step`;
  return `${size} ${countsWords(rule)}`;
}

/** Of several metrics: `the last value`, and of which another one counts: `the last value (val/acc: mean of all values)`. */
export function valuesWords(rules: readonly MetricRule[]): string {
  const others = rules.filter(({ takes }) => takes !== Takes.Last).map((rule) => `${rule.key}: ${countsWords(rule)}`);
  return `the last value${others.length === 0 ? '' : ` (${others.join('; ')})`}`;
}

/** `val/acc [best] (%)`: which number a file's column holds. */
export function columnName(rule: MetricRule): string {
  const counts = countsShort(rule);
  return rule.key + (counts === '' ? '' : ` [${counts}]`) + (rule.unit === '' ? '' : ` (${rule.unit})`);
}

/** A value with as many decimals as the rule says. */
export function ruleNumber(value: number | null, { digits }: Pick<MetricRule, 'digits'>): string {
  return digits === null ? formatNumber(value) : formatFixed(value, digits);
}

export function ruleColumn(values: (number | null)[], { digits }: Pick<MetricRule, 'digits'>): string[] {
  return digits === null ? formatColumn(values) : values.map((value) => formatFixed(value, digits));
}

/** `0.9778 at step 12`, and which value that is where it is not the last; every digit. */
export function valueTitle(counts: Counted | null, rule: MetricRule): string {
  if (!counts) return `no ${countsWords(rule)}`;
  const step = counts.step === null ? '' : ` at step ${counts.step}`;
  const unit = rule.unit === '' ? '' : ` ${rule.unit}`;
  return `${counts.value}${unit}${step}${rule.takes === Takes.Last ? '' : ` (${countsWords(rule)})`}`;
}
