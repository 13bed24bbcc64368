// tests/mlflow/models.test.ts
// Purpose: MLflow's logged models and registry by raw HTTP: shapes, filters, orders, pages, and what is refused.
// Why: clients match on codes and absent fields, and a search that is wrong deploys the wrong model.
// Relevant files: mlflow/logged-model-routes.ts, mlflow/registry-routes.ts, mlflow/version-routes.ts, mlflow/model-filter.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { logModelPoints, type ModelPoint } from '../../models/logged-changes.ts';
import { must, type MadeRun } from '../models/support.ts';
import type { Tracker } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { expectError, mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

type Body = Record<string, unknown>;
interface Model {
  info: Body & { model_id: string; name: string };
  data: Body;
}

const INVALID = 'INVALID_PARAMETER_VALUE';
const MISSING = 'RESOURCE_DOES_NOT_EXIST';
const pair = (key: string, value: string): Body => ({ key, value });

async function newModel(experiment_id: string, more: Body = {}): Promise<string> {
  const { model } = await mlflow.post<{ model: Model }>('/logged-models', { experiment_id, ...more });
  return model.info.model_id;
}

const send = (method: string, path: string, body?: unknown): ReturnType<Tracker['api']> =>
  tracker.api(method, `/api/2.0/mlflow${path}`, body);

it('answers a logged model in the shape that clients read', async () => {
  const experiment_id = await mlflow.experiment();
  const made = await mlflow.post<{ model: Model }>('/logged-models', {
    ...{ experiment_id, name: 'net', model_type: 'clf', source_run_id: 'a'.repeat(32) },
    ...{ params: [pair('p', '1')], tags: [pair('t', 'x')] },
  });
  const { model_id: id } = made.model.info;
  const time = expect.any(Number) as number;
  expect(made.model).toEqual({
    info: {
      ...{ model_id: id, experiment_id, name: 'net', model_type: 'clf', source_run_id: 'a'.repeat(32) },
      ...{ creation_timestamp_ms: time, last_updated_timestamp_ms: time, status: 'LOGGED_MODEL_PENDING' },
      artifact_uri: `mlflow-artifacts:/${experiment_id}/models/${id}/artifacts`,
      tags: [pair('t', 'x')],
    },
    data: { params: [pair('p', '1')] },
  });
  expect(await mlflow.get(`/logged-models/${id}`)).toEqual(made);
  const ready = await send('PATCH', `/logged-models/${id}`, { model_id: id, status: 'LOGGED_MODEL_READY' });
  expect(ready.body).toMatchObject({ model: { info: { status: 'LOGGED_MODEL_READY' } } });
  await mlflow.refused(INVALID, 'PATCH', `/logged-models/${id}`, { status: 'BOGUS' });
  await mlflow.refused(INVALID, 'PATCH', `/logged-models/${id}`, {});
  await mlflow.post(`/logged-models/${id}/params`, { params: [pair('p', '1'), pair('q', '2')] });
  await mlflow.refused(INVALID, 'POST', `/logged-models/${id}/params`, { params: [pair('p', 'other')] });
  expect((await send('DELETE', `/logged-models/${id}/tags/t`)).body).toEqual({});
  await mlflow.refused(MISSING, 'DELETE', `/logged-models/${id}/tags/t`);
  const { model } = await mlflow.get<{ model: Model }>(`/logged-models/${id}`);
  expect([model.info['tags'], model.data['params']]).toEqual([undefined, [pair('p', '1'), pair('q', '2')]]);
});

it('takes any keys; deleting it twice is no mistake', async () => {
  const keys = ['lr (first)', 'a//b', '🚀'];
  const params = keys.map((key) => pair(key, '1'));
  const id = await newModel(await mlflow.experiment(), { params, tags: params });
  await mlflow.post(`/logged-models/${id}/params`, { params: [pair('c#', '2')] });
  const { model } = await mlflow.get<{ model: Model }>(`/logged-models/${id}`);
  expect(model.data['params']).toHaveLength(4);
  expect(model.info['tags']).toHaveLength(3);
  for (let i = 0; i < 2; i++) expect((await send('DELETE', `/logged-models/${id}`)).body).toEqual({});
  await mlflow.refused(MISSING, 'GET', `/logged-models/${id}`);
  await mlflow.refused(MISSING, 'DELETE', `/logged-models/m-${'0'.repeat(32)}`);
});

it('makes one in experiment 0, of which there is no row before', async () => {
  const id = await newModel('0');
  const { model } = await mlflow.get<{ model: Model }>(`/logged-models/${id}`);
  expect(model.info).toMatchObject({ experiment_id: '0', artifact_uri: `mlflow-artifacts:/0/models/${id}/artifacts` });
  expect(model.info.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
});

describe('search of logged models', () => {
  let experiment: string;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    const run = await must<MadeRun>(tracker, 'GET', `/api/runs/${await mlflow.run()}`);
    experiment = String(run.experiment_id);
    ids['a'] = await newModel(experiment, {
      ...{ name: 'a', model_type: 'clf', source_run_id: run.id, params: [pair('p', '1')], tags: [pair('t', 'Über')] },
    });
    ids['b'] = await newModel(experiment, { name: 'b', params: [pair('p', '2'), pair('long key', 'x%')] });
    ids['c'] = await newModel(experiment, { name: 'c' });
    await send('PATCH', `/logged-models/${ids['c']}`, { status: 'LOGGED_MODEL_READY' });
    const on = { dataset_name: 'ds', dataset_digest: 'd1' };
    const point = (name: string, value: number, timestamp: number, more: Body = {}): ModelPoint =>
      ({ model_id: ids[name], key: 'acc', value, timestamp, step: 0, ...more }) as ModelPoint;
    const points = [
      ...[point('a', 0.1, 1), point('a', 0.9, 2, on), point('b', 0.5, 1, { ...on, dataset_digest: 'd2' })],
      point('c', NaN, 1),
    ];
    await tracker.app.store.write((tx) => logModelPoints(tx, run, points, Date.now()));
  });

  const names = async (more: Body): Promise<string> => {
    const body = { experiment_ids: [experiment], ...more };
    const { models = [] } = await mlflow.post<{ models?: Model[] }>('/logged-models/search', body);
    return models.map(({ info }) => info.name).join('');
  };
  const sorted = async (more: Body): Promise<string> => [...(await names(more))].sort().join('');

  it.each([
    ['', 'abc'],
    ["name = 'a'", 'a'],
    ["name != 'a' AND name IN ('a', 'b', 'z')", 'b'],
    ["name NOT IN ('a')", 'bc'],
    ["attributes.name ILIKE 'A%'", 'a'],
    ["model_type = 'clf'", 'a'],
    ["model_type != 'x'", 'a'],
    ["status = 'READY'", 'c'],
    ["status != 'LOGGED_MODEL_READY'", 'ab'],
    ['metrics.acc > 0.7', 'a'],
    ['metrics.acc != 0.5', 'ac'],
    ['metrics.acc < 0.2', 'a'],
    ["params.p != '1'", 'b'],
    ["params.`long key` LIKE 'x_'", 'b'],
    ["tags.t ILIKE 'üb%'", 'a'],
    ["tags.t LIKE 'üb%'", ''],
    ["params.p IN ('1', '2', '3')", 'ab'],
    ["params.p NOT IN ('1')", 'b'],
    ["tags.t IN ('Über')", 'a'],
    ["tags.t NOT IN ('Über')", ''],
    ['creation_timestamp > 0 AND last_updated_timestamp < 9e15', 'abc'],
  ])('%s finds %s', async (filter, found) => {
    expect(await sorted({ filter })).toBe(found);
  });

  it.each([
    "metrics.acc LIKE 'x'",
    "bogus.a = 'x'",
    "name > 'a'",
    "name = 'a' OR name = 'b'",
    "nonsense = 'a'",
    'params.p IS NULL',
    'name = 5',
    "status LIKE 'R%'",
    "metrics.acc = 'x'",
  ])('refuses %s', async (filter) => {
    await mlflow.refused(INVALID, 'POST', '/logged-models/search', { experiment_ids: [experiment], filter });
  });

  it('counts what was measured on the data sets asked for', async () => {
    const on = (dataset_digest?: string): Body => ({ datasets: [{ dataset_name: 'ds', dataset_digest }] });
    expect([await sorted(on('d1')), await sorted(on()), await sorted(on('nothing'))]).toEqual(['a', 'ab', '']);
    expect(await sorted({ ...on('d1'), filter: 'metrics.acc < 0.2' })).toBe('');
    const both = { datasets: [{ dataset_name: 'ds', dataset_digest: 'd2' }, { dataset_name: 'other' }] };
    expect(await sorted({ ...both, filter: 'metrics.acc > 0' })).toBe('b');
    const bad = { experiment_ids: [experiment], datasets: [{ dataset_digest: 'd1' }] };
    await mlflow.refused(INVALID, 'POST', '/logged-models/search', bad);
  });

  it('orders by the last value, missing ones and NaN last, newest first where nothing is said', async () => {
    const by = (field_name: string, ascending: boolean, more: Body = {}): Body => ({
      order_by: [{ field_name, ascending, ...more }],
    });
    expect([await names(by('metrics.acc', true)), await names(by('metrics.acc', false))]).toEqual(['bac', 'abc']);
    expect(await names(by('metrics.acc', true, { dataset_name: 'ds', dataset_digest: 'd2' }))).toMatch(/^b/);
    expect([await names(by('name', true)), await names(by('name', false))]).toEqual(['abc', 'cba']);
    expect(await names(by('creation_timestamp', true))).toHaveLength(3);
    for (const order_by of [
      [{ field_name: 'params.p' }],
      [{ field_name: 'bogus' }],
      [{}],
      [{ field_name: 'metrics.a', dataset_digest: 'd' }],
    ])
      await mlflow.refused(INVALID, 'POST', '/logged-models/search', { experiment_ids: [experiment], order_by });
  });

  it('turns pages', async () => {
    const body = { experiment_ids: [experiment], max_results: 2, order_by: [{ field_name: 'name' }] };
    const first = await mlflow.post<{ models: Model[]; next_page_token: string }>('/logged-models/search', body);
    const second = await mlflow.post<Body & { models: Model[] }>('/logged-models/search', {
      ...body,
      page_token: first.next_page_token,
    });
    expect([...first.models, ...second.models].map(({ info }) => info.name)).toEqual(['a', 'b', 'c']);
    expect(second['next_page_token']).toBeUndefined();
    for (const wrong of [{ page_token: 'x' }, { max_results: 0 }, { experiment_ids: [] }, { experiment_ids: ['x'] }])
      await mlflow.refused(INVALID, 'POST', '/logged-models/search', { ...body, ...wrong });
  });
});

