// tests/models/logged.test.ts
// Purpose: logged models as rows: made, tagged, measured, deleted; what goes into the trash with a run, and for ever with it.
// Why: a model is what a run is for; none may be lost or come back, and what is deployed must outlive its run.
// Relevant files: models/logged-changes.ts, models/logged-queries.ts, models/purge-changes.ts, tests/models/support.ts

import { expect, it } from 'vitest';
import {
  deleteLoggedModel,
  linkModels,
  logLoggedModelParams,
  logModelPoints,
  removeLoggedModelTag,
  setLoggedModelStatus,
  setLoggedModelTags,
} from '../../models/logged-changes.ts';
import {
  describeLoggedModel,
  findLoggedModel,
  listLoggedModels,
  modelsOfRuns,
  requireLoggedModel,
  type LoggedModel,
} from '../../models/logged-queries.ts';
import { LoggedModelStatus, ModelRole } from '../../models/models.ts';
import { entriesOf, removeTree } from '../../runs/artifacts/artifact-queries.ts';
import { examineRuns } from '../../runs/doctor.ts';
import type { Db } from '../../shared/db/store.ts';
import { rowsOf } from '../support/database.ts';
import { useTracker } from '../support/use.ts';
import { makeModel, makeRun, must, putFile, register } from './support.ts';

const tracker = useTracker();

const write = <T>(work: (tx: Db) => Promise<T>): Promise<T> => tracker.app.store.write(work);

async function modelOf(id: string): Promise<LoggedModel> {
  const { read } = tracker.app.store;
  return describeLoggedModel(read, await requireLoggedModel(read, id));
}

async function inSight(experiment: number): Promise<string[]> {
  const { items } = await listLoggedModels(tracker.app.store.read, { experiment }, { limit: 100 });
  return items.map(({ id }) => id);
}

it('is made with params and tags, becomes ready, and keeps what is said of it', async () => {
  const run = await makeRun(tracker);
  const made = await makeModel(tracker, run, { name: 'net', model_type: 'clf', params: { p: '1' }, tags: { t: 'x' } });
  expect(made.id).toMatch(/^m-[0-9a-f]{32}$/);
  await write((tx) => setLoggedModelStatus(tx, made.id, LoggedModelStatus.Ready, made.created_at + 5));
  await write((tx) => setLoggedModelTags(tx, made.id, { t: 'y', 'ü/🚀': '' }, Date.now()));
  await write((tx) => logLoggedModelParams(tx, made.id, { p: '1', q: '2' }, Date.now()));
  expect(await modelOf(made.id)).toMatchObject({
    ...{ name: 'net', model_type: 'clf', source_run_id: run.id, status: LoggedModelStatus.Ready },
    ...{ params: { p: '1', q: '2' }, tags: { t: 'y', 'ü/🚀': '' }, metrics: [], registrations: [] },
  });
  await expect(write((tx) => logLoggedModelParams(tx, made.id, { p: '3' }, Date.now()))).rejects.toThrow('already "1"');
  await write((tx) => removeLoggedModelTag(tx, made.id, 't', Date.now()));
  await expect(write((tx) => removeLoggedModelTag(tx, made.id, 't', Date.now()))).rejects.toThrow('does not exist');
  expect((await modelOf(made.id)).tags).toEqual({ 'ü/🚀': '' });
  expect((await makeModel(tracker, run)).name).toMatch(/^model-[0-9a-f]{6}$/);
});

it.each(['a/b', 'a:b', 'a.b', 'a%b', "it's", 'a"b'])('takes no name like %s', async (name) => {
  const run = await makeRun(tracker, 'names');
  await expect(makeModel(tracker, run, { name })).rejects.toThrow('must not hold');
  expect(await inSight(run.experiment_id)).toEqual([]);
});

