// tests/faults/two-servers.test.ts
// Purpose: two servers on one data folder, in turn and at once on the same run; a server beside commands that write.
// Why: somebody starts it twice, or imports while it runs: neither may cost a point or make a summary wrong.
// Relevant files: shared/db/sqlite.ts, shared/db/write-queue.ts, runs/series-state.ts, tests/faults/load.ts

import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { runChild, startChild } from '../support/child.ts';
import { freshFolder } from '../support/tracker.ts';
import { expectExactly } from './account.ts';
import { Client, post } from './load.ts';

function newFolder(): string {
  const folder = freshFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function newRun(url: string): Promise<string> {
  const answer = await post(`${url}/api/runs`, { experiment: 'shared' });
  return (JSON.parse(answer?.text ?? '') as RunDetail).id;
}

test('two servers that log into the same series in turn count every point once', async () => {
  const folder = newFolder();
  const one = await startChild(folder);
  const two = await startChild(folder);
  // A client keeps its series; each batch goes to the other server than the one before.
  const client = new Client(await newRun(one.url), 'c', randomOf(7));
  for (let batch = 0; batch < 60; batch++) {
    const url = batch % 2 === 0 ? one.url : two.url;
    expect(await client.step(url)).toBe(true);
    // Both see the same at once.
    const [a, b] = await Promise.all(
      [one, two].map(async (server) => (await fetch(`${server.url}/api/runs/${client.account.run}/metrics`)).json()),
    );
    expect(a).toEqual(b);
  }
  await Promise.all([one.kill(), two.kill()]);
  expectExactly(path.join(folder, 'tracker.db'), [client.account]);
});

test('two servers that log into one run at once, while commands import, export and examine', async () => {
  const folder = newFolder();
  const servers = [await startChild(folder), await startChild(folder)];
  const run = await newRun(servers[0]?.url ?? '');
  const clients = [0, 1, 2, 3].map((i) => new Client(run, `c${i}`, randomOf(i)));
  let isOver = false;
  const logging = clients.map(async (client, i) => {
    // A server that never got a turn would answer 503 here, and fail the test.
    while (!isOver) expect(await client.step(servers[i % 2]?.url ?? '')).toBe(true);
  });
  const done = [
    await runChild(['seed', '--data', folder]),
    await runChild(['export', 'experiments.csv', '--data', folder, '--output', path.join(folder, 'out.csv')]),
    await runChild(['doctor', '--data', folder]),
  ];
  isOver = true;
  await Promise.all(logging);
  expect(done.map(({ code, said }) => (code === 0 ? code : said))).toEqual([0, 0, 0]);
  for (const client of clients) expect(client.acknowledged).toBeGreaterThan(5);
  await Promise.all(servers.map((server) => server.kill()));
  expectExactly(
    path.join(folder, 'tracker.db'),
    clients.map(({ account }) => account),
  );
  expect(await runChild(['doctor', '--deep', '--data', folder])).toMatchObject({ code: 0 });
});

test('two processes that come for the same new folder at once both serve it', async () => {
  const folder = newFolder();
  const servers = await Promise.all([startChild(folder), startChild(folder)]);
  const run = await newRun(servers[0]?.url ?? '');
  for (const { url } of servers) expect((await fetch(`${url}/api/runs/${run}`)).status).toBe(200);
});
