// tests/shared/paging.test.ts
// Purpose: pages of real lists by every order: nothing missed, nothing twice, null last, stable while rows arrive.
// Why: a script that walks all pages must see every run once.
// Relevant files: shared/db/paging.ts, runs/run-filter.ts, experiments/queries.ts

import { beforeAll, expect, test } from 'vitest';
import { EXPERIMENT_ORDERS } from '../../experiments/schemas.ts';
import { RUN_ORDER_FIELDS } from '../../runs/run-filter.ts';
import { RUN_STATUSES } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';

const COUNT = 23;

interface Page {
  items: { id: string | number; name: string; start_time: number | null }[];
  next_cursor: string | null;
  total: number;
}

const tracker = useTracker();
beforeAll(async () => {
  for (let i = 0; i < COUNT; i++) {
    const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', {
      experiment: `experiment ${i % 7}`,
      name: `Run ${i % 5}`,
      start_time: i % 4 === 0 ? null : 1000 - (i % 6),
      status: RUN_STATUSES[i % RUN_STATUSES.length],
      params: i % 3 === 0 ? {} : { p: i % 2 === 0 ? i : `text ${i}` },
    });
    const value = ['NaN', 'Infinity', '-Infinity', 1, 1, '-0', 0][i % 7];
    if (i % 4 !== 1) await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics: [{ key: 'm', value }] });
  }
});

async function walk(path: string, limit: number): Promise<Page['items']> {
  const items: Page['items'] = [];
  let cursor = '';
  for (let page = 0; page <= 2 * COUNT; page++) {
    const { status, body } = await tracker.api<Page>('GET', `${path}&limit=${limit}${cursor}`);
    expect(status).toBe(200);
    items.push(...body.items);
    if (body.next_cursor === null) return items;
    expect(body.items).toHaveLength(limit);
    cursor = `&cursor=${body.next_cursor}`;
  }
  throw new Error('the pages never end');
}

const ORDERS = [...RUN_ORDER_FIELDS, 'params.p', 'metrics.m', 'metrics.none'];

test.each(ORDERS.flatMap((order) => [order, `-${order}`]))('runs by %s', async (order) => {
  const path = `/api/runs?order=${order}`;
  const whole = await walk(path, 1000);
  expect(new Set(whole.map((run) => run.id)).size).toBe(COUNT);
  for (const limit of [1, 4, COUNT]) expect(await walk(path, limit), `pages of ${limit}`).toEqual(whole);
});

test.each(EXPERIMENT_ORDERS.flatMap((order) => [order, `-${order}`]))('experiments by %s', async (order) => {
  const path = `/api/experiments?order=${order}`;
  const whole = await walk(path, 1000);
  expect(new Set(whole.map((experiment) => experiment.id)).size).toBe(7);
  expect(await walk(path, 2)).toEqual(whole);
});

test('missing values come last in both directions', async () => {
  for (const order of ['start_time', '-start_time']) {
    const times = (await walk(`/api/runs?order=${order}`, 5)).map((run) => run.start_time);
    const present = times.filter((time) => time !== null);
    expect(times.slice(present.length).every((time) => time === null)).toBe(true);
    expect(present).toEqual([...present].sort((a, b) => (order.startsWith('-') ? b - a : a - b)));
  }
});

test('what arrives while somebody walks shifts nothing', async () => {
  const first = (await tracker.api<Page>('GET', '/api/runs?order=name&limit=10')).body;
  const late = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'experiment 0', name: 'AAA' }))
    .body;
  const rest = await walk(`/api/runs?order=name&cursor=${first.next_cursor}`, 1000);
  const seen = [...first.items, ...rest].map((run) => run.id);
  expect(seen).toHaveLength(COUNT);
  expect(new Set(seen).size).toBe(COUNT);
  expect(seen).not.toContain(late.id);
  await tracker.api('DELETE', `/api/runs/${late.id}`);
});

test('totals count what matches, on every page', async () => {
  const { body } = await tracker.api<Page>('GET', '/api/runs?q=run%203&limit=2');
  expect(body.total).toBe(Array.from({ length: COUNT }, (_, i) => i % 5).filter((i) => i === 3).length);
});

test.each([
  ['status', '-params.p', 'name'],
  ['-metrics.m', 'start_time'],
  ['-start_time', 'metrics.m', '-status', 'name'],
  ['params.p', 'metrics.none', '-number'],
])('runs by several keys: %s, %s, %s', async (...keys) => {
  const path = `/api/runs?${keys.map((key) => `order=${key}`).join('&')}`;
  const whole = await walk(path, 1000);
  expect(new Set(whole.map((run) => run.id)).size).toBe(COUNT);
  for (const limit of [1, 4, COUNT]) expect(await walk(path, limit), `pages of ${limit}`).toEqual(whole);
  // What is equal in the first key stands in the order of the second, so the first alone finds the same groups.
  const alone = await walk(`/api/runs?order=${keys[0]}`, 1000);
  const inFirst = (run: Page['items'][number]): unknown => run[keys[0]?.replace('-', '') as 'start_time'];
  if (keys[0]?.includes('start_time')) expect(whole.map(inFirst)).toEqual(alone.map(inFirst));
});

test('the second key orders what is equal in the first, and a key that comes again says nothing', async () => {
  const order = (query: string): Promise<Page['items']> => walk(`/api/runs?${query}`, 1000);
  const rows = await order('order=name&order=-start_time&order=name');
  expect(rows).toEqual(await order('order=name&order=-start_time'));
  for (const [place, row] of rows.entries()) {
    const before = rows[place - 1];
    if (before?.name !== row.name) continue;
    expect(before.start_time ?? -1).toBeGreaterThanOrEqual(row.start_time ?? -1);
  }
});

test('a cursor of another order, and too many keys, are refused', async () => {
  const { next_cursor } = (await tracker.api<Page>('GET', '/api/runs?order=name&limit=2')).body;
  const other = await tracker.api('GET', `/api/runs?order=name&order=status&cursor=${next_cursor}`);
  expect([other.status, JSON.stringify(other.body)]).toEqual([400, expect.stringContaining('?cursor')]);
  const keys = ['name', 'status', 'number', 'start_time', 'end_time', 'duration', 'created_at'];
  const many = await tracker.api('GET', `/api/runs?${keys.map((key) => `order=${key}`).join('&')}`);
  expect([many.status, JSON.stringify(many.body)]).toEqual([400, expect.stringContaining('at most 6 keys')]);
});
