// runs/query/leaves.ts
// Purpose: one test of a filter (`params.lr < 0.1`, `started > -7d`) as a condition, by the kind of its field.
// Why: what a comparison means for text, numbers, times, states, params and metrics is said in one place.
// Relevant files: runs/query/parser.ts, runs/query/fields.ts, runs/query/values.ts, shared/search/condition.ts

import { readNumber } from '../../shared/cells.ts';
import type { Comparison, Condition } from '../../shared/search/condition.ts';
import { RUN_STATUSES, RunStatus } from '../models.ts';
import type { RunField } from '../search/run-fields.ts';
import { STALLED_AFTER_MS } from '../status.ts';
import { closest, type Field, type Kind } from './fields.ts';
import { QueryError, type Token } from './tokens.ts';
import { readDuration, readTime } from './values.ts';

export type Query = Condition<RunField | { of: 'words' }>;

export type Operator = Comparison | '~' | '!~';

/** `field op value` */
export function comparison({ field, kind, label }: Field, op: Operator, value: Token, now: number): Query {
  if (op === '~' || op === '!~') return textMatch({ field, kind, label }, op, value);
  switch (kind) {
    case 'text':
      if (op !== '=' && op !== '!=') throw needs(value, `${label} is text: compare it with =, != or ~`);
      return { field, test: { op, value: value.text } };
    case 'param':
      return paramTest(field, op, value, label);
    case 'metric':
      return numberTest(field, op, numberIn(value, `${label} is a metric: compare it with a number`));
    case 'number':
      return numberTest(field, op, finite(numberIn(value, `${label} is a number`), value));
    case 'duration':
      return { field, test: { op, value: durationIn(value, label) } };
    case 'time':
      return timeTest(field, op, value, now, label);
    case 'status':
      return statusTest(field, op, value, now);
  }
}

function needs(token: Token, message: string, suggestion?: string): QueryError {
  return new QueryError(message, token, suggestion);
}

/** In any case of letters; of what has a text. */
function textMatch({ field, kind, label }: Field, op: '~' | '!~', { text, ...value }: Token): Query {
  if (kind !== 'text' && kind !== 'param') throw needs({ text, ...value }, `${label} is not text: ~ looks into text`);
  const contains: Query = { field, test: { op: 'contains', text } };
  return op === '~' ? contains : { and: [{ field, test: { op: 'present' } }, { not: contains }] };
}

/** As numbers when the value is one and stands without quotes; else as texts. */
function paramTest(field: RunField, op: Comparison, value: Token, label: string): Query {
  const number = value.kind === 'word' ? readNumber(value.text) : undefined;
  if (number !== undefined && Number.isFinite(number)) return { field, test: { op, value: number } };
  if (op === '=' || op === '!=') return { field, test: { op, value: value.text } };
  throw needs(value, `${label} ${op} needs a number`);
}

/** `= nan` and `!= nan` are about NaN itself. */
function numberTest(field: RunField, op: Comparison, value: number): Query {
  if (!Number.isNaN(value)) return { field, test: { op, value } };
  const isNan: Query = { field, test: { op: 'nan' } };
  if (op === '=') return isNan;
  if (op === '!=') return { and: [{ field, test: { op: 'present' } }, { not: isNan }] };
  return { or: [] };
}

function numberIn(value: Token, message: string): number {
  const number = readNumber(value.text);
  if (number === undefined) throw needs(value, message);
  return number;
}

function finite(value: number, token: Token): number {
  if (!Number.isFinite(value)) throw needs(token, 'this needs a finite number');
  return value;
}

function durationIn(value: Token, label: string): number {
  const ms = readDuration(value.text);
  if (ms !== undefined) return ms;
  const isBare = readNumber(value.text) !== undefined;
  throw needs(value, `${label} needs a unit, as in 90s, 5min or 1h30m`, isBare ? `${value.text}s` : undefined);
}

/** A day is a stretch of time: `=` means within it, `>` from its start on, `>=` too; `<=` until its end. */
function timeTest(field: RunField, op: Comparison, value: Token, now: number, label: string): Query {
  const span = readTime(value.text, now);
  if (!span) throw needs(value, `${label} needs a time, as in 2026-11-24, 2026-11-24T18:00, -7d, today or now`);
  const test = (one: Comparison, at: number): Query => ({ field, test: { op: one, value: at } });
  switch (op) {
    case '=':
      return { and: [test('>=', span.from), test('<', span.to)] };
    case '!=':
      return { or: [test('<', span.from), test('>=', span.to)] };
    case '<=':
      return test('<', span.to);
    case '<':
    case '>=':
      return test(op, span.from);
    case '>':
      return test('>', span.from);
  }
}

const STALLED = 'stalled';
const STATES: string[] = [...RUN_STATUSES, STALLED];

/** A stalled run is a running one that was not heard of for a while; `running` means those that were. */
function statusTest(field: RunField, op: Comparison, value: Token, now: number): Query {
  if (op !== '=' && op !== '!=') throw needs(value, 'status is compared with = or !=');
  const state = value.text.toLowerCase();
  if (!STATES.includes(state))
    throw needs(value, `there is no status ${JSON.stringify(value.text)}; there are ${STATES.join(', ')}`, closest(state, STATES)); // prettier-ignore
  const heard: RunField = { of: 'run', name: 'heard_at' };
  const isQuiet: Query = { field: heard, test: { op: '<', value: now - STALLED_AFTER_MS } };
  const has = (status: string): Query => ({ field, test: { op: '=', value: status } });
  const isIt: Query =
    state === STALLED
      ? { and: [has(RunStatus.Running), isQuiet] }
      : state === RunStatus.Running
        ? { and: [has(state), { not: isQuiet }] }
        : has(state);
  return op === '=' ? isIt : { not: isIt };
}

/** `field is null`, `field is not null` */
export function presence({ field }: Field, isThere: boolean): Query {
  const present: Query = { field, test: { op: 'present' } };
  return isThere ? present : { not: present };
}

/** `metrics.loss has nan`: at any step; summaries count NaN and the infinities together. */
export function hasNonFinite({ field, label }: Field, at: Token): Query {
  if (field.of !== 'metric') throw needs(at, `${label} is no metric: only a metric has nan`);
  return { field: { of: 'metric', key: field.key, value: 'nonfinite_count' }, test: { op: '>', value: 0 } };
}

/** `metrics.loss is nan`, `is inf` (of either sign): the value that is meant, not one on the way. */
export function isNonFinite({ field, label }: Field, word: 'nan' | 'inf', at: Token): Query {
  if (field.of !== 'metric') throw needs(at, `${label} is no metric: only a metric is ${word}`);
  if (word === 'nan') return { field, test: { op: 'nan' } };
  return { or: [Infinity, -Infinity].map((value) => ({ field, test: { op: '=', value } })) };
}

/** Free words: in the name, in notes, in tags. */
export function words(text: string): Query {
  return { field: { of: 'words' }, test: { op: 'contains', text } };
}

export const RANGED: readonly Kind[] = ['number', 'metric', 'param', 'duration', 'time'];
