// tests/runs/search-naive.ts
// Purpose: random runs, random condition trees and orders, and what they mean, evaluated in memory.
// Why: what the database finds must be what the tree says, however the search gets there.
// Relevant files: tests/runs/search.test.ts, shared/search/condition.ts

import { RUN_STATUSES, RunStatus } from '../../runs/models.ts';
import type { RunField, RunOrder } from '../../runs/search/search-queries.ts';
import { expect } from 'vitest';
import type { Condition, Test } from '../../shared/search/condition.ts';
import type { Tracker } from '../support/tracker.ts';

export interface PlainRun {
  id: string;
  name: string;
  status: string;
  start_time: number;
  end_time: number | null;
  notes: string;
  parent_id: string | null;
  metrics: Record<string, number>;
  params: Record<string, string>;
  tags: Record<string, string>;
}

export type Pick1 = <T>(from: readonly T[]) => T;

export const KEYS = ['a', 'b/c', 'ü'];
export const TEXTS = [
  'adam',
  'Adam',
  'ADAM 50%',
  'straße',
  'STRASSE',
  'Überlauf',
  'überlauf',
  '',
  '[a]*?',
  '0.5',
  'a_b',
  'aXb',
  '日本',
];
export const NUMBERS = [0, -0, 1, -1, 0.5, 1e-3, 2 ** 40, Infinity, -Infinity];

export function randomRun(random: () => number, pick: Pick1, parents: string[]): Omit<PlainRun, 'id'> {
  const some = <T>(value: () => T): Record<string, T> =>
    Object.fromEntries(KEYS.filter(() => random() < 0.7).map((key) => [key, value()]));
  const status = pick([...RUN_STATUSES, RunStatus.Running]);
  const start_time = 1_000 + Math.floor(random() * 8);
  return {
    name: pick(TEXTS.filter((text) => text !== '')),
    status,
    start_time,
    end_time: status === RunStatus.Finished ? start_time + Math.floor(random() * 5) : null,
    notes: pick(['', '', 'Note']),
    parent_id: random() < 0.3 && parents.length > 0 ? pick(parents) : null,
    metrics: some(() => (random() < 0.15 ? NaN : pick(NUMBERS))),
    params: some(() => pick(TEXTS)),
    tags: some(() => pick(TEXTS)),
  };
}

/** Through the API, into the experiment `one`; returned as it is then. */
export async function logRun(tracker: Tracker, run: Omit<PlainRun, 'id'>): Promise<PlainRun> {
  const { metrics, status, end_time, ...rest } = run;
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', {
    experiment: 'one',
    ...rest,
    status: RunStatus.Scheduled,
  });
  const points = Object.entries(metrics).map(([key, value]) => ({
    key,
    step: 1,
    value: Number.isFinite(value) ? value : String(value),
  }));
  const logged = await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics: points });
  expect(logged.status).toBe(200);
  const change = end_time === null ? { status } : { status, end_time };
  if (status !== RunStatus.Scheduled)
    expect((await tracker.api('PATCH', `/api/runs/${body.id}`, change)).status).toBe(200);
  const { body: now } = await tracker.api<PlainRun>('GET', `/api/runs/${body.id}`);
  return { ...run, id: body.id, start_time: now.start_time, end_time: now.end_time };
}

export function randomCondition(pick: Pick1, random: () => number, ids: string[], depth = 3): Condition<RunField> {
  const kind = depth === 0 ? 'leaf' : pick(['leaf', 'leaf', 'and', 'and', 'or', 'not']);
  if (kind === 'leaf') return leaf(pick, ids);
  const below = (): Condition<RunField> => randomCondition(pick, random, ids, depth - 1);
  if (kind === 'not') return { not: below() };
  const parts = Array.from({ length: Math.floor(random() * 4) }, below);
  return kind === 'and' ? { and: parts } : { or: parts };
}

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
const PATTERNS = ['%', 'a%', '%m', 'A___', '%50%', '_traße', 'STRA%', 'ü%', '[a]%', '%*?', 'a_b', '__', ''];

function leaf(pick: Pick1, ids: string[]): Condition<RunField> {
  const key = pick([...KEYS, 'nowhere']);
  const field = pick<RunField>([
    { of: 'metric', key, value: 'last' },
    { of: 'metric', key, value: 'last' },
    { of: 'metric', key, value: 'count' },
    { of: 'param', key },
    { of: 'tag', key },
    ...(['id', 'name', 'status', 'notes', 'parent'] as const).map((name) => ({ of: 'run' as const, name })),
    ...(['start_time', 'end_time', 'duration'] as const).map((name) => ({ of: 'run' as const, name })),
  ]);
  return { field, test: isNumber(field) ? numberTest(pick) : textTest(pick, field.of === 'run' ? ids : TEXTS) };
}

