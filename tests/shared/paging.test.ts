// tests/shared/paging.test.ts
// Purpose: pages of real lists by every order: nothing missed, nothing twice, null last, stable while rows arrive.
// Why: a script that walks all pages must see every run once.
// Relevant files: shared/db/paging.ts, runs/run-filter.ts, experiments/queries.ts

import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPERIMENT_ORDERS } from '../../experiments/schemas.ts';
import { RUN_ORDER_FIELDS } from '../../runs/run-filter.ts';
import { RUN_STATUSES } from '../../runs/models.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

const COUNT = 23;

interface Page {
  items: { id: string | number; name: string; start_time: number | null }[];
  next_cursor: string | null;
  total: number;
}

let tracker: Tracker;
beforeAll(async () => {
  tracker = await startTracker();
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
afterAll(() => tracker.stop());

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
