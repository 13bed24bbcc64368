// runs/query/where.ts
// Purpose: `where=…` of a URL: read, or refused with the place of the mistake; and which keys it names that nobody has.
// Why: the API and exports answer 400, a page shows the mistake under the filter; both in the same words.
// Relevant files: runs/query/parser.ts, runs/query/known-queries.ts, runs/run-filter.ts, runs/table/filter-views.ts

import { Problem } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';
import { closest, fieldNamed, fieldText, type KnownKeys } from './fields.ts';
import type { Query } from './leaves.ts';
import { AGGREGATES } from './field-reader.ts';
import { orderField } from './order-text.ts';
import { parseFilter, type Filter } from './parser.ts';
import { QueryError, tokensOf } from './tokens.ts';
import { movesWithTime } from './values.ts';

/** Throws a 400 that points at the mistake. */
export function readWhere(source: string, now: number, known?: KnownKeys): Filter {
  try {
    return parseFilter(source, now, known);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { line, caret } = pointAt(source, error);
    const text = `${sentence(error)} (at character ${error.at + 1})`;
    const errors = [{ path: '?where', message: text }];
    throw new Problem(400, `The filter cannot be read: ${text}\n${line}\n${caret}`, errors).inLines();
  }
}

/** Two moments on different days, at different times of the day. */
const [ONCE, LATER] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 5, 15, 7, 31)];

/**
 * Whether it finds other runs as time goes by: read at two moments it is two conditions. The text alone does not say:
 * `params.mode = today` is a value. What cannot be read is refused elsewhere, with its mistake.
 */
export function isTimed(source: string, known?: KnownKeys): boolean {
  if (!movesWithTime(source) || mistakeIn(source, ONCE, known)) return false;
  const [once, later] = [ONCE, LATER].map((now) => JSON.stringify(parseFilter(source, now, known).query));
  return once !== later;
}

/** Its condition without "order by"; what cannot be read stays as it is. */
export function withoutOrder(source: string): string {
  // Almost always there is none, and nothing has to be read to know that.
  if (!/\border\s+by\b/i.test(source) || mistakeIn(source, 0)) return source;
  return source.slice(0, parseFilter(source, 0).orderAt).trimEnd();
}

/** What passes the filter and a further condition, either of which may be empty; null: too long for an address. */
export function narrowed(source: string | undefined, condition: string): string | null {
  const kept = withoutOrder(source ?? '').trim();
  const text = kept === '' || condition === '' ? kept + condition : `(${kept}) and ${condition}`;
  return text.length > LIMITS.query ? null : text;
}

/** What is wrong with a filter; undefined: nothing. */
export interface Mistake {
  text: string;
  line: string;
  caret: string;
  /** The filter with the suggestion in place of the mistake. */
  better: string | undefined;
}

export function mistakeIn(source: string, now: number, known?: KnownKeys): Mistake | undefined {
  try {
    parseFilter(source, now, known);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { at, end, suggestion } = error;
    const better = suggestion === undefined ? undefined : source.slice(0, at) + suggestion + source.slice(end);
    return { text: sentence(error), ...pointAt(source, error), better };
  }
}

function sentence({ message, suggestion }: QueryError): string {
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${message}${hint}`;
}

/** Characters of a filter that are shown on each side of a mistake. */
const AROUND = 60;

function pointAt(source: string, { at, end }: QueryError): { line: string; caret: string } {
  const from = Math.max(0, at - AROUND);
  // Each place is one column: what breaks lines or has no width would move the caret.
  const line = source.slice(from, end + AROUND).replace(/\s/g, ' ');
  return { line, caret: `${' '.repeat(at - from)}${'^'.repeat(Math.min(end - at, AROUND))}` };
}

/** A key that the filter names and no run of the experiment has. */
export interface UnknownKey {
  kind: 'metric' | 'param';
  key: string;
  near: string | undefined;
  /** What stands for the whole field: `min(metrics.loss)` for `metrics.loss.min`. Undefined: the field with the key that is near. */
  better?: string | undefined;
}

/** `known`: the keys of the experiment. A filter may name what is not there yet, so this is a hint and no mistake. */
export function unknownKeys(query: Query, known: KnownKeys): UnknownKey[] {
  const found = new Map<string, UnknownKey>();
  for (const { kind, key } of keysIn(query)) {
    if (known[kind].includes(key)) continue;
    const better = kind === 'metric' ? asAggregate(key, known.metric) : undefined;
    found.set(`${kind} ${key}`, { kind, key, near: better ?? closest(key, known[kind]), better });
  }
  return [...found.values()];
}

/** Other trackers write `metrics.loss.min` and `loss@100`; here a key may have points and such signs itself. */
function asAggregate(key: string, known: readonly string[]): string | undefined {
  const [, of = '', word = ''] = /^([^]+)[.@]([a-z]+|\d+)$/.exec(key) ?? [];
  if (!known.includes(of)) return undefined;
  const metric = fieldText('metric', of);
  if (/^\d+$/.test(word)) return `${metric} @${word}`;
  return (AGGREGATES as readonly string[]).includes(word) ? `${word}(${metric})` : undefined;
}

/** The filter with what is near in the place of a key that nobody has, wherever it stands as this field. */
export function withNearKey(source: string, { kind, key, near = key, better }: UnknownKey): string {
  let text = source;
  for (const token of tokensOf(source).reverse()) {
    const field = fieldNamed(token.text)?.field;
    const isIt = field?.of === kind && field.key === key;
    if (isIt) text = text.slice(0, token.at) + (better ?? fieldText(kind, near)) + text.slice(token.end);
  }
  return text;
}

export type NamedKeys = Record<'metric' | 'param', string[]>;

/** The metrics and params that a filter and its order name, each once. */
export function namedKeys({ query, order }: Filter): NamedKeys {
  const ordered = order.map((key) => orderField(key.replace(/^-/, ''))).filter((field) => field !== undefined);
  const all = [...keysIn(query), ...ordered.flatMap((field) => keysIn({ field, test: { op: 'present' } }))];
  const of = (kind: 'metric' | 'param'): string[] => [
    ...new Set(all.filter((one) => one.kind === kind).map(({ key }) => key)),
  ];
  return { metric: of('metric'), param: of('param') };
}

function keysIn(query: Query): { kind: 'metric' | 'param'; key: string }[] {
  if ('and' in query) return query.and.flatMap(keysIn);
  if ('or' in query) return query.or.flatMap(keysIn);
  if ('not' in query) return keysIn(query.not);
  const { field } = query;
  return field.of === 'metric' || field.of === 'param' ? [{ kind: field.of, key: field.key }] : [];
}
