// tests/experiments/api.test.ts
// Purpose: the JSON API of experiments, endpoint by endpoint, on a real server.
// Why: scripts rely on every status, header and field here.
// Relevant files: experiments/routes.ts, experiments/changes.ts, experiments/queries.ts

import { expect, test } from 'vitest';
import { ExperimentStatus } from '../../experiments/models.ts';
import type { ExperimentOut } from '../../experiments/schemas.ts';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';

interface List {
  items: ExperimentOut[];
  next_cursor: string | null;
  total: number;
}

const tracker = useTracker();

async function create(name: string, more: object = {}): Promise<ExperimentOut> {
  return (await tracker.api<ExperimentOut>('POST', '/api/experiments', { name, ...more })).body;
}
const list = async (query: string): Promise<List> => (await tracker.api<List>('GET', `/api/experiments?${query}`)).body;
const names = async (query: string): Promise<string[]> => (await list(query)).items.map((item) => item.name);

test('create answers the whole object and where it is', async () => {
  const sent = {
    name: 'größe 🎲',
    description: '# Why',
    status: ExperimentStatus.Draft,
    main_metric: 'val/loss',
    tags: { team: 'vision', baseline: '' },
  };
  const { status, headers, body } = await tracker.api<ExperimentOut>('POST', '/api/experiments', sent);
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/api/experiments/${body.id}`);
  expect(body).toMatchObject({ ...sent, run_counts: {}, trashed_at: null });
  expect((await tracker.api('GET', `/api/experiments/${body.id}`)).body).toEqual(body);
});

test('only the name is needed, and spaces around it go', async () => {
  expect(await create('  plain  ')).toMatchObject({
    name: 'plain', description: '', status: ExperimentStatus.Active, main_metric: null, tags: {},
  }); // prettier-ignore
});

test('patch changes what is named and nothing else', async () => {
  const before = await create('to patch', { description: 'kept' });
  const { status, body } = await tracker.api<ExperimentOut>('PATCH', `/api/experiments/${before.id}`, {
    name: 'patched',
    main_metric: 'acc',
  });
  expect(status).toBe(200);
  expect(body).toEqual({ ...before, name: 'patched', main_metric: 'acc', updated_at: body.updated_at });
  const reset = await tracker.api<ExperimentOut>('PATCH', `/api/experiments/${before.id}`, { main_metric: null });
  expect(reset.body.main_metric).toBeNull();
  const same = await tracker.api<ExperimentOut>('PATCH', `/api/experiments/${before.id}`, { name: 'patched' });
  expect(same.status).toBe(200);
});

test('in the trash the name is free, and coming back needs it', async () => {
  const first = await create('wanted');
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'wanted' })).body;
  expect((await tracker.api('DELETE', `/api/experiments/${first.id}`)).status).toBe(204);
  expect((await tracker.api('DELETE', `/api/experiments/${first.id}`)).status).toBe(204);
  expect((await tracker.api('GET', `/api/experiments/${first.id}`)).status).toBe(404);
  expect((await tracker.api<{ total: number }>('GET', `/api/runs?experiment=${first.id}`)).body.total).toBe(0);
  const second = await create('wanted');
  expect(second.id).not.toBe(first.id);
  const refused = await tracker.api('POST', `/api/experiments/${first.id}/restore`);
  expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: 'name' }] } });
  await tracker.api('PATCH', `/api/experiments/${second.id}`, { name: 'moved away' });
  const back = await tracker.api<ExperimentOut>('POST', `/api/experiments/${first.id}/restore`);
  expect(back).toMatchObject({ status: 200, body: { id: first.id, name: 'wanted', trashed_at: null } });
  expect((await tracker.api('PATCH', `/api/runs/${run.id}`, { name: 'still here' })).status).toBe(200);
});

test('lists filter by text, status and tags, and count runs by state', async () => {
  await create('Übung MATRIX one', { tags: { team: 'a', baseline: '' }, status: ExperimentStatus.Completed });
  await create('übung matrix two', { tags: { team: 'b', 'a=b': 'c' } });
  await create('else', { description: 'about the ÜBUNG too', status: ExperimentStatus.Archived });
  expect((await names('q=ÜBUNG&order=name')).sort()).toEqual(['else', 'Übung MATRIX one', 'übung matrix two'].sort());
  expect(await names(`q=matrix&status=${ExperimentStatus.Completed}`)).toEqual(['Übung MATRIX one']);
  const both = `q=übung&status=${ExperimentStatus.Completed}&status=${ExperimentStatus.Archived}&order=name`;
  expect(await names(both)).toEqual(['else', 'Übung MATRIX one']);
  expect(await names('tag=team&q=matrix&order=created_at')).toEqual(['Übung MATRIX one', 'übung matrix two']);
  expect(await names('tag=team%3Da&q=matrix')).toEqual(['Übung MATRIX one']);
  expect(await names('tag=team&tag=baseline&q=matrix')).toEqual(['Übung MATRIX one']);
  expect(await names('tag=a%3Db')).toEqual(['übung matrix two']);
  expect(await names('tag=a%3Db%3Dc')).toEqual(['übung matrix two']);
  expect(await names('tag=a%3Db%3Dd')).toEqual([]);
  expect(await names('q=100%25_')).toEqual([]);
  for (const status of [RunStatus.Running, RunStatus.Failed, RunStatus.Failed]) {
    await tracker.api('POST', '/api/runs', { experiment: 'übung matrix two', status });
  }
  const [counted] = (await list('q=matrix two')).items;
  expect(counted?.run_counts).toEqual({ [RunStatus.Running]: 1, [RunStatus.Failed]: 2 });
});

test('a draft becomes active with its first run; what is archived takes none', async () => {
  const draft = await create('a draft', { status: ExperimentStatus.Draft });
  await tracker.api('POST', '/api/runs', { experiment_id: draft.id });
  const after = (await tracker.api<ExperimentOut>('GET', `/api/experiments/${draft.id}`)).body;
  expect(after.status).toBe(ExperimentStatus.Active);
  await tracker.api('PATCH', `/api/experiments/${draft.id}`, { status: ExperimentStatus.Archived });
  expect((await tracker.api('POST', '/api/runs', { experiment_id: draft.id })).status).toBe(409);
});

test('two that create the same experiment by a run at once get the same one', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      tracker.api<{ experiment_id: number; number: number }>('POST', '/api/runs', { experiment: 'at once' }),
    ),
  );
  expect(new Set(answers.map((answer) => answer.body.experiment_id)).size).toBe(1);
  expect(answers.map((answer) => answer.body.number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});
