// tests/shared/equal-rows.test.ts
// Purpose: what is equal in all that a list is ordered by, or is kept in no order, is told in one order on both engines.
// Why: PostgreSQL gives equals in the order of its pages, which a change of any of them turns round; a page, a file, a cut would change with it.
// Relevant files: experiments/run-count-queries.ts, runs/queries.ts, runs/table/tree-queries.ts, runs/wide-points.ts, models/logged-queries.ts

import { expect, it } from 'vitest';
import { findByNameAnywhere } from '../../experiments/queries.ts';
import { runCounts } from '../../experiments/run-count-queries.ts';
import { logModelPoints } from '../../models/logged-changes.ts';
import { describeLoggedModel, requireLoggedModel } from '../../models/logged-queries.ts';
import { searchLoggedModels } from '../../models/search-queries.ts';
import { latestPoints } from '../../runs/facts-queries.ts';
import { RunStatus } from '../../runs/models.ts';
import { childrenOf, findRun } from '../../runs/queries.ts';
import { STEP_MAX, storeWide } from '../../runs/wide-points.ts';
import { listTree } from '../../runs/table/tree-queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { makeModel, makeRun } from '../models/support.ts';
import { addExperiment, addRun } from '../tags/support.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

const write = <T>(work: (tx: Db) => Promise<T>): Promise<T> => tracker.app.store.write(work);

/** To PostgreSQL a change is a new row behind all others; SQLite changes it where it lies. */
async function rewrite(table: string, column: string, where: string, ...values: unknown[]): Promise<void> {
  await write((tx) => tx.execute(`update ${table} set ${column} = ${column} where ${where}`, values));
}

it('the states of runs that are counted, by name', async () => {
  const id = await addExperiment(tracker, 'states');
  for (const status of [RunStatus.Killed, RunStatus.Running, RunStatus.Failed, RunStatus.Finished])
    await tracker.api('POST', '/api/runs', { experiment: 'states', status });
  const states = async (): Promise<string[]> =>
    Object.keys((await runCounts(tracker.app.store.read, [id])).get(id) ?? {});
  const byName = ['failed', 'finished', 'killed', 'running'];
  expect(await states()).toEqual(byName);
  for (const status of byName) {
    await rewrite('experiment_runs', 'runs', 'experiment_id = ? and status = ?', id, status);
    expect(await states()).toEqual(byName);
  }
});

it('of experiments of one name that went into the trash at once, the newest', async () => {
  const ids: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    ids.push(await addExperiment(tracker, 'again'));
    await write((tx) => tx.execute('update experiments set trashed_at = 7 where id = ?', [ids[i]]));
  }
  for (const id of ids) {
    await rewrite('experiments', 'name', 'id = ?', id);
    expect((await findByNameAnywhere(tracker.app.store.read, 'again'))?.id).toBe(ids[3]);
  }
});

it('children that have the same number in several experiments, the earliest first', async () => {
  const parent = await addRun(tracker, 'parents');
  const kids: string[] = [];
  for (const experiment of ['kids 1', 'kids 2', 'kids 3', 'kids 4']) {
    kids.push(await addRun(tracker, experiment));
    await write((tx) => tx.execute('update runs set parent_id = ? where id = ?', [parent, kids.at(-1)]));
  }
  for (const id of kids) {
    await rewrite('runs', 'name', 'id = ?', id);
    const { items } = await childrenOf(tracker.app.store.read, parent, 3);
    expect(items.map((run) => run.id)).toEqual(kids.slice(0, 3));
  }
});

