// tests/models/api.test.ts
// Purpose: the JSON API of models: what is made, listed, changed and deleted, and what each wrong request is told.
// Why: deployment scripts without MLflow read aliases and files here.
// Relevant files: models/registry-api.ts, models/logged-api.ts, models/schemas.ts, tests/models/support.ts

import { expect, it } from 'vitest';
import { logModelPoints } from '../../models/logged-changes.ts';
import { useTracker } from '../support/use.ts';
import { makeModel, makeRun, must, putFile, register } from './support.ts';

const tracker = useTracker();

type Body = Record<string, unknown>;
interface List {
  items: Body[];
  next_cursor: string | null;
  total: number;
}
const time = expect.any(Number) as number;
const times = { created_at: time, updated_at: time };

it('registers a name, gives it versions and aliases, and lists them', async () => {
  const run = await makeRun(tracker);
  const model = await makeModel(tracker, run);
  const made = await tracker.api('POST', '/api/models', { name: 'digits ü', description: '# words', tags: { a: '1' } });
  expect([made.status, made.headers.get('location')]).toEqual([201, '/api/models/digits%20%C3%BC']);
  const at = '/api/models/digits%20%C3%BC';
  expect(made.body).toEqual({
    ...{ name: 'digits ü', description: '# words', tags: { a: '1' }, aliases: {}, versions: 0, latest: [], ...times },
  });
  const first = await tracker.api('POST', `${at}/versions`, { source: `models:/${model.id}`, tags: { b: '' } });
  expect([first.status, first.headers.get('location')]).toEqual([201, `${at}/versions/1`]);
  const version = {
    ...{ name: 'digits ü', version: 1, description: '', stage: 'None', source: `models:/${model.id}` },
    ...{ run_id: run.id, model_id: model.id, tags: { b: '' }, aliases: [], ...times },
  };
  expect(first.body).toEqual(version);
  for (const source of ['s3://b/2', 'models:/digits ü/1']) await must(tracker, 'POST', `${at}/versions`, { source });
  const patch = { description: 'best', aliases: ['champion', 'live'], stage: 'Production', tags: {} };
  expect(await must(tracker, 'PATCH', `${at}/versions/1`, patch)).toEqual({ ...version, ...patch });
  await must(tracker, 'PATCH', `${at}/versions/2`, { aliases: ['live'] });
  expect(await must<Body>(tracker, 'GET', at)).toMatchObject({ versions: 3, aliases: { champion: 1, live: 2 } });
  const page = await must<List>(tracker, 'GET', `${at}/versions?limit=2`);
  expect([page.total, page.items.map((one) => one['version'])]).toEqual([3, [3, 2]]);
  const rest = await must<List>(tracker, 'GET', `${at}/versions?limit=2&cursor=${page.next_cursor}`);
  expect([rest.next_cursor, rest.items.map((one) => one['version'])]).toEqual([null, [1]]);
  expect(await must(tracker, 'PATCH', at, { name: 'renamed', tags: {} })).toMatchObject({ name: 'renamed', tags: {} });
  expect((await tracker.api('GET', at)).status).toBe(404);
  expect((await must<List>(tracker, 'GET', '/api/models?q=REN')).items).toMatchObject([{ name: 'renamed' }]);
  expect((await tracker.api('DELETE', '/api/models/renamed/versions/2')).status).toBe(204);
  expect(await must(tracker, 'GET', '/api/models/renamed')).toMatchObject({ versions: 2, aliases: { champion: 1 } });
  expect((await tracker.api('DELETE', '/api/models/renamed')).status).toBe(204);
  expect((await must<List>(tracker, 'GET', '/api/models')).total).toBe(0);
  expect(await must(tracker, 'GET', `/api/logged-models/${model.id}`)).toMatchObject({ registrations: [] });
});

