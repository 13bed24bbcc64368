// runs/rules/rule-views.ts
// Purpose: rules as pages show them: the button in the head of a column, and the page with a form for each metric.
// Why: templates hold no logic; what a click does is said before it is made.
// Relevant files: runs/rules/rule-pages.ts, runs/rules/rule-text.ts, runs/templates/metrics.html, runs/templates/_table.html

import { showTabs } from '../../experiments/tabs.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import type { FieldMessages } from '../../shared/http/forms.ts';
import { link, showPager } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { Direction, directionOf } from '../metric-rules.ts';
import type { Counting, RuleList } from './rule-list-queries.ts';
import { arrowOf, ruleSentence } from './rule-text.ts';
import { Counts, NO_DIRECTION, type MetricRule, type RuleChoice } from './rule.ts';

/** Metrics on one page. */
export const RULES_PAGE = 50;

/** A button that turns which way is better. */
export interface TurnView {
  key: string;
  /** '' where there is no direction yet. */
  text: string;
  title: string;
}

export function showTurn({ key, direction, isGuessed }: MetricRule): TurnView {
  const source = isGuessed ? 'guessed' : 'set';
  const title =
    direction === null
      ? 'No way is better. Click: higher is better'
      : `${direction === Direction.Max ? 'Higher' : 'Lower'} is better (${source}). Click: ${direction === Direction.Max ? 'lower' : 'higher'} is better`;
  return { key, text: arrowOf(direction), title: `${key}: ${title}` };
}

/** What a click on it sets. */
export function turned(direction: Direction | null): Direction {
  return direction === Direction.Max ? Direction.Min : Direction.Max;
}

export function directionWords(direction: RuleChoice['direction'], key: string): string {
  if (direction === null) {
    const guess = directionOf(key);
    return guess === null ? 'no way is better (guessed)' : `${directionWords(guess, key)} (guessed)`;
  }
  if (direction === NO_DIRECTION) return 'no way is better';
  return direction === Direction.Max ? 'higher is better' : 'lower is better';
}

/** Short, for a list to choose from. */
function optionWords(direction: RuleChoice['direction'], key: string): string {
  if (direction === null) return `${optionWords(directionOf(key) ?? NO_DIRECTION, key)} (guess)`;
  if (direction === NO_DIRECTION) return 'neither';
  return direction === Direction.Max ? 'higher' : 'lower';
}

const COUNTS: [Counts, string][] = [
  [Counts.Last, 'last value'],
  [Counts.Best, 'best value'],
  [Counts.Min, 'least value'],
  [Counts.Max, 'greatest value'],
  [Counts.Mean, 'mean of all values'],
  [Counts.MeanLast, 'mean of the last …'],
  [Counts.AtBest, 'value at the best step of …'],
];

/** A form that was refused: what was typed, and why not. */
export interface RefusedForm {
  key: string;
  typed: Record<string, string>;
  errors: FieldMessages;
}

interface RulesPage {
  experiment: ExperimentRow;
  list: RuleList;
  counting: Counting[];
  query: { q?: string | undefined; page: number };
  refused?: RefusedForm | undefined;
}

export function showRules({ experiment, list, counting, query, refused }: RulesPage): PageContext {
  const path = `/experiments/${experiment.id}/metrics`;
  const { q = '', page } = query;
  return {
    title: `Metrics of ${middle(experiment.name, 60)}`,
    experiment: { id: experiment.id, name: middle(experiment.name, 60), title: experiment.name },
    tabs: showTabs(experiment.id, '/metrics'),
    path,
    q,
    back: link(path, { q: q || null, page: page === 1 ? null : page }),
    empty: list.keys.length === 0,
    rows: list.items.map((rule, place) => showForm(rule, place, list.main, refused)),
    keys: list.keys.slice(0, KEYS_OFFERED),
    limits: { k: LIMITS.lastPoints, unit: LIMITS.unit, digits: LIMITS.digits, key: LIMITS.key },
    counting: showCounting(counting),
    pager: showPager(
      { page, size: RULES_PAGE, total: list.total, what: list.total === 1 ? 'metric' : 'metrics' },
      (to) => link(path, { q: q || null, page: to === 1 ? null : to }),
    ),
  };
}

/** Names offered while one is typed. */
const KEYS_OFFERED = 300;

function showForm(rule: MetricRule, place: number, main: string | null, refused?: RefusedForm): unknown {
  const { key } = rule;
  const isRefused = refused?.key === key;
  const chosen = rule.isGuessed ? '' : (rule.direction ?? NO_DIRECTION);
  const stored = {
    direction: chosen,
    value: rule.value,
    k: rule.k === null ? '' : String(rule.k),
    by: rule.by ?? '',
    unit: rule.unit,
    digits: rule.digits === null ? '' : String(rule.digits),
  };
  return {
    id: `rule-${place}`,
    key,
    isMain: key === main,
    isSet: rule.isSet,
    sentence: ruleSentence(rule),
    directions: [null, Direction.Max, Direction.Min, NO_DIRECTION].map((one) => ({
      value: one ?? '',
      label: optionWords(one as RuleChoice['direction'], key),
    })),
    counts: COUNTS.map(([value, label]) => ({ value, label })),
    values: isRefused ? { ...stored, ...refused.typed } : stored,
    errors: isRefused
      ? Object.entries(refused.errors).map(([field, message]) => `${NAMES[field] ?? field} ${message}`)
      : [],
    wrong: isRefused ? refused.errors : {},
  };
}

/** What the fields are called on the page. */
const NAMES: Record<string, string> = { k: 'last points:', by: 'other metric:', digits: 'decimals:', unit: 'unit:' };

/** `val/acc: 3,000 of 10,000 runs are counted by its new rule; the others are missing in orders and ranks.` */
export function showCounting(counting: Counting[]): string[] {
  return counting.map(
    ({ key, done, of }) =>
      `${key}: ${formatCount(done)} of ${plural(of, 'run')} are counted by its new rule; the others are missing in orders and ranks until they are.`,
  );
}