it('answers registered models and versions in the shape that clients read', async () => {
  const name = 'shape ü';
  const made = await mlflow.post('/registered-models/create', { name, description: 'words', tags: [pair('a', '1')] });
  const time = expect.any(Number) as number;
  const times = { creation_timestamp: time, last_updated_timestamp: time };
  expect(made).toEqual({ registered_model: { name, description: 'words', tags: [pair('a', '1')], ...times } });
  const version = {
    ...{ name, version: '1', current_stage: 'None', description: '', source: 's3://b/m', status: 'READY' },
    ...{ run_id: '', run_link: '', ...times },
  };
  expect(await mlflow.post('/model-versions/create', { name, source: 's3://b/m' })).toEqual({ model_version: version });
  await mlflow.post('/registered-models/alias', { name, alias: 'best', version: '1' });
  const aliased = { ...version, aliases: ['best'] };
  expect(await mlflow.get('/registered-models/get', { name })).toEqual({
    registered_model: {
      ...{ name, description: 'words', tags: [pair('a', '1')], ...times },
      aliases: [{ alias: 'best', version: '1' }],
      latest_versions: [aliased],
    },
  });
  expect(await mlflow.get('/registered-models/alias', { name, alias: 'best' })).toEqual({ model_version: aliased });
  for (const ask of [mlflow.get, mlflow.post])
    expect(await ask('/registered-models/get-latest-versions', { name })).toEqual({ model_versions: [aliased] });
  expect(await mlflow.get('/registered-models/get-latest-versions', { name, stages: ['production'] })).toEqual({});
  await mlflow.post('/model-versions/transition-stage', {
    ...{ name, version: '1', stage: 'pRoduction', archive_existing_versions: true },
  });
  expect(await mlflow.get('/registered-models/get-latest-versions', { name, stages: 'Production' })).toMatchObject({
    model_versions: [{ version: '1', current_stage: 'Production' }],
  });
  expect(await mlflow.get('/model-versions/get-download-uri', { name, version: '1' })).toEqual({
    artifact_uri: 's3://b/m',
  });
});

