// tests/runs/query-random.test.ts
// Purpose: random filters find what a naive evaluation of what they mean finds; no text makes the server fail.
// Why: a filter that finds too much or too little is worse than none, and filters are typed by people.
// Relevant files: runs/query/parser.ts, runs/query/query-sql.ts, tests/runs/search-naive.ts

import { beforeAll, expect, it } from 'vitest';
import { parseQuery, type Query } from '../../runs/query/parser.ts';
import { QueryError } from '../../runs/query/tokens.ts';
import type { RunField } from '../../runs/search/run-fields.ts';
import type { Condition, Test } from '../../shared/search/condition.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { KEYS, logRun, NUMBERS, passes, randomRun, TEXTS, type Pick1, type PlainRun } from './search-naive.ts';

const tracker = useTracker();
const made: PlainRun[] = [];
const random = randomFrom(77);
const pick: Pick1 = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];

beforeAll(async () => {
  for (let i = 0; i < 60; i++) made.push(await logRun(tracker, randomRun(random, pick, made.map(({ id }) => id)))); // prettier-ignore
});

/** A filter's text, and what it must mean. */
interface Said {
  text: string;
  means: Query;
}

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;

function quote(text: string): string {
  const mark = pick(['"', "'", '`']);
  return mark + text.replaceAll(mark, mark + mark) + mark;
}

function leaf(): Said {
  const key = pick([...KEYS, 'nowhere']);
  const shown = pick([key, quote(key)]);
  const said = (text: string, field: RunField, test: Test): Said => ({ text, means: { field, test } });
  const op = pick(COMPARISONS);
  const number = pick([...NUMBERS.filter((one) => Number.isFinite(one) && !Object.is(one, -0)), 2, 1e300]);
  const text = pick(TEXTS);
  const value = pick(['last', 'first', 'min', 'max', 'mean', 'count'] as const);
  return pick<() => Said>([
    () => said(`metrics.${shown} ${op} ${number}`, { of: 'metric', key, value: 'counts' }, { op, value: number }),
    () => said(`${value}(metrics.${shown})${op}${number}`, { of: 'metric', key, value }, { op, value: number }),
    () => said(`metric.${shown} = nan`, { of: 'metric', key, value: 'counts' }, { op: 'nan' }),
    () => said(`metrics.${shown} has nan`, { of: 'metric', key, value: 'nonfinite_count' }, { op: '>', value: 0 }),
    () => said(`at(metrics.${shown}, 1) ${op} ${number}`, { of: 'metric', key, value: 'at', step: 1 }, { op, value: number }),
    () => said(`metrics.${shown} is not null`, { of: 'metric', key, value: 'counts' }, { op: 'present' }),
    () => said(`params.${shown} = ${quote(text)}`, { of: 'param', key }, { op: '=', value: text }),
    () => said(`params.${shown} ~ ${quote(text)}`, { of: 'param', key }, { op: 'contains', text }),
    () => said(`tags.${shown} != ${quote(text)}`, { of: 'tag', key }, { op: '!=', value: text }),
    () => said(`tag:${shown}`, { of: 'tag', key }, { op: 'present' }),
    () => said(`name ~ ${quote(text)}`, { of: 'run', name: 'name' }, { op: 'contains', text }),
    () => said(`status = finished`, { of: 'run', name: 'status' }, { op: '=', value: 'finished' }),
    () => said(`number > 0`, { of: 'run', name: 'number' }, { op: '>', value: 0 }),
    () => ({ text: quote(text), means: { field: { of: 'words' }, test: { op: 'contains', text } } }),
  ])(); // prettier-ignore
}

function sentence(depth = 3): Said {
  const kind = depth === 0 ? 'leaf' : pick(['leaf', 'and', 'and', 'or', 'not']);
  if (kind === 'leaf') return leaf();
  if (kind === 'not') {
    const { text, means } = sentence(depth - 1);
    return { text: `not (${text})`, means: { not: means } };
  }
  const parts = [sentence(depth - 1), sentence(depth - 1), ...(random() < 0.3 ? [sentence(depth - 1)] : [])];
  const joins = kind === 'and' ? [' and ', ' '] : [' or '];
  return {
    text: parts.map(({ text }) => `(${text})`).join(pick(joins)),
    means: kind === 'and' ? { and: parts.map(({ means }) => means) } : { or: parts.map(({ means }) => means) },
  };
}

