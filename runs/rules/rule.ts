// runs/rules/rule.ts
// Purpose: the rule of a metric: which way is better, which value counts, in which unit and with how many decimals it is shown.
// Why: table, order, groups, comparison, exports and API all ask this one rule; what nobody set is guessed, and said so.
// Relevant files: runs/metric-rules.ts, runs/rules/value-sql.ts, runs/rules/rule-queries.ts, runs/models.ts

import { Direction, directionOf } from '../metric-rules.ts';
import type { MetricRuleRow, MetricRow } from '../models.ts';
import { fromStored } from '../values.ts';

/** Which value of a run's series counts. */
export const Counts = {
  Last: 'last',
  /** The least or greatest, by the metric's direction; of one without direction the last. */
  Best: 'best',
  Min: 'min',
  Max: 'max',
  Mean: 'mean',
  /** The mean of the last `k` points. */
  MeanLast: 'mean_last',
  /** The value at the step where another metric, `by`, was best. */
  AtBest: 'at_best',
} as const;
export type Counts = (typeof Counts)[keyof typeof Counts];

/** What `Counts` comes to when directions are known. */
export const Takes = {
  Last: 'last',
  Min: 'min',
  Max: 'max',
  Mean: 'mean',
  MeanLast: 'mean_last',
  AtMin: 'at_min',
  AtMax: 'at_max',
  AtLast: 'at_last',
} as const;
export type Takes = (typeof Takes)[keyof typeof Takes];

/** Said instead of a direction: neither way is better. */
export const NO_DIRECTION = 'none';

/** What people can say of a metric; `direction` null: it is guessed. */
export interface RuleChoice {
  direction: Direction | typeof NO_DIRECTION | null;
  value: Counts;
  k: number | null;
  by: string | null;
  unit: string;
  digits: number | null;
}

export const USUAL: RuleChoice = { direction: null, value: Counts.Last, k: null, by: null, unit: '', digits: null };

export interface MetricRule extends Omit<RuleChoice, 'direction'> {
  key: string;
  /** null: neither way is better. */
  direction: Direction | null;
  /** From its name; nobody has set it. */
  isGuessed: boolean;
  /** Somebody has said something of this metric. */
  isSet: boolean;
  takes: Takes;
  /** Runs beyond this number (`seq`) are still to be counted by it; null: none. */
  countedTo: number | null;
}

/** The rules that somebody set in an experiment, by key; ask it with `ruleFor`. */
export type RuleBook = ReadonlyMap<string, MetricRule>;

export const NO_RULES: RuleBook = new Map();

export function ruleFor(book: RuleBook, key: string): MetricRule {
  return book.get(key) ?? usualRule(key);
}

/** Made once a key: a comparison asks for it in each of ten thousand cells. */
const usual = new Map<string, MetricRule>();
const USUAL_MAX = 10_000;

function usualRule(key: string): MetricRule {
  const known = usual.get(key);
  if (known) return known;
  const direction = directionOf(key);
  const rule = { ...USUAL, key, direction, isGuessed: true, isSet: false, takes: Takes.Last, countedTo: null };
  if (usual.size >= USUAL_MAX) usual.clear();
  usual.set(key, Object.freeze(rule));
  return rule;
}

export function ruleOf(row: MetricRuleRow): MetricRule {
  const choice = choiceOf(row);
  return {
    ...choice,
    key: row.key,
    direction: wayOf(row.key, choice.direction),
    isGuessed: choice.direction === null,
    isSet: true,
    takes: row.takes as Takes,
    countedTo: row.counted_to,
  };
}

export function choiceOf(row: MetricRuleRow): RuleChoice {
  return {
    direction: row.direction as RuleChoice['direction'],
    value: row.value as Counts,
    k: row.k,
    by: row.by_key,
    unit: row.unit,
    digits: row.digits,
  };
}

function wayOf(key: string, chosen: RuleChoice['direction']): Direction | null {
  if (chosen === NO_DIRECTION) return null;
  return chosen ?? directionOf(key);
}

/** The directions of an experiment's metrics, for what goes by them only (runs/metric-rules.ts). */
export function directionsIn(book: RuleBook): (key: string) => Direction | null {
  return (key) => ruleFor(book, key).direction;
}

/** What a choice comes to. `byDirection`: the direction of the metric `choice.by`. */
export function takesOf({ value }: RuleChoice, own: Direction | null, byDirection: Direction | null): Takes {
  if (value === Counts.Best) return own ?? Takes.Last;
  if (value !== Counts.AtBest) return value;
  return byDirection === null ? Takes.AtLast : byDirection === Direction.Max ? Takes.AtMax : Takes.AtMin;
}

/** Needs points, not the summary alone. */
export function needsPoints(takes: Takes): boolean {
  return takes === Takes.MeanLast || takes === Takes.AtMin || takes === Takes.AtMax || takes === Takes.AtLast;
}

/** The value that counts, and the step at which it occurred; null: of no single one. */
export interface Counted {
  /** NaN and the infinities, too. */
  value: number;
  step: number | null;
}

type Summed = Pick<
  MetricRow,
  'last_value' | 'last_kind' | 'last_step' | 'min_value' | 'min_step' | 'max_value' | 'max_step' | 'mean'
>;

/** By what the summary says; null: there is no such value, or it takes points to know (`needsPoints`). */
export function countedOf(row: Summed, takes: Takes): Counted | null {
  switch (takes) {
    case Takes.Last:
      return { value: fromStored(row.last_value, row.last_kind), step: row.last_step };
    case Takes.Min:
      return row.min_value === null ? null : { value: row.min_value, step: row.min_step };
    case Takes.Max:
      return row.max_value === null ? null : { value: row.max_value, step: row.max_step };
    case Takes.Mean:
      return row.mean === null ? null : { value: row.mean, step: null };
    default:
      return null;
  }
}
