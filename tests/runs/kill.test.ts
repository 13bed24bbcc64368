// tests/runs/kill.test.ts
// Purpose: kills a server with SIGKILL while four clients log, starts it again, and counts what was acknowledged.
// Why: "accepted" is a promise that must hold when the process dies (what a power cut does to the disk is not shown here).
// Relevant files: shared/db/write-queue.ts, shared/db/sqlite.ts, manage.ts

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import { freshFolder, startTracker } from '../support/tracker.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLIENTS = 4;
const BATCH = 10;

async function spawnServer(folder: string): Promise<{ process: ChildProcess; url: string }> {
  const command = ['--import', 'tsx', path.join(ROOT, 'manage.ts'), 'run', '--port', '0', '--data', folder];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) {
    const url = /http:\/\/\S+/.exec(String(chunk))?.[0];
    if (url) return { process: child, url };
  }
  throw new Error('the server ended before it listened');
}

async function send<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return (await answer.json()) as T;
}

/** Logs batch after batch until the server is gone; counts in `acknowledged` what was answered for `m<client>`. */
async function logUntilKilled(url: string, client: number, acknowledged: number[]): Promise<void> {
  const key = `m${client}`;
  for (let batch = 0; ; batch++) {
    const metrics = Array.from({ length: BATCH }, (_, i) => ({ key, value: i, step: batch * BATCH + i }));
    try {
      const receipt = await send<Receipt>(url, { metrics });
      expect(receipt.accepted).toBe(BATCH);
      acknowledged[client] = batch + 1;
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

test('what was acknowledged before a SIGKILL is there afterwards', async () => {
  const folder = freshFolder();
  const server = await spawnServer(folder);
  onTestFinished(() => void server.process.kill('SIGKILL'));
  const run = await send<RunDetail>(`${server.url}/api/runs`, { experiment: 'killed' });
  const acknowledged: number[] = Array(CLIENTS).fill(0) as number[];
  const clients = acknowledged.map((_, i) => logUntilKilled(`${server.url}/api/runs/${run.id}/log`, i, acknowledged));
  await expect.poll(() => Math.min(...acknowledged), { interval: 5 }).toBeGreaterThan(10);
  const gone = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGKILL');
  await gone;
  await Promise.all(clients);

  const again = await startTracker(folder);
  try {
    const after = (await again.api<RunDetail>('GET', `/api/runs/${run.id}`)).body;
    for (const [i, batches] of acknowledged.entries()) {
      const page = await again.api<{ items: { step: number }[]; total: number }>(
        'GET',
        `/api/runs/${run.id}/points?key=m${i}&limit=10000`,
      );
      const steps = page.body.items.map((point) => point.step);
      // At most the one batch in flight is there without its acknowledgement, and then all of it.
      expect([batches * BATCH, (batches + 1) * BATCH]).toContain(steps.length);
      expect(steps).toEqual(Array.from(steps, (_, step) => step));
      expect(after.metrics[`m${i}`]?.count).toBe(steps.length);
      expect(page.body.total).toBe(steps.length);
    }
  } finally {
    await again.stop();
  }
});