it('keeps points with the model, each once, whatever the value', async () => {
  const run = await makeRun(tracker, 'points');
  const { id } = await makeModel(tracker, run);
  const point = { model_id: id, key: 'acc', value: 0.5, step: 1, timestamp: 7 };
  const odd = [NaN, -0, Infinity].map((value, step) => ({ ...point, key: 'odd', value, step, timestamp: step }));
  const sent = [point, { ...point, step: 2, dataset_name: 'ds', dataset_digest: 'd' }, ...odd];
  for (const _ of [1, 2]) await write((tx) => logModelPoints(tx, run, sent, Date.now()));
  const { metrics } = await modelOf(id);
  expect(metrics.map(({ key, value, step }) => [key, value, step])).toEqual([
    ['acc', 0.5, 1],
    ['acc', 0.5, 2],
    ['odd', NaN, 0],
    ['odd', -0, 1],
    ['odd', Infinity, 2],
  ]);
  expect(metrics[1]).toMatchObject({ run_id: run.id, dataset_name: 'ds', dataset_digest: 'd' });
  const lost = { ...point, model_id: `m-${'0'.repeat(32)}` };
  await expect(write((tx) => logModelPoints(tx, run, [lost], Date.now()))).rejects.toThrow('no logged model');
});

it('is an input or output of runs, the step that was said last counts', async () => {
  const run = await makeRun(tracker, 'links');
  const [one, two] = [await makeModel(tracker, run), await makeModel(tracker, run)];
  await write((tx) => linkModels(tx, run, ModelRole.Output, [{ model_id: one.id, step: 9 }, { model_id: two.id }]));
  await write((tx) => linkModels(tx, run, ModelRole.Output, [{ model_id: one.id, step: 3 }]));
  await write((tx) => linkModels(tx, run, ModelRole.Input, [{ model_id: one.id }]));
  expect((await modelsOfRuns(tracker.app.store.read, [run.id, 'f'.repeat(32)])).get(run.id)).toEqual({
    inputs: [{ model_id: one.id }],
    outputs: [
      { model_id: two.id, step: 0 },
      { model_id: one.id, step: 3 },
    ],
  });
});

it('has files in folders, removed one by one or as a tree', async () => {
  const { id } = await makeModel(tracker, await makeRun(tracker, 'files'));
  for (const path of ['MLmodel', 'data/a', 'data/deep/b', 'data2']) await putFile(tracker, id, path, path);
  const names = async (folder?: string): Promise<unknown> =>
    (await entriesOf(tracker.app.store.read, id, folder)).map(({ path, size }) => [path, size]);
  expect([await names(), await names('data'), await names('MLmodel'), await names('dat')]).toEqual([
    [
      ['MLmodel', 7],
      ['data', null],
      ['data2', 5],
    ],
    [
      ['data/a', 6],
      ['data/deep', null],
    ],
    [],
    [],
  ]);
  expect(await write((tx) => removeTree(tx, id, 'data', Date.now()))).toBe(2);
  expect(await names()).toEqual([
    ['MLmodel', 7],
    ['data2', 5],
  ]);
  await expect(putFile(tracker, id, 'MLmodel/x', 'no')).rejects.toThrow('one would be a folder of the other');
});

it('is out of sight when deleted, and while its run or experiment is in the trash', async () => {
  const run = await makeRun(tracker, 'sight');
  const [one, two] = [await makeModel(tracker, run), await makeModel(tracker, run, { source_run_id: undefined })];
  const both = [one.id, two.id].sort();
  const seen = async (): Promise<string[]> => (await inSight(run.experiment_id)).sort();
  expect(await seen()).toEqual(both);
  await must(tracker, 'DELETE', `/api/runs/${run.id}`);
  expect(await seen()).toEqual([two.id]);
  await must(tracker, 'POST', `/api/runs/${run.id}/restore`);
  await must(tracker, 'DELETE', `/api/experiments/${run.experiment_id}`);
  expect(await seen()).toEqual([]);
  await must(tracker, 'POST', `/api/experiments/${run.experiment_id}/restore`);
  expect(await seen()).toEqual(both);
  await write((tx) => deleteLoggedModel(tx, one.id, Date.now()));
  expect(await seen()).toEqual([two.id]);
  await expect(requireLoggedModel(tracker.app.store.read, one.id)).rejects.toThrow('does not exist');
});

