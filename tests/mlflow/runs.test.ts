// tests/mlflow/runs.test.ts
// Purpose: MLflow's calls for a run: made, stated anew, tagged, in the trash and back; what our own API says of it.
// Why: name, note and parent are tags there and fields here, and must never say different things.
// Relevant files: mlflow/run-routes.ts, mlflow/run-writes.ts, mlflow/run-views.ts, runs/stated-changes.ts

import { expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

const INVALID = 'INVALID_PARAMETER_VALUE';
const MISSING = 'RESOURCE_DOES_NOT_EXIST';

interface RunView {
  info: Record<string, unknown>;
  data: { metrics?: unknown[]; params?: unknown[]; tags?: { key: string; value: string }[] };
  inputs: object;
}

async function view(run_id: string): Promise<RunView> {
  return (await mlflow.get<{ run: RunView }>('/runs/get', { run_id })).run;
}

async function tagsOf(run_id: string): Promise<Record<string, string>> {
  return Object.fromEntries(((await view(run_id)).data.tags ?? []).map(({ key, value }) => [key, value]));
}

const ours = async (id: string): Promise<Record<string, unknown>> => (await tracker.api('GET', `/api/runs/${id}`)).body;
const pairs = (all: Record<string, string>): object[] => Object.entries(all).map(([key, value]) => ({ key, value }));

it('is made with what is sent, and answers the same when it is asked for', async () => {
  const experiment_id = await mlflow.experiment();
  const tags = pairs({ a: '1', 'any key!': 'x', 'mlflow.note.content': 'why' });
  const body = { experiment_id, user_id: 'ann', start_time: '1700000000001', run_name: 'n', tags };
  const { run } = await mlflow.post<{ run: RunView }>('/runs/create', body);
  const id = String(run.info['run_id']);
  expect(run.info).toEqual({
    run_id: id,
    run_uuid: id,
    experiment_id,
    run_name: 'n',
    user_id: 'ann',
    status: 'RUNNING',
    start_time: 1700000000001,
    artifact_uri: `mlflow-artifacts:/${experiment_id}/${id}/artifacts`,
    lifecycle_stage: 'active',
  });
  expect(await view(id)).toMatchObject({ info: run.info, inputs: {} });
  expect(await tagsOf(id)).toEqual({
    ...{ a: '1', 'any key!': 'x', 'mlflow.user': 'ann', 'mlflow.runName': 'n', 'mlflow.note.content': 'why' },
  });
  expect(await ours(id)).toMatchObject({
    name: 'n',
    notes: 'why',
    status: RunStatus.Running,
    start_time: 1700000000001,
  });
});

it('has a name of its own where none is sent', async () => {
  for (let i = 0; i < 20; i++) {
    const name = String((await view(await mlflow.run({ experiment_id: '0' }))).info['run_name']);
    expect(name).toMatch(/^[a-z]+-[a-z]+-\d{1,4}$/);
    expect(name.length).toBeLessThanOrEqual(20);
  }
});

it('name and its tag follow each other; two different ones are refused', async () => {
  const tagged = await mlflow.run({ tags: pairs({ 'mlflow.runName': 'by tag' }) });
  expect((await view(tagged)).info['run_name']).toBe('by tag');
  await mlflow.refused(INVALID, 'POST', '/runs/create', { experiment_id: '0', run_name: 'a', tags: pairs({ 'mlflow.runName': 'b' }) }); // prettier-ignore
  await mlflow.post('/runs/set-tag', { run_id: tagged, key: 'mlflow.runName', value: 'second' });
  expect(await ours(tagged)).toMatchObject({ name: 'second' });
  await mlflow.post('/runs/log-batch', { run_id: tagged, tags: pairs({ 'mlflow.runName': 'third', t: '1' }) });
  expect(await tagsOf(tagged)).toEqual({ 'mlflow.runName': 'third', t: '1' });
  await tracker.api('PATCH', `/api/runs/${tagged}`, { name: 'by us' });
  expect(await tagsOf(tagged)).toEqual({ 'mlflow.runName': 'by us', t: '1' });
  const { run_info } = await mlflow.post<{ run_info: object }>('/runs/update', { run_id: tagged, run_name: 'fourth' });
  expect(run_info).toMatchObject({ run_name: 'fourth' });
  await mlflow.post('/runs/update', { run_id: tagged, run_name: '' });
  await mlflow.post('/runs/delete-tag', { run_id: tagged, key: 'mlflow.runName' });
  expect((await view(tagged)).info['run_name']).toBe('fourth');
});

it('a parent is a field where it is the id of a run, else a tag', async () => {
  const parent = await mlflow.run();
  const child = await mlflow.run({ tags: pairs({ 'mlflow.parentRunId': parent }) });
  expect(await ours(child)).toMatchObject({ parent_id: parent, tags: {} });
  const away = 'f'.repeat(32);
  await mlflow.post('/runs/set-tag', { run_id: child, key: 'mlflow.parentRunId', value: away });
  expect(await ours(child)).toMatchObject({ parent_id: away });
  expect((await tagsOf(child))['mlflow.parentRunId']).toBe(away);
  await mlflow.post('/runs/delete-tag', { run_id: child, key: 'mlflow.parentRunId' });
  await mlflow.refused(MISSING, 'POST', '/runs/delete-tag', { run_id: child, key: 'mlflow.parentRunId' });
  await mlflow.post('/runs/set-tag', { run_id: child, key: 'mlflow.parentRunId', value: 'not an id' });
  expect(await ours(child)).toMatchObject({ parent_id: null, tags: { 'mlflow.parentRunId': 'not an id' } });
  // Its own parent: nothing walks in circles.
  await mlflow.post('/runs/set-tag', { run_id: parent, key: 'mlflow.parentRunId', value: parent });
  expect((await tracker.get(`/runs/${parent}`)).status).toBe(200);
});

it('any state follows any other, and only what is sent changes', async () => {
  const id = await mlflow.run({ start_time: 1700000000000 });
  const update = async (body: object): Promise<unknown> =>
    (await mlflow.post<{ run_info: unknown }>('/runs/update', { run_id: id, ...body })).run_info;
  expect(await update({ status: 'FINISHED', end_time: 5 })).toMatchObject({ status: 'FINISHED', end_time: 5 });
  expect(await update({ status: 'RUNNING' })).toMatchObject({ status: 'RUNNING', end_time: 5 });
  expect((await tracker.get(`/runs/${id}`)).body).toContain('running for');
  for (const [sent, state] of [
    ['KILLED', RunStatus.Killed],
    [2, RunStatus.Scheduled],
    ['FAILED', RunStatus.Failed],
  ] as const) {
    // prettier-ignore
    await update({ status: sent });
    expect(await ours(id)).toMatchObject({ status: state, end_time: 5 });
  }
  expect(await update({ end_time: '1700000009999' })).toMatchObject({ status: 'FAILED', end_time: 1700000009999 });
  for (const bad of [{ status: 'DONE' }, { status: 9 }, { end_time: 'soon' }, { end_time: -1 }, { end_time: 1e30 }])
    await mlflow.refused(INVALID, 'POST', '/runs/update', { run_id: id, ...bad });
});

it('in the trash it is read and not changed; twice there or back is the same', async () => {
  const id = await mlflow.run({ tags: pairs({ t: '0' }) });
  const before = await view(id);
  for (let twice = 0; twice < 2; twice++) await mlflow.post('/runs/delete', { run_id: id });
  expect((await view(id)).info['lifecycle_stage']).toBe('deleted');
  const writes: [string, object][] = [
    ['update', { status: 'FINISHED' }],
    ['log-parameter', { key: 'a', value: 'b' }],
    ['log-metric', { key: 'a', value: 1, timestamp: 1 }],
    ['log-batch', { metrics: [{ key: 'a', value: 1, timestamp: 1 }] }],
    ['set-tag', { key: 'a', value: 'b' }],
    ['set-tag', { key: 'mlflow.runName', value: 'b' }],
    ['delete-tag', { key: 't' }],
    ['log-inputs', { datasets: [] }],
    ['log-model', { model_json: '{}' }],
  ];
  for (const [path, body] of writes) await mlflow.refused(INVALID, 'POST', `/runs/${path}`, { run_id: id, ...body });
  for (let twice = 0; twice < 2; twice++) await mlflow.post('/runs/restore', { run_id: id });
  expect(await view(id)).toEqual(before);
});

it('removed for ever it is not there', async () => {
  const id = await mlflow.run();
  await mlflow.post('/runs/delete', { run_id: id });
  expect((await tracker.api('POST', `/api/runs/${id}/purge`)).status).toBeLessThan(300);
  await expect.poll(async () => (await tracker.api('GET', `/api/runs/${id}`)).status).toBe(404);
  for (const path of ['delete', 'restore']) await mlflow.refused(MISSING, 'POST', `/runs/${path}`, { run_id: id });
});
