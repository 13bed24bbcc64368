// tests/shared/busy.test.ts
// Purpose: another process holds the database: reads answer at once, writes wait for it, and not for ever.
// Why: a backup or a shell that is left open must not stop the tracker.
// Relevant files: shared/db/write-queue.ts, shared/db/sqlite.ts, shared/http/problems.ts

import { request } from 'node:http';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tracker } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let other: Database.Database;
beforeAll(async () => {
  other = new Database(path.join(tracker.folder, 'tracker.db'));
});
afterAll(async () => {
  other.close();
});

const create = (name: string): ReturnType<Tracker['api']> => tracker.api('POST', '/api/experiments', { name });

test('reads answer while the database is locked, and a write is stored when it is free again', async () => {
  other.exec('begin immediate');
  let isOver = false;
  const writing = create('waits').finally(() => (isOver = true));
  // The write is at the lock by now.
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const what of ['/health', '/status', '/experiments', '/api/runs']) {
    expect((await tracker.get(what)).status, what).toBe(200);
  }
  // None of them waited for the lock: the write, which came first and waits at most ten seconds, still does.
  expect(isOver).toBe(false);
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(0);
  other.exec('commit');
  expect((await writing).status).toBe(201);
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(1);
});

test('after ten seconds all that wait are told 503 at once, and nothing of them is stored', async () => {
  const before = (await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total;
  other.exec('begin immediate');
  const start = performance.now();
  const took: number[] = [];
  const told = async (name: string): Promise<string> => {
    const answer = await post(name);
    took.push(performance.now() - start);
    return answer;
  };
  // More than share one commit.
  const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => told(`never ${i}`)));
  expect(new Set(answers)).toEqual(new Set(['503 1']));
  expect(took[0]).toBeGreaterThan(9_000);
  // At once: had those that did not share the first commit waited for themselves, it were ten seconds more.
  expect((took.at(-1) ?? 0) - (took[0] ?? 0)).toBeLessThan(9_000);
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