describe('search of the registry', () => {
  beforeAll(async () => {
    for (const [name, tag] of [
      ['find-a', 'x'],
      ['find-B', 'Y'],
      ['find-c', ''],
    ] as const) {
      await mlflow.post('/registered-models/create', { name, tags: tag ? [pair('t', tag)] : [] });
      const version = { name, source: `s3://find/${name}`, run_id: name === 'find-a' ? 'f'.repeat(32) : undefined };
      for (const tags of [[], [pair('v', name)]]) await mlflow.post('/model-versions/create', { ...version, tags });
    }
  });
  const registered = async (filter: string, order_by: string[] = []): Promise<string> => {
    const found = await mlflow.get<{ registered_models?: { name: string }[] }>('/registered-models/search', {
      filter,
      order_by,
    });
    return (found.registered_models ?? []).map(({ name }) => name.slice(5)).join('');
  };
  const versions = async (filter: string, order_by: string[] = []): Promise<string> => {
    type Found = { model_versions?: { name: string; version: string }[] };
    const { model_versions = [] } = await mlflow.get<Found>('/model-versions/search', { filter, order_by });
    return model_versions.map(({ name, version }) => name.slice(5) + version).join(' ');
  };

  it.each([
    ["name LIKE 'find-%'", 'Bac'],
    ["name ILIKE 'FIND-b'", 'B'],
    ["name = 'find-a'", 'a'],
    ["name IN ('find-a', 'find-c', 'nobody')", 'ac'],
    ["tags.'t' = 'x'", 'a'],
    ["name LIKE 'find-%' AND tags.t != 'x'", 'B'],
    ["tags.`t` ILIKE 'y'", 'B'],
    ["name LIKE 'find-%' AND tags.`mlflow.prompt.is_prompt` = 'false'", 'Bac'],
    ["name LIKE 'find-%' AND tags.`mlflow.prompt.is_prompt` != 'true'", 'Bac'],
    ["tags.`mlflow.prompt.is_prompt` = 'true'", ''],
  ])('models: %s finds %s', async (filter, found) => {
    expect([...(await registered(filter))].sort().join('')).toBe(found);
  });

  it.each([
    ["name = 'find-a'", 'a2 a1'],
    ["name IN ('find-a', 'find-c') AND version_number > 1", 'a2 c2'],
    [`run_id = '${'f'.repeat(32)}'`, 'a2 a1'],
    [`run_id IN ('${'f'.repeat(32)}') AND version_number = 1`, 'a1'],
    ["source_path LIKE 's3://find/%' AND version_number = 2", 'B2 a2 c2'],
    ["tags.v = 'find-c'", 'c2'],
  ])('versions: %s finds %s', async (filter, found) => {
    const shown = await versions(filter, ['name ASC', 'version_number DESC']);
    expect(shown.split(' ').sort()).toEqual(found.split(' ').sort());
  });

  it('orders', async () => {
    expect(await registered("name LIKE 'find-%' AND tags.t LIKE '%'", ['name DESC'])).toMatch(/^(aB|Ba)$/);
    expect(await registered("name LIKE 'find-%'", ['creation_timestamp DESC', 'name ASC'])).toHaveLength(3);
    const latest = await registered("name LIKE 'find-%'", ['last_updated_timestamp DESC', 'name']);
    expect(await registered("name LIKE 'find-%'", ['timestamp DESC', 'name'])).toBe(latest);
    expect(await versions("name = 'find-a'", ['version_number ASC'])).toBe('a1 a2');
    expect(await versions("name = 'find-a'", ['last_updated_timestamp DESC'])).toBe('a2 a1');
  });

  it.each([
    ['/registered-models/search', "run_id = 'x'"],
    ['/registered-models/search', 'creation_timestamp > 0'],
    ['/registered-models/search', "metrics.a = 'x'"],
    ['/registered-models/search', 'name = 1'],
    ['/model-versions/search', "version_number = 'x'"],
    ['/model-versions/search', "bogus = 'x'"],
    ['/model-versions/search', "name LIKE 'x' OR name = 'y'"],
  ])('%s refuses %s', async (path, filter) => {
    await mlflow.refused(INVALID, 'GET', `${path}?filter=${encodeURIComponent(filter)}`);
  });

  it('turns pages, within limits', async () => {
    const first = await mlflow.get<{ next_page_token: string }>('/registered-models/search', { max_results: '1' });
    const { next_page_token } = first;
    expect(
      await mlflow.get('/registered-models/search', { max_results: '1000', page_token: next_page_token }),
    ).toHaveProperty('registered_models');
    for (const query of ['max_results=1001', 'max_results=0', 'page_token=x', 'order_by=run_id'])
      await mlflow.refused(INVALID, 'GET', `/registered-models/search?${query}`);
    for (const query of ['max_results=200001', 'order_by=source_path', 'order_by=name&order_by=name'])
      await mlflow.refused(INVALID, 'GET', `/model-versions/search?${query}`);
  });
});

