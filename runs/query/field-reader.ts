// runs/query/field-reader.ts
// Purpose: the field that stands at a place of a filter: `params.lr`, `min(metrics.loss)`, `metrics.loss @100`, `step(best(…))`.
// Why: conditions and orders name the same fields in the same way.
// Relevant files: runs/query/fields.ts, runs/query/cursor.ts, runs/query/parser.ts
//
//   field     = "metrics." key [ "@" step ] | "params." key | "tags." key | attribute | aggregate | at | "step" "(" metric ")"
//   aggregate = ("last" | "first" | "min" | "max" | "mean" | "count" | "best") "(" "metrics." key ")"
//   at        = "at" "(" "metrics." key "," step ")"

import type { MetricValue, RunField } from '../search/run-fields.ts';
import type { Cursor } from './cursor.ts';
import { fieldNamed, type Field } from './fields.ts';
import { QueryError, type Token } from './tokens.ts';

export const AGGREGATES = ['last', 'first', 'min', 'max', 'mean', 'count', 'best'] as const;

type MetricField = Extract<RunField, { of: 'metric' }>;

/** Undefined, and nothing taken, where none stands. Whether a bare `name` is meant as one, the caller knows. */
export function readField(cursor: Cursor): Field | undefined {
  const token = cursor.peek();
  if (token.kind !== 'word') return undefined;
  const called = readCall(cursor);
  if (called) return called;
  const field = fieldNamed(token.text, labelOf(token));
  if (!field) return undefined;
  cursor.next();
  return field.field.of === 'metric' ? withStep(cursor, field, field.field) : field;
}

function labelOf({ text, bare }: Token): string {
  return bare === undefined ? text : `${text.slice(0, bare)}${JSON.stringify(text.slice(bare))}`;
}

/** `@100`, with a space before it: keys may have `@5` in them (`recall@5`). */
function withStep(cursor: Cursor, field: Field, { key }: MetricField): Field {
  const { text, kind } = cursor.peek();
  if (kind !== 'word' || !text.startsWith('@')) return field;
  const mark = cursor.next();
  const token = text === '@' ? cursor.next() : { ...mark, text: text.slice(1), at: mark.at + 1 };
  const step = stepIn(token);
  return { ...field, field: { of: 'metric', key, value: 'at', step }, label: `${field.label} @${step}` };
}

function stepIn(token: Token): number {
  if (token.kind === 'word' && /^-?\d+$/.test(token.text) && Number.isSafeInteger(Number(token.text)))
    return Number(token.text);
  throw new QueryError('a step is a whole number', token);
}

/** Only with its bracket right behind it: `min (a or b)` is a word and a bracket. */
export function startsCall(cursor: Cursor): boolean {
  const { text, kind, end } = cursor.peek();
  const word = text.toLowerCase();
  const isCall = kind === 'word' && (word === 'at' || word === 'step' || isAggregate(word));
  return isCall && cursor.isSign('(', 1) && cursor.peek(1).at === end;
}

function readCall(cursor: Cursor): Field | undefined {
  if (!startsCall(cursor)) return undefined;
  const word = cursor.next().text.toLowerCase();
  cursor.next();
  const { field, label } = word === 'step' ? stepOf(cursor) : valueOf(cursor, word);
  const closed = cursor.next();
  if (closed.kind !== 'sign' || closed.text !== ')') throw new QueryError('a closing bracket is missing', closed);
  return { field, kind: word === 'step' ? 'number' : 'metric', label: `${word}(${label})` };
}

function isAggregate(word: string): word is (typeof AGGREGATES)[number] {
  return (AGGREGATES as readonly string[]).includes(word);
}

interface Inner {
  field: MetricField;
  label: string;
}

function valueOf(cursor: Cursor, word: string): Inner {
  const { key, label } = metricIn(cursor, word);
  if (isAggregate(word)) return { field: { of: 'metric', key, value: word }, label };
  if (!cursor.takeSign(','))
    throw new QueryError('at(…) needs a metric and a step, as in at(metrics.loss, 100)', cursor.peek());
  const step = stepIn(cursor.next());
  return { field: { of: 'metric', key, value: 'at', step }, label: `${label}, ${step}` };
}

function metricIn(cursor: Cursor, word: string): { key: string; label: string } {
  const token = cursor.next();
  const field = token.kind === 'word' ? fieldNamed(token.text)?.field : undefined;
  if (field?.of !== 'metric') throw new QueryError(`${word}(…) needs a metric`, token, 'metrics.loss');
  return { key: field.key, label: labelOf(token) };
}

const STEPS: Partial<Record<MetricField['value'], MetricValue>> = {
  last: 'last_step',
  first: 'first_step',
  min: 'min_step',
  max: 'max_step',
  best: 'best_step',
};

/** `step(min(metrics.loss))`: where it stands; `step(metrics.loss)`: the last one logged. */
function stepOf(cursor: Cursor): Inner {
  const token = cursor.peek();
  const inner = readCall(cursor);
  if (!inner) {
    const { key, label } = metricIn(cursor, 'step');
    return { field: { of: 'metric', key, value: 'last_step' }, label };
  }
  const { field, label } = inner;
  const value = field.of === 'metric' ? STEPS[field.value] : undefined;
  if (field.of !== 'metric' || value === undefined)
    throw new QueryError('step(…) goes with a metric, min, max, best, first or last of it', token);
  return { field: { of: 'metric', key: field.key, value }, label };
}
