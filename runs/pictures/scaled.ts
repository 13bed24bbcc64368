// runs/pictures/scaled.ts
// Purpose: a column on its scale: linear, log, time or categories; which of its values have a place; what is said of the others.
// Why: drawing and figures use the same values, and whatever is left out is counted.
// Relevant files: runs/pictures/column-queries.ts, runs/curves/chart-scale.ts, runs/pictures/scatter.ts

import { formatDuration, formatNumber, formatTime, middle, plural } from '../../shared/format.ts';
import { extent } from '../curves/chart-axes.ts';
import { valueAxis, xAxis, type Axis } from '../curves/chart-scale.ts';
import { Scale, XAxis } from '../curves/chart-settings.ts';
import { escapeXml } from '../curves/chart-text.ts';
import { compareValues } from '../groups/groups.ts';
import { countsWords } from '../rules/rule-text.ts';
import type { Column } from './column-queries.ts';
import { AxisScale } from './picture-schemas.ts';

/** More texts than these are no axis that can be read. */
const CATEGORIES_MAX = 24;
/** From this on between the least and the greatest value, all above 0, `auto` is log. */
const LOG_FROM = 100;

export interface Scaled {
  column: Column;
  isLog: boolean;
  /** Texts in order; null: numbers. */
  categories: string[] | null;
  /** Values that count, by run: a number, on a log scale its logarithm; of a text its place among `categories`. */
  values: (number | null)[];
  /** Of the numbers themselves; 0 and 0 without any. */
  min: number;
  max: number;
  /** How many values there are that have a place. */
  n: number;
  /** Values ≤ 0 on a log scale. */
  dropped: number;
  /** Texts beyond the most frequent ones, and runs that have them. */
  rest: { texts: number; runs: number };
}

export function scaled(column: Column, asked: AxisScale = AxisScale.Auto): Scaled {
  if (!column.isNumber) return byCategory(column);
  const numbers = column.values.filter((value) => typeof value === 'number');
  const [least, greatest] = numbers.length === 0 ? [0, 0] : extent(numbers);
  const isWide = least > 0 && greatest / least >= LOG_FROM && column.field.of !== 'started';
  const isLog = asked === AxisScale.Log || (asked === AxisScale.Auto && isWide);
  const kept = isLog ? numbers.filter((value) => value > 0) : numbers;
  const [min, max] = kept.length === 0 ? [0, 0] : extent(kept);
  const on = (value: number | string | null): number | null => {
    if (typeof value !== 'number' || (isLog && value <= 0)) return null;
    return isLog ? Math.log10(value) : value;
  };
  const base = { column, isLog, categories: null, min, max, rest: { texts: 0, runs: 0 } };
  return { ...base, values: column.values.map(on), n: kept.length, dropped: numbers.length - kept.length };
}

function byCategory(column: Column): Scaled {
  const counts = new Map<string, number>();
  for (const value of column.values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || compareValues(a[0], b[0])).slice(0, CATEGORIES_MAX);
  const categories = frequent.map(([text]) => text).sort(compareValues);
  const places = new Map(categories.map((text, place) => [text, place]));
  const values = column.values.map((value) => (value === null ? null : (places.get(String(value)) ?? null)));
  const n = values.filter((value) => value !== null).length;
  const rest = { texts: counts.size - categories.length, runs: column.values.length - column.missing - n };
  return { column, isLog: false, categories, values, min: 0, max: categories.length - 1, n, dropped: 0, rest };
} // prettier-ignore

/** With about `count` ticks; null where no value has a place. `at` takes what `values` hold. */
export function axisOf(scale: Scaled, count: number): Axis | null {
  const { categories, isLog, min, max, n, column } = scale;
  if (n === 0) return null;
  if (categories) {
    const at = (value: number): number => (value + 0.5) / categories.length;
    const label = (text: string): string => escapeXml(middle(text === '' ? '""' : text, 18));
    return { min: 0, max, at, ticks: categories.map((text, value) => ({ value, label: label(text) })) };
  }
  if (column.field.of === 'started' || column.field.of === 'duration') {
    const kind = column.field.of === 'started' ? XAxis.Time : XAxis.Relative;
    if (!isLog) return xAxis(min, max, kind, count);
  }
  const axis = valueAxis(min, max, isLog ? Scale.Log : Scale.Linear, count);
  if (!isLog) return axis;
  const back = (value: number): number => axis.at(10 ** value);
  return { ...axis, at: back, ticks: axis.ticks.map(({ value, label }) => ({ value: Math.log10(value), label })) };
}

/** `lr (log)`, `val/loss (last value)` */
export function axisName({ column: { field, rule }, isLog }: Scaled): string {
  const unit = field.of === 'duration' ? 's' : field.of === 'started' ? 'UTC' : (rule?.unit ?? '');
  const words = [unit, ...(rule && countsWords(rule) !== 'last value' ? [countsWords(rule)] : []), isLog ? 'log' : ''];
  const more = words.filter((word) => word !== '').join(', ');
  return `${middle(field.label, 60)}${more === '' ? '' : ` (${more})`}`;
}

/** A value as people read it. */
export function shownValue({ field }: Column, value: number | string | null): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value === '' ? '""' : middle(value, 60);
  return field.of === 'duration' ? formatDuration(value * 1000) : shownNumber(field.of, value);
}

/** `of`: what a value is of, `started` or `params`; all else is a plain number. */
export function shownNumber(of: string, value: number): string {
  if (of === 'started') return formatTime(value);
  // As people set it: 0.01 and not 0.0100.
  if (of === 'params')
    return String(Number(value.toPrecision(6)))
      .replace(/^-/, '−')
      .replace('e+', 'e');
  return formatNumber(value);
}

/** `12 of 48 runs have no lr.` and whatever else has no place. */
export function leftOut(scale: Scaled): string[] {
  const { column, dropped, rest } = scale;
  const { field, missing, uncounted, texts, infinite, values } = column;
  const name = middle(field.label, 60);
  const have = (count: number): string => (count === 1 ? 'has' : 'have');
  const runs = plural(values.length, 'run');
  const said: string[] = [];
  const never = missing - uncounted;
  if (never > 0) said.push(`${never} of ${runs} ${have(never)} no ${name}.`);
  if (uncounted > 0)
    said.push(`${uncounted} of ${runs} logged ${name}, but no value of it counts: not ended yet, or NaN.`);
  if (texts.length > 0) {
    const some = [...new Set(texts)].slice(0, 3).map((text) => `“${middle(text, 20)}”`);
    said.push(`${plural(texts.length, 'run')} ${have(texts.length)} a text as ${name} (${some.join(', ')}${new Set(texts).size > 3 ? ', …' : ''}), which has no place among numbers.`); // prettier-ignore
  }
  if (infinite > 0) said.push(`${plural(infinite, 'run')} ${have(infinite)} an infinite ${name}, left out.`);
  if (dropped > 0)
    said.push(`${plural(dropped, 'value')} of ${name} ≤ 0 left out: a log scale cannot show ${dropped === 1 ? 'it' : 'them'}.`); // prettier-ignore
  if (rest.texts > 0)
    said.push(`Of ${name} the ${CATEGORIES_MAX} most frequent values are shown; ${plural(rest.runs, 'run')} with ${plural(rest.texts, 'other value')} left out.`); // prettier-ignore
  return said;
}
