// tests/shared/busy.test.ts
// Purpose: another process holds the database: reads answer at once, writes wait for it, and not for ever.
// Why: a backup or a shell that is left open must not stop the tracker.
// Relevant files: shared/db/write-queue.ts, shared/db/sqlite.ts, shared/http/problems.ts

import { request } from 'node:http';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTracker, type Tracker } from '../support/tracker.ts';

let tracker: Tracker;
let other: Database.Database;
beforeAll(async () => {
  tracker = await startTracker();
  other = new Database(path.join(tracker.folder, 'tracker.db'));
});
afterAll(async () => {
  other.close();
  await tracker.stop();
});

const create = (name: string): ReturnType<Tracker['api']> => tracker.api('POST', '/api/experiments', { name });

/** Status of `what` and the ms it took. */
async function timed(what: string): Promise<{ status: number; took: number }> {
  const start = performance.now();
  const { status } = await tracker.get(what);
  return { status, took: performance.now() - start };
}

test('reads answer while the database is locked, and a write is stored when it is free again', async () => {
  other.exec('begin immediate');
  const writing = create('waits');
  // The write is at the lock by now.
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const what of ['/health', '/status', '/experiments', '/api/runs']) {
    const { status, took } = await timed(what);
    expect(status, what).toBe(200);
    expect(took, what).toBeLessThan(2000);
  }
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(0);
  other.exec('commit');
  expect((await writing).status).toBe(201);
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(1);
});

test('after ten seconds all that wait are told 503 at once, and nothing of them is stored', async () => {
  const before = (await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total;
  other.exec('begin immediate');
  const start = performance.now();
  // More than share one commit.
  const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => post(`never ${i}`)));
  const took = performance.now() - start;
  expect(new Set(answers)).toEqual(new Set(['503 1']));
  expect(took).toBeGreaterThan(9_000);
  expect(took).toBeLessThan(18_000);
  other.exec('commit');
  expect((await create('again')).status).toBe(201);
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(before + 1);
});

/** Each on a connection of its own; gives status and Retry-After. */
function post(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(`${tracker.url}/api/experiments`, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(`${response.statusCode} ${response.headers['retry-after']}`);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ name }));
  });
}
