// tests/mlflow/experiments.test.ts
// Purpose: MLflow's calls for experiments, and what our own pages and API make of them.
// Why: an experiment that a client made is an experiment like any other, and experiment 0 is there before it is.
// Relevant files: mlflow/experiment-routes.ts, mlflow/experiment-writes.ts, mlflow/experiment-of.ts

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { mlflowOf, type Mlflow } from './support.ts';

let tracker: Tracker;
let mlflow: Mlflow;
beforeEach(async () => {
  tracker = await startTracker();
  mlflow = mlflowOf(tracker);
});
afterEach(() => tracker.stop());

const INVALID = 'INVALID_PARAMETER_VALUE';
const MISSING = 'RESOURCE_DOES_NOT_EXIST';

interface View {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: string;
  creation_time: number;
  last_update_time: number;
  tags?: { key: string; value: string }[];
}

async function view(id: string): Promise<View> {
  return (await mlflow.get<{ experiment: View }>('/experiments/get', { experiment_id: id })).experiment;
}

const inOurs = async (): Promise<{ id: number; name: string; description: string }[]> =>
  (await tracker.api<{ items: { id: number; name: string; description: string }[] }>('GET', '/api/experiments')).body
    .items;

it('one that is made has its place, its note as our description, its tags as ours', async () => {
  const tags = [
    { key: 'team', value: 'a' },
    { key: 'mlflow.note.content', value: '**bold**' },
  ];
  const id = await mlflow.experiment({ name: ' digits, 2 ', tags });
  const { creation_time, last_update_time, ...rest } = await view(id);
  expect(rest).toEqual({
    experiment_id: id,
    name: ' digits, 2 ',
    artifact_location: `mlflow-artifacts:/${id}`,
    lifecycle_stage: 'active',
    tags: expect.arrayContaining(tags) as unknown,
  });
  expect(last_update_time).toBeGreaterThanOrEqual(creation_time);
  expect((await tracker.api('GET', `/api/experiments/${id}`)).body).toMatchObject({
    description: '**bold**',
    tags: { team: 'a' },
  });
  const there = await mlflow.experiment({ artifact_location: 's3://bucket/x/' });
  expect((await view(there)).artifact_location).toBe('s3://bucket/x/');
  expect((await view(await mlflow.experiment())).tags).toBeUndefined();
  await mlflow.refused(INVALID, 'POST', '/experiments/create', { name: 'r', artifact_location: 'runs:/1/x' });
  for (const artifact_location of ['s3://bucket/x#part', 'ftp://host/x;type=a'])
    await mlflow.refused(INVALID, 'POST', '/experiments/create', { name: 'r', artifact_location });
  await mlflow.experiment({ artifact_location: 's3://bucket/a;b/c' });
});

it('a taken name, a wrong id, a missing one', async () => {
  const id = await mlflow.experiment({ name: 'taken' });
  await mlflow.refused('RESOURCE_ALREADY_EXISTS', 'POST', '/experiments/create', { name: 'taken' });
  await mlflow.refused('RESOURCE_ALREADY_EXISTS', 'POST', '/experiments/create', { name: 'Default' });
  const other = await mlflow.experiment();
  await mlflow.refused('BAD_REQUEST', 'POST', '/experiments/update', { experiment_id: other, new_name: 'taken' });
  await mlflow.post('/experiments/update', { experiment_id: id, new_name: 'taken' });
  await mlflow.refused(INVALID, 'GET', '/experiments/get?experiment_id=abc');
  await mlflow.refused(INVALID, 'GET', '/experiments/get?experiment_id=');
  await mlflow.refused(MISSING, 'GET', '/experiments/get?experiment_id=999');
  await mlflow.refused(MISSING, 'GET', '/experiments/get-by-name?experiment_name=nobody');
});