function finds(run: PlainRun, query: Query): boolean {
  if ('and' in query) return query.and.every((one) => finds(run, one));
  if ('or' in query) return query.or.some((one) => finds(run, one));
  if ('not' in query) return !finds(run, query.not);
  if (query.field.of !== 'words') return finds1(run, query as Condition<RunField>);
  const text = 'text' in query.test ? query.test.text.trim().toLowerCase() : '';
  const texts = [run.name, run.notes, ...Object.keys(run.tags), ...Object.values(run.tags)];
  return text === '' || texts.some((one) => one.toLowerCase().includes(text));
}

function finds1(run: PlainRun, condition: Condition<RunField>): boolean {
  const isNumber = 'field' in condition && condition.field.of === 'run' && condition.field.name === 'number';
  return isNumber || passes(run, condition);
}

async function idsOf(where: string, among = ''): Promise<string[]> {
  const path = `/api/runs?limit=1000${among}&where=${encodeURIComponent(where)}`;
  const { status, body } = await tracker.api<{ items: { id: string }[]; total: number }>('GET', path);
  expect(status, where).toBe(200);
  expect(body.total, where).toBe(body.items.length);
  return body.items.map(({ id }) => id).sort();
}

it('600 random filters find what they say', async () => {
  let found = 0;
  for (let i = 0; i < 600; i++) {
    const { text, means } = sentence();
    if (text.length > 1000) continue;
    expect(parseQuery(text, 0), text).toEqual(means);
    const expected = made.filter((run) => finds(run, means)).map(({ id }) => id);
    expect(await idsOf(text), text).toEqual(expected.sort());
    found += expected.length;
  }
  // Most are neither about nothing nor about everything.
  expect(found).toBeGreaterThan(5_000);
  expect(found).toBeLessThan(30_000);
});

it('and the same within one experiment, where indexes help; groups are made of the same runs', async () => {
  const { body } = await tracker.api<{ items: { id: number }[] }>('GET', '/api/experiments?q=one');
  const experiment = body.items[0]?.id ?? 0;
  for (let i = 0; i < 150; i++) {
    const { text, means } = sentence(2);
    if (text.length > 1000) continue;
    const expected = made.filter((run) => finds(run, means)).map(({ id }) => id);
    expect(await idsOf(text, `&experiment=${experiment}`), text).toEqual(expected.sort());
    const path = `/api/experiments/${experiment}/groups?by=parent&where=${encodeURIComponent(text)}`;
    const groups = await tracker.api<{ items: { runs: string[] }[] }>('GET', path);
    expect(groups.body.items.flatMap(({ runs }) => runs).sort(), text).toEqual(expected);
  }
});

const PIECES = [
  ...['metrics.', 'metrics.a', 'params.', 'tag:', 'name', 'status', 'started', 'min(', 'at(', 'a', 'b/c', '(', ')', ','],
  ...['and', 'or', 'not', 'in', 'is', 'null', 'has', 'nan', 'between', 'order', 'order by', 'desc', '@3', 'step(', 'best(', '=', '!=', '<', '~', '!', '"', "'", '`', '1', '-7d'],
  ...["'; drop table runs; --", '%', '_', '\\', '?', '$1', '\u0000', '\ud800', '🦄', '\n', '1e999', '9'.repeat(40)],
]; // prettier-ignore

function nonsense(): string {
  const length = Math.floor(random() * 14);
  return Array.from({ length }, () => pick(PIECES) + pick(['', ' '])).join('');
}

it('20,000 texts of nonsense are read, or are a mistake with a place in them', () => {
  const outcomes = { read: 0, refused: 0 };
  for (let i = 0; i < 20_000; i++) {
    const text = nonsense();
    try {
      parseQuery(text, 0);
      outcomes.read += 1;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      expect(error.at).toBeLessThanOrEqual(text.length);
      outcomes.refused += 1;
    }
  }
  expect(outcomes.read).toBeGreaterThan(2_000);
  expect(outcomes.refused).toBeGreaterThan(5_000);
});

it('400 of them are answered by the server with 200 or with a 400 about ?where', async () => {
  for (let i = 0; i < 400; i++) {
    const where = encodeURIComponent(nonsense().toWellFormed());
    const { status, body } = await tracker.api<{ errors?: { path: string }[] }>('GET', `/api/runs?where=${where}`);
    expect([200, 400], where).toContain(status);
    if (status === 400) expect(body.errors?.[0]?.path, where).toBe('?where');
  }
});