it('the newest versions of the stages come by their numbers', async () => {
  const name = 'staged';
  await mlflow.post('/registered-models/create', { name });
  for (let i = 0; i < 3; i++) await mlflow.post('/model-versions/create', { name, source: 's3://b/m' });
  await mlflow.post('/model-versions/transition-stage', { name, version: '2', stage: 'Production' });
  const { registered_model } = await mlflow.get<{ registered_model: { latest_versions: Body[] } }>(
    '/registered-models/get',
    { name },
  );
  const newest = [
    { version: '2', current_stage: 'Production' },
    { version: '3', current_stage: 'None' },
  ];
  expect(registered_model.latest_versions).toMatchObject(newest);
  expect(await mlflow.get('/registered-models/get-latest-versions', { name })).toMatchObject({
    model_versions: newest,
  });
});

it.each([
  [INVALID, 'POST', '/registered-models/create', {}],
  [INVALID, 'POST', '/registered-models/create', { name: 'a/b' }],
  [INVALID, 'POST', '/registered-models/create', { name: '..' }],
  [MISSING, 'POST', '/registered-models/rename', { name: 'nobody', new_name: 'x' }],
  [INVALID, 'POST', '/registered-models/rename', { name: 'nobody' }],
  [MISSING, 'PATCH', '/registered-models/update', { name: 'nobody', description: 'x' }],
  [MISSING, 'DELETE', '/registered-models/delete', { name: 'nobody' }],
  [MISSING, 'GET', '/registered-models/get?name=nobody', undefined],
  [INVALID, 'GET', '/registered-models/get', undefined],
  [MISSING, 'POST', '/registered-models/set-tag', { name: 'nobody', key: 'a', value: 'b' }],
  [INVALID, 'POST', '/registered-models/set-tag', { name: 'nobody', key: 'x'.repeat(251), value: 'b' }],
  [MISSING, 'GET', '/registered-models/alias?name=nobody&alias=x', undefined],
  [MISSING, 'POST', '/model-versions/create', { name: 'nobody', source: 's3://x' }],
  [INVALID, 'GET', '/model-versions/get?name=nobody&version=abc', undefined],
  [MISSING, 'GET', '/model-versions/get?name=nobody&version=1', undefined],
  [MISSING, 'PATCH', '/model-versions/update', { name: 'nobody', version: '1', description: 'x' }],
  [INVALID, 'POST', '/model-versions/transition-stage', { name: 'nobody', version: '1', stage: 'Moon' }],
  [MISSING, 'GET', '/model-versions/get-download-uri?name=nobody&version=1', undefined],
  [MISSING, 'POST', '/logged-models', { experiment_id: '987654321', name: 'x' }],
  [INVALID, 'POST', '/logged-models', { name: 'x' }],
  [MISSING, 'GET', '/logged-models/nothing', undefined],
  [MISSING, 'GET', '/logged-models/nothing/artifacts/directories', undefined],
] as const)('%s: %s %s %j', async (code, method, path, body) => {
  await mlflow.refused(code, method, path, body);
});

