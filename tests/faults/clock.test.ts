// tests/faults/clock.test.ts
// Purpose: the clock of a running server jumps back by two hours, then far forward and back again.
// Why: machines correct their clocks; a run must not lose a point, end before it began, or break a page because of it.
// Relevant files: runs/changes.ts, runs/ingest.ts, runs/status.ts, tests/support/child.ts

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { RunStatus } from '../../runs/models.ts';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import { startChild } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { expectExactly } from './account.ts';
import { Client, post } from './load.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/** Loaded before the server: `Date` goes by an offset that stands in a file. */
const SHIFT = `
  import { readFileSync } from 'node:fs';
  const real = Date.now.bind(Date);
  let offset = 0;
  setInterval(() => (offset = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'))), 10).unref();
  globalThis.Date = class extends Date {
    constructor(...args) { args.length === 0 ? super(real() + offset) : super(...args); }
    static now() { return real() + offset; }
  };`;

test('logging, states and pages go on; times stay in order; nothing is lost', async () => {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const preload = path.join(folder, 'shift.mjs');
  const clock = path.join(folder, 'clock');
  writeFileSync(preload, SHIFT);
  writeFileSync(clock, '0');
  const server = await startChild(path.join(folder, 'data'), { preload, env: { CLOCK_FILE: clock } });
  const { url } = server;
  const get = async <T>(where: string): Promise<T> => (await (await fetch(url + where)).json()) as T;

  /** Moves the server's clock to `offset` ms beside the real one, and waits until the server knows. */
  const moveClock = async (offset: number): Promise<void> => {
    writeFileSync(clock, String(offset));
    await expect
      .poll(async () => {
        const probe = await newRun(`clock at ${offset}`);
        return Math.abs(probe.created_at - Date.now() - offset);
      })
      .toBeLessThan(60_000);
  };
  const newRun = async (name: string): Promise<RunDetail> =>
    JSON.parse((await post(`${url}/api/runs`, { experiment: 'clock', name }))?.text ?? '') as RunDetail;

  const run = await newRun('through all of it');
  const client = new Client(run.id, 'c', randomOf(3));
  const others = [];
  for (const offset of [0, -2 * HOUR, 10 * YEAR, -HOUR]) {
    await moveClock(offset);
    for (let batch = 0; batch < 10; batch++) expect(await client.step(url)).toBe(true);
    // Points without a timestamp get the time of arrival, whatever it is.
    const other = await newRun(`begun at ${offset}`);
    others.push(other.id);
    const metrics = [1, 2, 3].map((step) => ({ key: 'loss', value: step, step }));
    const receipt = JSON.parse((await post(`${url}/api/runs/${other.id}/log`, { metrics }))?.text ?? '') as Receipt;
    expect(receipt).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    for (const where of [
      '/experiments',
      '/experiments/1',
      `/runs/${run.id}`,
      `/compare?run=${run.id}&run=${other.id}`,
      '/status',
      '/tags',
      '/exports',
    ])
      expect((await fetch(url + where, { headers: { accept: 'text/html' } })).status, where).toBe(200);
    // Heard of just now, by the server's clock.
    const { heard_at } = await get<RunDetail>(`/api/runs/${run.id}`);
    expect(Math.abs(heard_at - Date.now() - offset)).toBeLessThan(60_000);
  }
  // It ends an hour before the time at which it began.
  await moveClock(-HOUR);
  for (const id of [run.id, ...others]) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ status: RunStatus.Finished });
    const answer = await fetch(`${url}/api/runs/${id}`, { method: 'PATCH', headers, body });
    expect(answer.status).toBe(200);
    const { start_time, end_time } = (await answer.json()) as RunDetail;
    expect(end_time ?? NaN).toBeGreaterThanOrEqual(start_time ?? NaN);
  }
  const page = await (await fetch(`${url}/experiments/1`, { headers: { accept: 'text/html' } })).text();
  expect(page).not.toMatch(/>\s*[-−]\d+(\.\d+)?\s*(ms|s|min|h|d)\b/);
  const list = await get<{ items: { id: string }[]; total: number }>(
    '/api/runs?experiment=1&order=-start_time&limit=100',
  );
  expect(list.items.map(({ id }) => id)).toEqual(expect.arrayContaining([run.id, ...others]));
  expect(list.items).toHaveLength(list.total);
  expect(server.said()).not.toContain('"level":50');
  await server.kill();
  expectExactly(path.join(folder, 'data', 'tracker.db'), [client.account]);
});