it('lists logged models, one with its points and files, in the trash and back', async () => {
  const run = await makeRun(tracker, 'logged');
  const { id } = await makeModel(tracker, run, { name: 'net', params: { p: '1' }, tags: { t: 'x' } });
  await makeModel(tracker, run, { name: 'other' });
  await putFile(tracker, id, 'data/MLmodel', 'flavors:');
  await register(tracker, 'of logged', id);
  const point = { model_id: id, key: 'acc', value: Infinity, step: 1, timestamp: 2 };
  await tracker.app.store.write((tx) => logModelPoints(tx, run, [point], Date.now()));
  const at = `/api/logged-models/${id}`;
  expect(await must(tracker, 'GET', at)).toEqual({
    ...{ id, experiment_id: run.experiment_id, name: 'net', model_type: '', source_run_id: run.id, status: 'pending' },
    ...{ params: { p: '1' }, tags: { t: 'x' }, registrations: [{ name: 'of logged', version: 1 }] },
    metrics: [
      { key: 'acc', value: 'Infinity', step: 1, timestamp: 2, run_id: run.id, dataset_name: '', dataset_digest: '' },
    ],
    ...{ ...times, trashed_at: null },
  });
  for (const [query, total] of [
    [`run=${run.id}`, 2],
    [`experiment=${run.experiment_id}&q=NE`, 1],
    [`run=${'f'.repeat(32)}`, 0],
  ] as const)
    expect((await must<List>(tracker, 'GET', `/api/logged-models?${query}`)).total, query).toBe(total);
  expect((await must<List>(tracker, 'GET', `${at}/artifacts`)).items).toMatchObject([
    { path: 'data/MLmodel', size: 8 },
  ]);
  const file = await tracker.api<string>('GET', `${at}/artifacts/data/MLmodel`);
  expect([file.body, file.headers.get('content-security-policy')]).toEqual([
    'flavors:',
    expect.stringContaining('sandbox'),
  ]);
  const saved = await tracker.api('GET', `${at}/artifacts/data/MLmodel?download=1`);
  expect(saved.headers.get('content-disposition')).toMatch(/^attachment/);
  expect((await tracker.api('DELETE', at)).status).toBe(204);
  expect((await tracker.api('GET', at)).status).toBe(404);
  expect((await must<List>(tracker, 'GET', `/api/logged-models?run=${run.id}`)).total).toBe(1);
  expect(await must(tracker, 'POST', `${at}/restore`)).toMatchObject({ id, trashed_at: null });
});

it.each([
  [400, 'POST', '/api/models', {}, 'name'],
  [400, 'POST', '/api/models', { name: 'a/b' }, 'name'],
  [400, 'POST', '/api/models', { name: 'x'.repeat(257) }, 'name'],
  [400, 'POST', '/api/models', { name: 'x', bogus: 1 }, 'bogus'],
  [409, 'POST', '/api/models', { name: 'taken' }, 'name'],
  [400, 'PATCH', '/api/models/taken', {}, 'body'],
  [404, 'PATCH', '/api/models/nobody', { description: 'x' }, undefined],
  [404, 'DELETE', '/api/models/nobody', undefined, undefined],
  [404, 'GET', '/api/models/nobody/versions', undefined, undefined],
  [400, 'GET', '/api/models/taken/versions?cursor=x', undefined, '?cursor'],
  [400, 'POST', '/api/models/taken/versions', { source: '/etc/passwd' }, 'source'],
  [404, 'POST', '/api/models/taken/versions', { source: `models:/m-${'0'.repeat(32)}` }, undefined],
  [400, 'PATCH', '/api/models/taken/versions/1', { aliases: ['v1'] }, 'alias'],
  [400, 'PATCH', '/api/models/taken/versions/1', { stage: 'Moon' }, 'stage'],
  [404, 'PATCH', '/api/models/taken/versions/9', { description: 'x' }, undefined],
  [400, 'GET', '/api/models/taken/versions/x', undefined, 'version'],
  [404, 'DELETE', '/api/models/taken/versions/9', undefined, undefined],
  [400, 'GET', '/api/logged-models/nothing', undefined, 'id'],
  [404, 'GET', `/api/logged-models/m-${'0'.repeat(32)}`, undefined, undefined],
  [404, 'DELETE', `/api/logged-models/m-${'0'.repeat(32)}`, undefined, undefined],
  [404, 'GET', `/api/logged-models/m-${'0'.repeat(32)}/artifacts`, undefined, undefined],
  [400, 'GET', '/api/logged-models?run=x', undefined, '?run'],
] as const)('%i: %s %s %j', async (status, method, path, body, field) => {
  if ((await tracker.api('GET', '/api/models/taken')).status === 404) {
    await must(tracker, 'POST', '/api/models', { name: 'taken' });
    await must(tracker, 'POST', '/api/models/taken/versions', { source: 's3://b/1', description: 'as it was' });
  }
  const answer = await tracker.api<{ errors: { path: string }[] }>(method, path, body);
  expect([answer.status, answer.body.errors[0]?.path], JSON.stringify(answer.body)).toEqual([status, field]);
  expect(await must(tracker, 'GET', '/api/models/taken')).toMatchObject({ versions: 1, aliases: {}, description: '' });
});
