// tests/postgres/restart.test.ts
// Purpose: a PostgreSQL server that is stopped and started under load: 503 with Retry-After, then everything goes on; nothing acknowledged is lost.
// Why: operators restart databases; an app process must neither die nor lie.
// Relevant files: shared/db/postgres.ts, shared/db/trouble.ts, shared/http/problems.ts, tests/support/postgres-server.ts

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../manage.ts';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import { readSettings } from '../../shared/config.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { freshFolder } from '../support/tracker.ts';

const KEYS = ['a', 'b', 'c', 'd'];
const HEADERS = { 'content-type': 'application/json' };

interface Seen {
  acknowledged: number;
  statuses: Set<number>;
  retryAfter: Set<string | null>;
}

/** Logs one point after the other until `isOver`; a point that was not acknowledged is sent again. */
async function logInto(run: string, key: string, seen: Seen, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const body = JSON.stringify({
      metrics: [{ key, value: seen.acknowledged, step: seen.acknowledged, timestamp: 1 }],
    });
    const answer = await fetch(`${run}/log`, { method: 'POST', headers: HEADERS, body });
    seen.statuses.add(answer.status);
    const receipt = (await answer.json()) as Receipt;
    if (answer.status === 200) {
      expect(receipt.accepted + receipt.duplicates).toBe(1);
      seen.acknowledged += 1;
    } else {
      seen.retryAfter.add(answer.headers.get('retry-after'));
      await sleep(5);
    }
  }
}

it('is told as 503 with Retry-After, the process lives, and what was acknowledged is there', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const server = await startServer(readSettings({ port: '0', data: freshFolder() }, { DATABASE_URL: postgres.url }));
  onTestFinished(() => server.close());
  const made = await fetch(`${server.url}/api/runs`, {
    method: 'POST',
    headers: HEADERS,
    body: '{"experiment":"restarted"}',
  });
  const { id } = (await made.json()) as RunDetail;
  const run = `${server.url}/api/runs/${id}`;
  let isOver = false;
  const seen = KEYS.map((): Seen => ({ acknowledged: 0, statuses: new Set(), retryAfter: new Set() }));
  const clients = seen.map((one, i) => logInto(run, KEYS[i] ?? '', one, () => isOver));
  /** All of them have had so many more points stored. */
  const more = async (n: number): Promise<void> => {
    const wanted = seen.map(({ acknowledged }) => acknowledged + n);
    const enough = (): boolean => seen.every(({ acknowledged }, i) => acknowledged >= (wanted[i] ?? 0));
    await expect.poll(enough).toBe(true);
  };
  await more(5);
  await postgres.stop();
  const page = await fetch(`${server.url}/experiments`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await page.text()).toContain('The database cannot be reached');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await postgres.start();
  await more(5);
  isOver = true;
  await Promise.all(clients);
  const after = (await (await fetch(run)).json()) as RunDetail;
  for (const [i, { acknowledged, statuses, retryAfter }] of seen.entries()) {
    expect([...statuses].sort()).toEqual([200, 503]);
    expect([...retryAfter]).toEqual(['1']);
    // Each point is there once, however often it was sent.
    expect(after.metrics[KEYS[i] ?? '']?.count).toBe(acknowledged);
  }
});