function isNumber(field: RunField): boolean {
  return field.of === 'metric' || (field.of === 'run' && /time|duration/.test(field.name));
}

function numberTest(pick: Pick1): Test {
  const op = pick([...COMPARISONS, 'present'] as const);
  const value = pick([...NUMBERS, 1_004, 1_003.5, 2, 1e300, -1e300]);
  return op === 'present' ? { op } : { op, value };
}

function textTest(pick: Pick1, texts: string[]): Test {
  const op = pick(['=', '!=', '<', '>=', 'like', 'ilike', 'in', 'not in', 'present'] as const);
  if (op === 'present') return { op };
  if (op === 'like' || op === 'ilike') return { op, pattern: pick(PATTERNS) };
  if (op === 'in' || op === 'not in')
    return { op, values: [pick(texts), pick(TEXTS), 'finished'].slice(0, pick([0, 2, 3])) };
  return { op, value: pick([...texts, ...TEXTS, 'finished', 'Note']) };
}

export function randomOrder(pick: Pick1): RunOrder {
  const key = pick([...KEYS, 'nowhere']);
  const fields: RunOrder[number]['field'][] = [
    { of: 'metric', key, value: 'last' },
    { of: 'metric', key, value: 'last' },
    { of: 'param', key },
    { of: 'tag', key },
    ...(['name', 'start_time', 'end_time', 'status', 'id'] as const).map((name) => ({ of: 'run' as const, name })),
  ];
  return Array.from({ length: pick([0, 1, 1, 2]) }, () => ({ field: pick(fields), descending: pick([true, false]) }));
}

export function passes(run: PlainRun, condition: Condition<RunField>): boolean {
  if ('and' in condition) return condition.and.every((one) => passes(run, one));
  if ('or' in condition) return condition.or.some((one) => passes(run, one));
  if ('not' in condition) return !passes(run, condition.not);
  const value = valueOf(run, condition.field);
  return value !== null && passesTest(value, condition.test);
}

function valueOf(run: PlainRun, field: RunField): string | number | null {
  switch (field.of) {
    case 'metric': {
      const value = run.metrics[field.key];
      if (value === undefined) return null;
      if (field.value === 'count') return 1;
      if (field.value === 'nonfinite_count') return Number(!Number.isFinite(value));
      if (field.value === 'at') return field.step === 1 ? value : null;
      return ['counts', 'last', 'first'].includes(field.value) || Number.isFinite(value) ? value : null;
    }
    case 'param':
      return run.params[field.key] ?? null;
    case 'tag':
      return run.tags[field.key] ?? null;
    case 'dataset':
      return null;
    case 'run':
      if (field.name === 'duration') return run.end_time === null ? null : run.end_time - run.start_time;
      if (field.name === 'parent') return run.parent_id;
      if (field.name === 'notes') return run.notes === '' ? null : run.notes;
      return run[field.name as 'id' | 'name' | 'status' | 'start_time' | 'end_time'];
  }
}

function passesTest(value: string | number, test: Test): boolean {
  if (test.op === 'present') return true;
  if ('pattern' in test) {
    const escaped = test.pattern
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('%', '.*')
      .replaceAll('_', '.');
    const [text, pattern] =
      test.op === 'ilike' ? [String(value).toLowerCase(), escaped.toLowerCase()] : [String(value), escaped];
    return new RegExp(`^${pattern}$`, 'su').test(text);
  }
  if ('values' in test) return test.values.includes(value) === (test.op === 'in');
  if (test.op === 'nan') return Number.isNaN(value);
  if (test.op === 'contains') return String(value).toLowerCase().includes(test.text.toLowerCase());
  const order = compare(value, test.value);
  return { '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    test.op
  ];
}

/** NaN compares with nothing; texts by their bytes. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

export function sorted(runs: PlainRun[], order: RunOrder): PlainRun[] {
  const keys: RunOrder = [
    ...order,
    { field: { of: 'run', name: 'start_time' }, descending: true },
    { field: { of: 'run', name: 'id' }, descending: false },
  ];
  return [...runs].sort((a, b) => {
    for (const { field, descending } of keys) {
      const [x, y] = [valueOf(a, field), valueOf(b, field)];
      const rank = (value: string | number | null): number => (value === null ? 2 : Number(Number.isNaN(value)));
      const difference = rank(x) - rank(y) || (rank(x) > 0 ? 0 : compare(x ?? 0, y ?? 0) * (descending ? -1 : 1));
      if (difference !== 0) return difference;
    }
    return 0;
  });
}
