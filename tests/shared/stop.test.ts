// tests/shared/stop.test.ts
// Purpose: the server stops at once, also when the last answers were still leaving.
// Why: a stop that hangs is cut off by whoever asked for it, before the database is written back.
// Relevant files: shared/http/server.ts, tests/support/tracker.ts

import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startTracker } from '../support/tracker.ts';

const ROUNDS = 5;

it('stops within a second or two right after answers that are streamed', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const tracker = await startTracker();
    const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'stop' });
    const file = `${tracker.url}/api/runs/${body.id}/artifacts/weights.bin`;
    await fetch(file, { method: 'PUT', body: Buffer.alloc(100_000) });
    const sizes = await Promise.all(
      Array.from({ length: 5 }, async () => (await (await fetch(file)).arrayBuffer()).byteLength),
    );
    expect(sizes).toEqual(Array(5).fill(100_000));
    // A stop that waited for keep-alive (72 s) would outlast the test's own limit.
    await tracker.stop();
  }
});

it('does not wait for a connection that never sent a request', async () => {
  const tracker = await startTracker();
  const { port } = new URL(tracker.url);
  const socket = connect(Number(port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await tracker.stop();
  await closed;
});

it('lets a request in flight end first', async () => {
  const tracker = await startTracker();
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'stop' });
  const metrics = Array.from({ length: 20_000 }, (_, step) => ({ key: 'loss', value: step, step }));
  const logged = tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  await new Promise((resolve) => tracker.app.server.once('request', resolve));
  await tracker.close();
  expect(await logged).toMatchObject({ status: 200, body: { accepted: 20_000 } });
  await tracker.stop();
});
