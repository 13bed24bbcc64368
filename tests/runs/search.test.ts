// tests/runs/search.test.ts
// Purpose: random searches of random runs find what a naive evaluation of the same tree finds, in its order, page by page.
// Why: a search may go along indexes, begin with few runs or look at all: the answer must never depend on it.
// Relevant files: runs/search/search-queries.ts, runs/search/ranked-search.ts, tests/runs/search-naive.ts

import { beforeAll, expect, it } from 'vitest';
import { searchRuns } from '../../runs/search/search-queries.ts';
import type { RunSearch } from '../../runs/search/run-search.ts';
import { View } from '../../shared/search/view.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import {
  logRun,
  passes,
  randomCondition,
  randomOrder,
  randomRun,
  sorted,
  type Pick1,
  type PlainRun,
} from './search-naive.ts';

const tracker = useTracker();
let experiment: number;
const made: PlainRun[] = [];
/** Made and put into the trash. */
const late: string[] = [];
const random = randomFrom(6);
const pick: Pick1 = (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];

beforeAll(async () => {
  for (let i = 0; i < 80; i++) made.push(await makeRun());
  const { body } = await tracker.api<{ items: { id: number }[] }>('GET', '/api/experiments');
  experiment = body.items[0]?.id ?? 0;
});

function makeRun(): Promise<PlainRun> {
  return logRun(tracker, randomRun(random, pick, made.map(({ id }) => id))); // prettier-ignore
}

function search(more: Partial<RunSearch> = {}): RunSearch {
  const all: RunSearch = {
    experiments: [experiment],
    view: View.Active,
    where: { and: [] },
    order: [],
    limit: 1000,
    offset: 0,
  };
  return { ...all, ...more };
}

async function idsOf(asked: RunSearch): Promise<string[]> {
  return (await searchRuns(tracker.app.store.read, asked)).runs.map(({ id }) => id);
}

it.each([
  ['of few runs all are looked at', 1_000],
  ['of many the search begins with those that pass a bound', 10_000],
])('finds what 750 random trees say, in the order asked for: %s', async (_, number) => {
  await tracker.app.store.write((tx) => tx.execute('update experiments set next_number = ?', [number]));
  let found = 0;
  for (let i = 0; i < 750; i++) {
    const where = randomCondition(
      pick,
      random,
      made.map(({ id }) => id),
    );
    const order = randomOrder(pick);
    const [limit, offset] = [pick([1, 3, 10, 1000]), pick([0, 0, 0, 2, 7])];
    const expected = sorted(
      made.filter((run) => passes(run, where)),
      order,
    ).map(({ id }) => id);
    const answer = await searchRuns(tracker.app.store.read, search({ where, order, limit, offset }));
    const context = JSON.stringify({ where, order, limit, offset });
    expect(
      answer.runs.map(({ id }) => id),
      context,
    ).toEqual(expected.slice(offset, offset + limit));
    expect(answer.hasMore, context).toBe(expected.length > offset + limit);
    found += answer.runs.length;
  }
  // Most are not about nothing.
  expect(found).toBeGreaterThan(2_500);
});

it('turns pages that runs which arrive meanwhile do not shift', async () => {
  const all = await idsOf(search());
  const first = await searchRuns(tracker.app.store.read, search({ limit: 5 }));
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'one' });
  const second = await idsOf(search({ limit: 5, offset: 5, newest: first.newest }));
  expect([...first.runs.map(({ id }) => id), ...second]).toEqual(all.slice(0, 10));
  expect((await idsOf(search({ limit: 1 })))[0]).toBe(body.id);
  await tracker.api('DELETE', `/api/runs/${body.id}`);
  late.push(body.id);
});

it('looks into the trash, or not, and finds nothing where there is nothing', async () => {
  const [one = '', two = ''] = made.map(({ id }) => id);
  await tracker.api('DELETE', `/api/runs/${one}`);
  const { body: other } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', {
    experiment: 'two',
  });
  await tracker.api('DELETE', `/api/experiments/${other.experiment_id}`);
  const experiments = [experiment, other.experiment_id, 12345];
  expect(await idsOf(search({ experiments }))).not.toContain(one);
  expect(
    await idsOf(search({ experiments, order: [{ field: { of: 'run', name: 'id' }, descending: false }] })),
  ).toContain(two);
  expect(new Set(await idsOf(search({ experiments, view: View.Trashed })))).toEqual(new Set([one, other.id, ...late]));
  expect(await idsOf(search({ experiments, view: View.All }))).toEqual(expect.arrayContaining([one, two, other.id]));
  expect(await idsOf(search({ experiments: [12345] }))).toEqual([]);
  expect(await idsOf(search({ experiments: [] }))).toEqual([]);
  await tracker.api('POST', `/api/runs/${one}/restore`);
});
