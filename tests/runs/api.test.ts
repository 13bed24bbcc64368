// tests/runs/api.test.ts
// Purpose: the JSON API of runs, endpoint by endpoint, on a real server.
// Why: scripts rely on every status, header and field here.
// Relevant files: runs/api.ts, runs/changes.ts, runs/schemas.ts, tests/support/tracker.ts

import { expect, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

const UNKNOWN = '0'.repeat(32);

async function create(body: Record<string, unknown> = {}): Promise<RunDetail> {
  const { status, body: run } = await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'digits', ...body });
  expect(status).toBe(201);
  return run;
}

test('a run is created by the experiment’s name, which is made once', async () => {
  const before = Date.now();
  const { status, headers, body } = await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'made by a run' });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/api/runs/${body.id}`);
  expect(body).toMatchObject({
    number: 1,
    name: 'run-1',
    status: RunStatus.Running,
    end_time: null,
    notes: '',
    trashed_at: null,
  });
  expect(body).toMatchObject({ params: {}, tags: {}, metrics: {}, parent_id: null });
  expect(body.id).toMatch(/^[0-9a-f]{32}$/);
  expect(body.start_time).toBeGreaterThanOrEqual(before);
  const second = await create({ experiment: 'made by a run' });
  expect(second).toMatchObject({ experiment_id: body.experiment_id, number: 2, name: 'run-2' });
});

test('a run keeps everything that is sent with it', async () => {
  const parent = await create({ name: 'sweep' });
  const sent = {
    experiment_id: parent.experiment_id,
    id: 'a'.repeat(32),
    name: 'größe 🎲',
    start_time: -1,
    parent_id: parent.id,
    notes: '# Notes\n\n*one* line',
    params: { lr: 0.001, optimizer: 'adam', nesterov: true, seed: null, 'model/layers': '[64, 64]', tiny: 5e-324 },
    tags: { baseline: '', model: 'mlp' },
  };
  const run = (await tracker.api<RunDetail>('POST', '/api/runs', sent)).body;
  const { params, ...rest } = sent;
  expect(run).toMatchObject(rest);
  expect(run.params).toEqual({
    lr: '0.001', optimizer: 'adam', nesterov: 'true', seed: 'null', 'model/layers': '[64, 64]', tiny: '5e-324',
  }); // prettier-ignore
  expect(Object.keys(run.params).sort()).toEqual(Object.keys(params).sort());
  expect((await tracker.api('GET', `/api/runs/${run.id}`)).body).toEqual(run);
});

test('the same request with its own id makes one run', async () => {
  const body = { experiment: 'digits', id: 'b'.repeat(32), params: { lr: 0.1 } };
  const first = await tracker.api<RunDetail>('POST', '/api/runs', body);
  const again = await tracker.api<RunDetail>('POST', '/api/runs', body);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.headers.get('location')).toBe(`/api/runs/${body.id}`);
  expect(again.body).toEqual(first.body);
  const other = await tracker.api('POST', '/api/runs', { ...body, params: { lr: 0.2 } });
  expect(other.status).toBe(409);
  expect(other.body).toMatchObject({ errors: [{ path: 'params.lr' }] });
  const elsewhere = await tracker.api('POST', '/api/runs', { ...body, experiment: 'another' });
  expect(elsewhere).toMatchObject({ status: 409, body: { errors: [{ path: 'id' }] } });
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments?q=another')).body.total).toBe(0);
});

test('patch changes what is named and nothing else', async () => {
  const run = await create({ notes: 'before', params: { lr: 1 } });
  const { status, body } = await tracker.api<RunDetail>('PATCH', `/api/runs/${run.id}`, { name: 'after' });
  expect(status).toBe(200);
  expect(body).toEqual({ ...run, name: 'after', updated_at: body.updated_at });
});

test('deleting is a move to the trash, twice the same, and can be taken back', async () => {
  const run = await create({ experiment: 'trash', tags: { keep: '' } });
  const list = `/api/runs?experiment=${run.experiment_id}`;
  expect(await tracker.api('DELETE', `/api/runs/${run.id}`)).toMatchObject({ status: 204, body: '' });
  const trashed = await tracker.api<RunDetail>('GET', `/api/runs/${run.id}`);
  expect(trashed.status).toBe(200);
  expect(trashed.body.trashed_at).not.toBeNull();
  expect((await tracker.api<{ total: number }>('GET', list)).body.total).toBe(0);
  expect((await tracker.api('DELETE', `/api/runs/${run.id}`)).status).toBe(204);
  expect((await tracker.api('GET', `/api/runs/${run.id}`)).body).toEqual(trashed.body);
  for (const [method, path, body] of [
    ['PATCH', '', { name: 'x' }],
    ['POST', '/log', {}],
    ['POST', '/reopen', undefined],
  ] as const) {
    const refused = await tracker.api<{ detail: string }>(method, `/api/runs/${run.id}${path}`, body);
    expect(refused.status, path).toBe(409);
    expect(refused.body.detail).toContain('restore it first');
  }
  const restored = await tracker.api<RunDetail>('POST', `/api/runs/${run.id}/restore`);
  expect(restored.body).toEqual({ ...run, updated_at: restored.body.updated_at });
  expect((await tracker.api('POST', `/api/runs/${run.id}/restore`)).status).toBe(200);
  expect((await tracker.api<{ total: number }>('GET', list)).body.total).toBe(1);
});

test('a run does not come back without its experiment', async () => {
  const run = await create({ experiment: 'gone' });
  await tracker.api('DELETE', `/api/runs/${run.id}`);
  await tracker.api('DELETE', `/api/experiments/${run.experiment_id}`);
  const refused = await tracker.api<{ detail: string }>('POST', `/api/runs/${run.id}/restore`);
  expect(refused.status).toBe(409);
  expect(refused.body.detail).toContain('with its experiment');
  expect((await tracker.api<RunDetail>('GET', `/api/runs/${run.id}`)).body.trashed_at).not.toBeNull();
  await tracker.api('POST', `/api/experiments/${run.experiment_id}/restore`);
  expect((await tracker.api('POST', `/api/runs/${run.id}/restore`)).status).toBe(200);
});

test('unknown ids are 404 everywhere', async () => {
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { name: 'x' }],
    ['DELETE', '', undefined],
    ['POST', '/restore', undefined],
    ['POST', '/reopen', undefined],
    ['POST', '/log', { metrics: [] }],
    ['GET', '/metrics', undefined],
    ['GET', '/points?key=loss', undefined],
    ['GET', '/curve?key=loss', undefined],
  ] as const) {
    const answer = await tracker.api<{ detail: string }>(method, `/api/runs/${UNKNOWN}${path}`, body);
    expect(answer.status, `${method} ${path}`).toBe(404);
    expect(answer.body.detail).toBe(`Run ${UNKNOWN} does not exist.`);
  }
  const run = await create();
  const metric = await tracker.api<{ detail: string }>('GET', `/api/runs/${run.id}/points?key=lo%22ss`);
  expect(metric).toMatchObject({ status: 404, body: { detail: `Metric "lo\\"ss" of run ${run.id} does not exist.` } });
});
