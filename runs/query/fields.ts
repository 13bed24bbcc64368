// runs/query/fields.ts
// Purpose: the names of a filter's fields, what each of them is, and what may have been meant by one that is none.
// Why: one list for the language, its errors, its help page and the completion of the filter box.
// Relevant files: runs/query/parser.ts, runs/search/run-fields.ts, runs/templates/query-help.html

import type { MetricValue, RunColumn, RunField } from '../search/run-fields.ts';
import { QueryError, type Token } from './tokens.ts';

export type Kind = 'text' | 'number' | 'time' | 'duration' | 'status' | 'param' | 'metric';

export interface Field {
  field: RunField;
  kind: Kind;
  /** As it was written. */
  label: string;
}

interface Attribute {
  column: RunColumn;
  kind: Kind;
  about: string;
  /** Other names for it. */
  also?: string[];
}

export const ATTRIBUTES: Record<string, Attribute> = {
  name: { column: 'name', kind: 'text', about: 'name of the run' },
  status: { column: 'status', kind: 'status', about: 'scheduled, running, finished, failed, killed or stalled', also: ['state'] },
  notes: { column: 'notes', kind: 'text', about: 'its notes', also: ['note'] },
  started: { column: 'start_time', kind: 'time', about: 'when it started', also: ['start', 'start_time'] },
  ended: { column: 'end_time', kind: 'time', about: 'when it ended', also: ['end', 'end_time'] },
  created: { column: 'created_at', kind: 'time', about: 'when it was made here', also: ['created_at'] },
  heard: { column: 'heard_at', kind: 'time', about: 'when it was last heard of', also: ['heard_at'] },
  duration: { column: 'duration', kind: 'duration', about: 'from start to end, of runs that have ended', also: ['took'] },
  number: { column: 'number', kind: 'number', about: 'its number within the experiment' },
  experiment: { column: 'experiment', kind: 'text', about: 'name of its experiment' },
  user: { column: 'user', kind: 'text', about: 'who ran it (tag mlflow.user)' },
  parent: { column: 'parent', kind: 'text', about: 'id of its parent' },
  id: { column: 'id', kind: 'text', about: 'its id', also: ['run_id'] },
}; // prettier-ignore

const BY_NAME = new Map(
  Object.entries(ATTRIBUTES).flatMap(([name, attribute]) =>
    [name, ...(attribute.also ?? [])].map((one) => [one, attribute] as const),
  ),
);

// Maps, because `constructor` is a field of every object.
const DATASET = new Map<string, 'name' | 'digest' | 'context'>([
  ['dataset', 'name'],
  ['dataset.name', 'name'],
  ['dataset.digest', 'digest'],
  ['dataset.context', 'context'],
]);

const KEYED = new Map<string, 'metric' | 'param' | 'tag'>([
  ['metrics', 'metric'],
  ['metric', 'metric'],
  ['params', 'param'],
  ['param', 'param'],
  ['tags', 'tag'],
  ['tag', 'tag'],
]);

/** `metrics.`, `params.`, `tags.`, `tag:` with a key after it, or an attribute's name; undefined: no field. */
export function fieldNamed(text: string, label = text): Field | undefined {
  const [, prefix = '', key] = /^([a-z]+)[.:]([^]+)$/i.exec(text) ?? [];
  const of = KEYED.get(prefix.toLowerCase());
  if (of !== undefined && key !== undefined) return keyed(of, key, label);
  const lower = text.toLowerCase();
  const dataset = DATASET.get(lower);
  if (dataset !== undefined) return { field: { of: 'dataset', name: dataset }, kind: 'text', label };
  const attribute = BY_NAME.get(lower);
  return attribute && { field: { of: 'run', name: attribute.column }, kind: attribute.kind, label };
}

/** What a metric without an aggregate means: the value that counts, by its rule (runs/rules/rule.ts). */
export const BARE_METRIC = 'counts' satisfies MetricValue;

function keyed(of: 'metric' | 'param' | 'tag', key: string, label: string): Field {
  if (of === 'metric') return { field: { of, key, value: BARE_METRIC }, kind: 'metric', label };
  return { field: { of, key }, kind: of === 'param' ? 'param' : 'text', label };
}

/** Written like a field with a key: `metrics.loss`, `tag:baseline`. */
export function isKeyed(text: string): boolean {
  return /^(metrics?|params?|tags?)[.:]./i.test(text);
}

/** As it stands in a filter, in quotes where it needs them: `metrics."val acc"`. */
export function fieldText(of: 'metric' | 'param' | 'tag', key: string): string {
  return `${of}s.${valueText(key)}`;
}

/** In quotes where it needs them. */
export function valueText(text: string): string {
  return /^[^\s()"'`,=<>!~]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Keys that there are, for suggestions. */
export interface KnownKeys {
  metric: readonly string[];
  param: readonly string[];
}

/** `known`: a key of that name, or the nearest one, is what was meant. */
export function noField(token: Token, known?: KnownKeys): QueryError {
  const near = nearField(token.text, known);
  const hint = near === undefined ? `; metrics and params are written metrics.${token.text}, params.${token.text}` : '';
  return new QueryError(`there is no field ${JSON.stringify(token.text)}${hint}`, token, near);
}

function nearField(text: string, known: KnownKeys = { metric: [], param: [] }): string | undefined {
  for (const of of ['param', 'metric'] as const) if (known[of].includes(text)) return fieldText(of, text);
  const own = closest(text.toLowerCase(), [...BY_NAME.keys(), 'dataset']);
  if (own !== undefined) return own;
  for (const of of ['metric', 'param'] as const) {
    const near = closest(text, known[of]);
    if (near !== undefined) return fieldText(of, near);
  }
  return undefined;
}

/** The candidate that takes the fewest changes of a letter, if it takes few; or whose last part does (`val/accuracy`). */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(text.length / 3));
  const distance = (part: string): number =>
    Math.abs(part.length - text.length) <= most ? changes(text, part) : Infinity;
  const near = candidates
    .map((one) => ({ one, distance: Math.min(distance(one), distance(/[^/.]*$/.exec(one)?.[0] ?? '')) }))
    .filter((one) => one.distance <= most)
    .sort((a, b) => a.distance - b.distance)[0];
  if (near) return near.one;
  // `accuracy` for `val/accuracy_top1`
  return text.length < 3 ? undefined : candidates.find((one) => one.toLowerCase().includes(text.toLowerCase()));
}

/** Levenshtein's distance (Soviet Physics Doklady 10(8), 1966). */
export function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
