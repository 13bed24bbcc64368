// tests/runs/states.test.ts
// Purpose: which state of a run may follow which, what a change of state does to its times, and who may be whose parent.
// Why: a state that changes by accident makes every list a lie.
// Relevant files: runs/status.ts, runs/changes.ts, runs/api.ts

import { expect, test } from 'vitest';
import { RUN_STATUSES, RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

async function create(body: Record<string, unknown> = {}): Promise<RunDetail> {
  return (await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'states', ...body })).body;
}
const patch = (id: string, body: unknown): ReturnType<typeof tracker.api<RunDetail>> =>
  tracker.api<RunDetail>('PATCH', `/api/runs/${id}`, body);

const { Scheduled, Running, Finished, Failed, Killed } = RunStatus;
const ALLOWED: Record<RunStatus, RunStatus[]> = {
  [Scheduled]: [Scheduled, Running, Finished, Failed, Killed],
  [Running]: [Running, Finished, Failed, Killed],
  [Finished]: [Finished],
  [Failed]: [Failed],
  [Killed]: [Killed],
};

for (const from of RUN_STATUSES) {
  for (const to of RUN_STATUSES) {
    const allowed = ALLOWED[from].includes(to);
    test(`${from} → ${to} is ${allowed ? 'allowed' : 'refused'}`, async () => {
      const run = await create({ status: from });
      const { status, body } = await patch(run.id, { status: to });
      const after = (await tracker.api<RunDetail>('GET', `/api/runs/${run.id}`)).body;
      if (allowed) {
        expect(status).toBe(200);
        expect(after.status).toBe(to);
      } else {
        expect(status).toBe(409);
        expect(body).toMatchObject({ errors: [{ path: 'status' }] });
        expect(after).toEqual(run);
      }
    });
  }
}

test('times follow the state', async () => {
  const run = await create({ status: Scheduled });
  expect([run.start_time, run.end_time]).toEqual([null, null]);
  const running = (await patch(run.id, { status: Running })).body;
  expect(running.start_time).toBeGreaterThanOrEqual(run.created_at);
  expect(running.end_time).toBeNull();
  const ended = (await patch(run.id, { status: Failed })).body;
  expect(ended.start_time).toBe(running.start_time);
  expect(ended.end_time).toBeGreaterThanOrEqual(running.start_time ?? Infinity);
  const named = (await patch(run.id, { name: 'ended' })).body;
  expect(named.end_time).toBe(ended.end_time);
});

test('times can be given, and the end not before the start', async () => {
  const run = await create({ start_time: 1000 });
  expect((await patch(run.id, { status: Finished, end_time: 2000 })).body).toMatchObject({ end_time: 2000 });
  for (const body of [{ end_time: 999 }, { start_time: 2001 }, { start_time: 5, end_time: 4 }]) {
    const refused = await patch(run.id, body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'end_time' }] } });
  }
  expect((await patch(run.id, { start_time: null })).body).toMatchObject({ start_time: null, end_time: 2000 });
});

test('a run that has ended goes on only when it is reopened', async () => {
  for (const state of [Finished, Failed, Killed]) {
    const run = await create({ status: state });
    expect(run.end_time).not.toBeNull();
    const { status, body } = await tracker.api<RunDetail>('POST', `/api/runs/${run.id}/reopen`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: Running, end_time: null, start_time: run.start_time });
  }
  for (const state of [Scheduled, Running]) {
    const run = await create({ status: state });
    const refused = await tracker.api('POST', `/api/runs/${run.id}/reopen`);
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: 'status' }] } });
  }
});

test('data for a run that has ended is kept, and its state stays', async () => {
  const run = await create({ status: Finished });
  const log = await tracker.api('POST', `/api/runs/${run.id}/log`, { metrics: [{ key: 'late', value: 1 }] });
  expect(log.body).toMatchObject({ accepted: 1 });
  const after = (await tracker.api<RunDetail>('GET', `/api/runs/${run.id}`)).body;
  expect(after).toMatchObject({ status: Finished, end_time: run.end_time, metrics: { late: { count: 1 } } });
});

test('nobody is their own ancestor', async () => {
  const a = await create();
  const b = await create({ parent_id: a.id });
  const c = await create({ parent_id: b.id });
  for (const [id, parent] of [
    [a.id, a.id],
    [a.id, b.id],
    [a.id, c.id],
    [b.id, c.id],
  ] as const) {
    const refused = await patch(id, { parent_id: parent });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'parent_id' }] } });
  }
  const unknown = await patch(a.id, { parent_id: '0'.repeat(32) });
  expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: 'parent_id' }] } });
  expect((await patch(c.id, { parent_id: a.id })).body.parent_id).toBe(a.id);
  expect((await patch(c.id, { parent_id: null })).body.parent_id).toBeNull();
});
