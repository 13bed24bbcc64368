// tests/mlflow/kept-texts.test.ts
// Purpose: a search tells runs as they are now, whatever changed since the search before, each search in its own order.
// Why: what searches say of runs is kept until their experiment's version moves: no change may leave that where it is.
// Relevant files: mlflow/run-texts.ts, mlflow/search-routes.ts, tests/mlflow/support.ts

import { beforeAll, expect, it } from 'vitest';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);
let experiment: string;
let run: string;

beforeAll(async () => {
  experiment = await mlflow.experiment();
  run = await mlflow.run({ experiment_id: experiment });
  for (let i = 0; i < 3; i++) await mlflow.run({ experiment_id: experiment });
});

interface Run {
  info: { run_id: string };
}

async function found(): Promise<Run[]> {
  const body = { experiment_ids: [experiment], run_view_type: 'ALL' };
  return (await mlflow.post<{ runs?: Run[] }>('/runs/search', body)).runs ?? [];
}

async function told(): Promise<Run> {
  return (await mlflow.get<{ run: Run }>('/runs/get', { run_id: run })).run;
}

const own = async (method: string, path: string, body?: unknown): Promise<void> => {
  const { status } = await tracker.api(method, path, body);
  expect(status, `${method} ${path}`).toBeLessThan(300);
};
const log = (body: object) => () => mlflow.post('/runs/log-batch', { run_id: run, ...body });
const point = (value: unknown, step: number | string = 1): object => ({ key: 'loss', value, step, timestamp: 5 });
const tagNamed = async (key: string): Promise<number> => {
  const { body } = await tracker.api<{ items: { id: number; key: string }[] }>('GET', '/api/tags');
  return body.items.find((tag) => tag.key === key)?.id ?? 0;
};

/** In this order. */
const CHANGES: [string, () => Promise<unknown>][] = [
  ['a point', log({ metrics: [point(0.5)] })],
  ['another in the same second', log({ metrics: [point(0.25, 2)] })],
  ['one that is not finite', log({ metrics: [point('NaN', 3)] })],
  ['one beyond 2^53', log({ metrics: [point(1, '9007199254740993')] })],
  ['params and tags', log({ params: [{ key: 'lr', value: '0.1' }], tags: [{ key: 'team', value: 'red' }] })],
  ['a tag set anew', () => mlflow.post('/runs/set-tag', { run_id: run, key: 'team', value: 'blue' })],
  ['a tag renamed', async () => own('PATCH', `/api/tags/${await tagNamed('team')}`, { key: 'squad' })],
  ['a tag in the trash', async () => own('DELETE', `/api/tags/${await tagNamed('squad')}`)],
  ['a tag', () => mlflow.post('/runs/set-tag', { run_id: run, key: 'other', value: '' })],
  ['a tag taken off', () => mlflow.post('/runs/delete-tag', { run_id: run, key: 'other' })],
  ['notes and a name', () => own('PATCH', `/api/runs/${run}`, { notes: 'slow', name: 'renamed' })],
  ['points of our API', () => own('POST', `/api/runs/${run}/log`, { metrics: [{ key: 'acc', value: 1, step: 1 }] })],
  [
    'a data set',
    () => mlflow.post('/runs/log-inputs', { run_id: run, datasets: [{ dataset: { name: 'digits', digest: '1' } }] }),
  ],
  ['a model', () => mlflow.post('/runs/outputs', { run_id: run, models: [{ model_id: 'm-1', step: 1 }] })],
  ['its end', () => mlflow.post('/runs/update', { run_id: run, status: 'FINISHED', end_time: Date.now() + 1000 })],
  ['a late point', log({ metrics: [point(2, '9007199254740995')] })],
  ['the trash', () => mlflow.post('/runs/delete', { run_id: run })],
  ['the way back', () => mlflow.post('/runs/restore', { run_id: run })],
  ['its experiment in the trash', () => mlflow.post('/experiments/delete', { experiment_id: experiment })],
  ['its experiment back', () => mlflow.post('/experiments/restore', { experiment_id: experiment })],
];

it('tells each change at once', async () => {
  let before = JSON.stringify(await found());
  for (const [what, change] of CHANGES) {
    await change();
    // A second time from what is kept.
    for (const runs of [await found(), await found()]) {
      expect(
        runs.find(({ info }) => info.run_id === run),
        what,
      ).toEqual(await told());
      expect(runs, what).toHaveLength(4);
    }
    const after = JSON.stringify(await found());
    expect(after, what).not.toBe(before);
    before = after;
  }
});

it('each search has its own order', async () => {
  const ids = (await found()).map(({ info }) => info.run_id);
  const asked = { experiment_ids: [experiment], order_by: ['attributes.run_id DESC'], max_results: 3 };
  const { runs = [] } = await mlflow.post<{ runs?: Run[] }>('/runs/search', asked);
  expect(runs.map(({ info }) => info.run_id)).toEqual(ids.sort().reverse().slice(0, 3));
});
