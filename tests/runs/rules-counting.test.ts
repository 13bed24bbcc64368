// tests/runs/rules-counting.test.ts
// Purpose: a changed rule whose runs were not all counted: nothing is mixed, it is said, and the next start finishes.
// Why: a hundred thousand runs take a while, and a process may end in the middle.
// Relevant files: runs/rules/recount-ranks.ts, runs/rules/rule-changes.ts, runs/ranking-queries.ts

import { expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { listRuns } from '../../runs/list-queries.ts';
import { bestRun } from '../../runs/ranking-queries.ts';
import { countWaiting } from '../../runs/rules/recount-ranks.ts';
import { startTracker } from '../support/tracker.ts';
import { addRun, openPage } from './page-support.ts';

it('what is left half-way is told, is not mixed with what was, and is finished', async () => {
  const tracker = await startTracker();
  const { store } = tracker.app;
  let experiment = 0;
  const seqOf: number[] = [];
  for (const [name, acc] of Object.entries({ a: [0.9, 0.1], b: [0.5, 0.2], c: [0.8, 0.3] })) {
    const run = await addRun(tracker, { experiment: 'half', name, metrics: { acc }, status: RunStatus.Finished });
    experiment = run.experiment_id;
    const { rows } = await store.read.execute<{ seq: number }>('select seq from runs where id = ?', [run.id]);
    seqOf.push(rows[0]?.seq ?? 0);
  }
  await tracker.api('PUT', `/api/experiments/${experiment}/metric-rules?key=acc`, { value: 'best' });
  // As it is when a process is killed after the first run: the ranks of the others are still last values.
  await store.write(async (tx) => {
    await tx.execute('update metric_rules set counted_to = ?', [seqOf[0]]);
    await tx.execute('update metrics set rank_value = last_value, rank_step = null where run_seq > ?', [seqOf[0]]);
    await tx.execute('update experiments set version = version + 1', []);
  });
  const best = async (): Promise<unknown> => {
    const found = await bestRun(store.read, { experiment }, 'acc', 'max');
    return [found?.run.name, found?.counts.value, found?.among];
  };
  const order = async (): Promise<string> => {
    const { items } = await listRuns(store.read, { experiment, order: '-metrics.acc' }, { limit: 10 });
    return items.map(({ name }) => name).join('');
  };
  expect(await best()).toEqual(['a', 0.9, 1]);
  expect((await order()).startsWith('a')).toBe(true);
  const said = 'acc: 1 of 3 runs are counted by its new rule';
  expect(await openPage(tracker, `/experiments/${experiment}`)).toContain(said);
  expect(await openPage(tracker, `/experiments/${experiment}/metrics`)).toContain(said);
  // What the next start does.
  await countWaiting(store, new AbortController().signal);
  expect(await best()).toEqual(['a', 0.9, 3]);
  expect(await order()).toBe('acb');
  expect(await openPage(tracker, `/experiments/${experiment}`)).not.toContain('counted by its new rule');
  await tracker.stop();
});