it('where a tree has no room for all children, the parents that come first have one more', async () => {
  const parents: string[] = [];
  for (let i = 0; i < 14; i += 1) parents.push(await addRun(tracker, 'full', {}, `top ${10 + i}`));
  const [first] = parents;
  const run = await findRun(tracker.app.store.read, first ?? '');
  const experiment = run?.experiment_id ?? 0;
  await write(async (tx) => {
    for (const [at, parent] of parents.entries())
      for (let i = 0; i < 25; i += 1)
        await tx.execute(
          `insert into runs (id, experiment_id, number, name, status, heard_at, parent_id, notes, created_at, updated_at, name_folded)
            values (?, ?, ?, ?, 'finished', 1, ?, '', 1, 1, ?)`,
          [`${'0'.repeat(28)}${1000 + at * 25 + i}`, experiment, 100 + at * 25 + i, 'kid', parent, `kid ${i}`],
        );
  });
  const shown = async (order: string): Promise<number[]> => {
    const page = await listTree(tracker.app.store.read, { experiment, order }, 1, {}, { limit: 50 });
    return page.items.flatMap(({ id }) => (parents.includes(id) ? [page.marks.get(id)?.shown ?? 0] : []));
  };
  // 300 below them: 21 of each, and six more.
  const full = [...Array<number>(6).fill(22), ...Array<number>(8).fill(21)];
  expect(await shown('name')).toEqual(full);
  expect(await shown('-name')).toEqual(full);
});

it('of points beyond 2^53 at one place the last is as everywhere: NaN above all, 0 above −0', async () => {
  const run = await findRun(tracker.app.store.read, await addRun(tracker, 'wide'));
  if (!run) throw new Error('it was made');
  const values = { a: [-5, NaN, 3], b: [NaN, -5], c: [0, -0], d: [-0, 0] };
  const step = STEP_MAX;
  for (const [key, some] of Object.entries(values)) {
    const metrics = some.map((value) => ({
      key,
      step: step,
      timestamp: 1,
      value: Number.isNaN(value) ? 'NaN' : value,
    }));
    await tracker.api('POST', `/api/runs/${run.id}/log`, { metrics });
    const wide = some.map((value) => ({ key, step: 2n ** 60n, timestamp: 1, value }));
    await write((tx) => storeWide(tx, run, wide));
  }
  const last = (await latestPoints(tracker.app.store.read, [run])).get(run.seq) ?? [];
  expect(last.map(({ key, value }) => [key, value])).toEqual([
    ['a', NaN],
    ['b', NaN],
    ['c', 0],
    ['d', 0],
  ]);
});

it('points of a model at one step and time by run and value; searched by the greatest', async () => {
  const made = [await makeRun(tracker, 'measured'), await makeRun(tracker, 'measured')];
  const [early, late] = made.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (!early || !late) throw new Error('two were made');
  const models = [await makeModel(tracker, early), await makeModel(tracker, early), await makeModel(tracker, early)];
  const [one = '', two = '', three = ''] = models.map(({ id }) => id);
  const log = (model_id: string, run: typeof early, value: number): Promise<void> =>
    write((tx) => logModelPoints(tx, run, [{ model_id, key: 'acc', value, step: 1, timestamp: 7 }], 8));
  for (const value of [3, 2]) await log(one, late, value);
  for (const value of [9, 1]) await log(one, early, value);
  for (const value of [4, 5]) await log(two, early, value);
  for (const value of [6, NaN]) await log(three, early, value);
  const { read } = tracker.app.store;
  const search = { where: { and: [] }, limit: 9, offset: 0, experiments: [early.experiment_id], on: [] };
  const order = [{ field: { of: 'metric' as const, key: 'acc', on: [] }, descending: true }];
  for (const value of [1, 2, 3, 9, 4, 5, 6]) {
    await rewrite('logged_model_metrics', 'step', 'value = ?', value);
    const { metrics } = await describeLoggedModel(read, await requireLoggedModel(read, one));
    expect(metrics.map((point) => [point.run_id, point.value])).toEqual([
      ...[1, 9].map((least) => [early.id, least]),
      ...[2, 3].map((least) => [late.id, least]),
    ]);
    const { rows } = await searchLoggedModels(read, { ...search, order });
    expect(rows.map(({ id }) => id)).toEqual([one, two, three]);
  }
});