it('in the trash it refuses changes and its runs are deleted; back, all of them are back', async () => {
  const id = await mlflow.experiment({ name: 'comes and goes' });
  const runs = [await mlflow.run({ experiment_id: id }), await mlflow.run({ experiment_id: id })];
  await mlflow.post('/runs/delete', { run_id: runs[0] });
  const stages = async (): Promise<string[]> =>
    Promise.all(
      runs.map(async (run_id) => {
        const { run } = await mlflow.get<{ run: { info: { lifecycle_stage: string } } }>('/runs/get', {
          run_id: run_id,
        });
        return run.info.lifecycle_stage;
      }),
    );
  for (let twice = 0; twice < 2; twice++) await mlflow.post('/experiments/delete', { experiment_id: id });
  expect((await view(id)).lifecycle_stage).toBe('deleted');
  expect(await stages()).toEqual(['deleted', 'deleted']);
  expect((await mlflow.get<{ experiment: View }>('/experiments/get-by-name', { experiment_name: 'comes and goes' })).experiment.experiment_id).toBe(id); // prettier-ignore
  await mlflow.refused(INVALID, 'POST', '/runs/create', { experiment_id: id });
  await mlflow.refused(INVALID, 'POST', '/experiments/set-experiment-tag', { experiment_id: id, key: 'a', value: 'b' });
  await mlflow.refused(INVALID, 'POST', '/experiments/update', { experiment_id: id, new_name: 'z' });
  await mlflow.refused(INVALID, 'POST', '/runs/log-metric', { run_id: runs[1], key: 'm', value: 1, timestamp: 1 });
  // Its name is free at once; the one in sight is meant by it, then.
  const next = await mlflow.experiment({ name: 'comes and goes' });
  expect((await mlflow.get<{ experiment: View }>('/experiments/get-by-name', { experiment_name: 'comes and goes' })).experiment.experiment_id).toBe(next); // prettier-ignore
  await mlflow.refused(INVALID, 'POST', '/experiments/restore', { experiment_id: id });
  await mlflow.post('/experiments/update', { experiment_id: next, new_name: 'another' });
  for (let twice = 0; twice < 2; twice++) await mlflow.post('/experiments/restore', { experiment_id: id });
  expect(await stages()).toEqual(['active', 'active']);
});

it('tags are set, changed, taken off; the note is the description', async () => {
  const id = await mlflow.experiment();
  const set = (key: string, value: string): Promise<unknown> =>
    mlflow.post('/experiments/set-experiment-tag', { experiment_id: id, key, value });
  await set('k', '1');
  await set('k', '2');
  await set('mlflow.note.content', 'a note');
  expect((await view(id)).tags).toEqual([
    { key: 'k', value: '2' },
    { key: 'mlflow.note.content', value: 'a note' },
  ]);
  for (const key of ['k', 'mlflow.note.content']) {
    await mlflow.post('/experiments/delete-experiment-tag', { experiment_id: id, key });
    await mlflow.refused(MISSING, 'POST', '/experiments/delete-experiment-tag', { experiment_id: id, key });
  }
  expect((await view(id)).tags).toBeUndefined();
});

describe('experiment 0', () => {
  it('is answered while no page shows it, and is a row once something is in it', async () => {
    const virtual = await view('0');
    expect(virtual).toMatchObject({ experiment_id: '0', name: 'Default', artifact_location: 'mlflow-artifacts:/0' });
    const byName = await mlflow.get<{ experiment: View }>('/experiments/get-by-name', { experiment_name: 'Default' });
    expect(byName.experiment).toEqual(virtual);
    expect(await inOurs()).toEqual([]);
    const run = await mlflow.run({ experiment_id: '0' });
    expect(await inOurs()).toMatchObject([{ id: 0, name: 'Default' }]);
    for (const path of ['/experiments/0', '/experiments', `/runs/${run}`, '/experiments/0/edit'])
      expect((await tracker.get(path)).status, path).toBe(200);
    const { body } = await tracker.api('POST', '/api/runs', { experiment_id: 0 });
    expect(body).toMatchObject({ experiment_id: 0 });
  });

  it('is the one of that name where somebody made it first', async () => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'Default' });
    expect((await view('0')).experiment_id).toBe(String(body.id));
    const { run } = await mlflow.post<{ run: { info: object } }>('/runs/create', { experiment_id: '0' });
    expect(run.info).toMatchObject({ experiment_id: String(body.id) });
    expect(await inOurs()).toHaveLength(1);
  });

  it('renamed, it gives its name away', async () => {
    await mlflow.post('/experiments/update', { experiment_id: '0', new_name: 'mine' });
    expect((await view('0')).name).toBe('mine');
    await mlflow.refused(MISSING, 'GET', '/experiments/get-by-name?experiment_name=Default');
    expect(await mlflow.experiment({ name: 'Default' })).not.toBe('0');
  });
});