it('a taken name is RESOURCE_ALREADY_EXISTS, an unknown alias INVALID_PARAMETER_VALUE', async () => {
  for (const name of ['taken', 'taken too']) await mlflow.post('/registered-models/create', { name });
  const exists = 'RESOURCE_ALREADY_EXISTS';
  await mlflow.refused(exists, 'POST', '/registered-models/create', { name: 'taken' });
  await mlflow.refused(exists, 'POST', '/registered-models/rename', { name: 'taken', new_name: 'taken too' });
  expectError(await send('GET', '/registered-models/alias?name=taken&alias=nothing'), INVALID);
});

it('answers with tens of thousands at once: more than a statement may have values', async () => {
  const experiment = await mlflow.experiment();
  await tracker.app.store.write((tx) =>
    tx.execute(
      `insert into logged_models (id, experiment_id, name, status, created_at, updated_at)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 33000)
        select 'm-many' || i, ${experiment}, 'many', 'ready', i, i from n`,
      [],
    ),
  );
  await mlflow.post('/logged-models/m-many7/params', { params: [pair('p', 'q')] });
  const body = { experiment_ids: [experiment], max_results: 50_000 };
  const { models } = await mlflow.post<{ models: Model[] }>('/logged-models/search', body);
  expect([models.length, models[0]?.info.model_id]).toEqual([33_000, 'm-many33000']);
  expect(models.filter(({ data }) => data['params'] !== undefined).map(({ info }) => info.model_id)).toEqual([
    'm-many7',
  ]);
});

