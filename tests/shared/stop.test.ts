// tests/shared/stop.test.ts
// Purpose: the server stops at once, also when the last answers were still leaving.
// Why: a stop that hangs is cut off by whoever asked for it, before the database is written back.
// Relevant files: shared/http/server.ts, tests/support/tracker.ts

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
    const start = performance.now();
    await tracker.stop();
    expect(performance.now() - start).toBeLessThan(5000);
  }
});