it('goes for ever with its run, files and all; one that is registered stays', async () => {
  const run = await makeRun(tracker, 'purge');
  const [lost, kept] = [
    await makeModel(tracker, run, { params: { a: 'b' }, tags: { c: 'd' } }),
    await makeModel(tracker, run),
  ];
  const shared = await putFile(tracker, lost.id, 'shared', 'the same in both');
  await putFile(tracker, kept.id, 'shared', 'the same in both');
  const own = await putFile(tracker, lost.id, 'own', 'nobody else has it');
  const points = [lost, kept].map(({ id }) => ({ model_id: id, key: 'acc', value: 1, step: 0, timestamp: 0 }));
  await write((tx) => logModelPoints(tx, run, points, Date.now()));
  await write((tx) => linkModels(tx, run, ModelRole.Output, [{ model_id: lost.id }, { model_id: kept.id }]));
  await register(tracker, 'in production', kept.id);
  await must(tracker, 'DELETE', `/api/runs/${run.id}`);
  await must(tracker, 'POST', `/api/runs/${run.id}/purge`);
  await expect.poll(() => rowsOf(tracker.folder, 'select 1 as n from runs where id = ?', run.id)).toEqual([]);
  expect(await findLoggedModel(tracker.app.store.read, lost.id)).toBeUndefined();
  expect(await modelOf(kept.id)).toMatchObject({ registrations: [{ name: 'in production', version: 1 }] });
  const dropped = await rowsOf<{ sha256: string }>(tracker.folder, 'select sha256 from dropped_contents');
  expect(dropped.map(({ sha256 }) => sha256)).toContain(own);
  // Dropped by one and still the other's: the sweep asks again before it removes anything (artifact-store.test.ts).
  expect(dropped.map(({ sha256 }) => sha256)).toContain(shared);
  for (const table of ['params', 'tags', 'metrics', 'artifacts'])
    expect(await rowsOf(tracker.folder, `select * from logged_model_${table} where model_id = ?`, lost.id)).toEqual([]);
  const { store, settings } = tracker.app;
  for await (const { what, level, places } of examineRuns(store.read, { settings, deep: true }))
    expect([what, level, places]).toEqual([what, 'ok', places]);
});

it('outlives its experiment when it is registered, and is still found by its version', async () => {
  const run = await makeRun(tracker, 'gone');
  const [lost, kept] = [await makeModel(tracker, run, { source_run_id: undefined }), await makeModel(tracker, run)];
  await putFile(tracker, kept.id, 'MLmodel', 'still here');
  await register(tracker, 'still deployed', kept.id);
  await must(tracker, 'DELETE', `/api/experiments/${run.experiment_id}`);
  await must(tracker, 'POST', `/api/experiments/${run.experiment_id}/purge`);
  const left = (): Promise<unknown[]> =>
    rowsOf(tracker.folder, 'select 1 as n from experiments where id = ?', run.experiment_id);
  await expect.poll(left).toEqual([]);
  expect(await findLoggedModel(tracker.app.store.read, lost.id)).toBeUndefined();
  for (const page of [`/logged-models/${kept.id}`, '/models/still%20deployed/versions/1']) {
    const { status, body } = await tracker.get(page);
    expect([status, body.includes('MLmodel')], page).toEqual([200, true]);
  }
  const path = `${run.experiment_id}/models/${kept.id}/artifacts`;
  const file = await tracker.api<string>('GET', `/api/2.0/mlflow-artifacts/artifacts/${path}/MLmodel`);
  expect(file.body).toBe('still here');
  const uri = await tracker.api('GET', '/api/2.0/mlflow/model-versions/get-download-uri?name=still+deployed&version=1');
  expect(uri.body).toEqual({ artifact_uri: `mlflow-artifacts:/${path}` });
});