describe('a run and its models', () => {
  it('logs points that belong to a model, too, alone and in a batch, each once', async () => {
    const experiment = await mlflow.experiment();
    const run_id = await mlflow.run({ experiment_id: experiment });
    const [one, two] = [await newModel(experiment), await newModel(experiment)];
    const point = { key: 'm', value: 1, timestamp: 5, step: 1 };
    const on = { dataset_name: 'ds', dataset_digest: 'd' };
    const metrics = [
      { ...point, model_id: one },
      { ...point, value: '-Infinity', step: 2, model_id: two },
      { ...point, key: 'free' },
    ];
    for (const _ of [1, 2]) {
      await mlflow.post('/runs/log-batch', { run_id, metrics });
      await mlflow.post('/runs/log-metric', { run_id, ...point, key: 'acc', ...on, model_id: one });
    }
    const points = async (id: string): Promise<unknown> =>
      (await mlflow.get<{ model: Model }>(`/logged-models/${id}`)).model.data['metrics'];
    expect(await points(one)).toEqual([
      { ...point, key: 'acc', ...on, model_id: one, run_id },
      { ...point, model_id: one, run_id },
    ]);
    expect(await points(two)).toEqual([{ ...point, value: '-Infinity', step: 2, model_id: two, run_id }]);
    const metricsOfRun = async (): Promise<string[]> => {
      const { run } = await mlflow.get<{ run: { data: { metrics: { key: string }[] } } }>('/runs/get', { run_id });
      return run.data.metrics.map(({ key }) => key).sort();
    };
    expect(await metricsOfRun()).toEqual(['acc', 'free', 'm']);
    // Nothing of a batch is kept of which a point names a model that is not there.
    const bad = { run_id, metrics: [{ ...point, key: 'lost', model_id: 'm-nothing' }] };
    await mlflow.refused(INVALID, 'POST', '/runs/log-batch', bad);
    expect(await metricsOfRun()).toEqual(['acc', 'free', 'm']);
  });

  it('says what it used and made, also in a search', async () => {
    const experiment = await mlflow.experiment();
    const run_id = await mlflow.run({ experiment_id: experiment });
    const [made, used] = [await newModel(experiment), await newModel(experiment)];
    for (const _ of [1, 2]) {
      expect(await mlflow.post('/runs/outputs', { run_id, models: [{ model_id: made, step: 3 }] })).toEqual({});
      expect(await mlflow.post('/runs/log-inputs', { run_id, models: [{ model_id: used }] })).toEqual({});
    }
    const said = {
      inputs: { model_inputs: [{ model_id: used }] },
      outputs: { model_outputs: [{ model_id: made, step: 3 }] },
    };
    expect(await mlflow.get('/runs/get', { run_id })).toMatchObject({ run: said });
    expect(await mlflow.post('/runs/search', { experiment_ids: [experiment] })).toMatchObject({ runs: [said] });
    await mlflow.refused(MISSING, 'POST', '/runs/outputs', { run_id: '0'.repeat(32), models: [{ model_id: made }] });
    for (const body of [
      { models: [{ model_id: made }] },
      { run_id },
      { run_id, models: [{ step: 1 }] },
      { run_id, models: [1] },
    ])
      await mlflow.refused(INVALID, 'POST', '/runs/outputs', body);
  });
});
