// tests/faults/purge-kill.test.ts
// Purpose: a server dies in the middle of a removal; the next one goes on, and what is left meanwhile is consistent.
// Why: a removal of millions of points takes longer than many a process lives.
// Relevant files: runs/purge.ts, runs/purge-changes.ts, tests/support/child.ts

import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { startChild } from '../support/child.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';

const POINTS = 400_000;

it('after a SIGKILL the next start removes the rest', async () => {
  const folder = freshFolder();
  const server = await startChild(folder);
  const send = async (method: string, where: string, body?: unknown): Promise<{ id: string }> => {
    const json =
      body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(server.url + where, { method, ...json });
    expect([where, answer.ok]).toEqual([where, true]);
    return JSON.parse((await answer.text()) || '{}') as { id: string };
  };
  const { id } = await send('POST', '/api/runs', { experiment: 'killed' });
  for (let start = 0; start < POINTS; start += 50_000) {
    const metrics = Array.from({ length: 50_000 }, (_, i) => ({ key: 'loss', value: i, step: start + i }));
    await send('POST', `/api/runs/${id}/log`, { metrics });
  }
  await send('DELETE', `/api/runs/${id}`);
  const db = new Database(path.join(folder, 'tracker.db'), { readonly: true });
  const left = db.prepare('select purge_left from runs').pluck();
  await send('POST', `/api/runs/${id}/purge`);
  await expect.poll(() => left.get(), { interval: 1 }).toBeLessThan(POINTS);
  await server.kill();
  const counted = db.prepare('select (select count(*) from points) as points, (select sum(count) from metrics) as sum');
  const rest = left.get() as number;
  expect(counted.get()).toEqual({ points: rest, sum: rest });
  expect(rest).toBeGreaterThan(0);
  expect(rest).toBeLessThan(POINTS);
  db.close();

  const again = await startTracker(folder);
  onTestFinished(() => again.stop());
  await expect.poll(async () => (await again.api('GET', `/api/runs/${id}`)).status, { interval: 10 }).toBe(404);
  for (const table of ['points', 'rollups', 'metrics', 'runs'])
    expect((await again.app.store.read.execute(`select 1 from ${table} limit 1`, [])).rows, table).toEqual([]);
});
