// tests/shared/changes.test.ts
// Purpose: which experiments changed is told after the commit, once for a group, and never for what was undone alone.
// Why: live pages show what is on disk; a change that is not told is a page that lies until it is loaded again.
// Relevant files: shared/db/changes.ts, shared/db/sqlite.ts, shared/db/store.ts

import { expect, it, onTestFinished } from 'vitest';
import { startTracker, type Tracker } from '../support/tracker.ts';

interface Heard {
  ids: number[];
  /** What a reader saw at that moment. */
  versions: Promise<{ id: number; version: number }[]>;
}

async function listen(): Promise<{ tracker: Tracker; heard: Heard[]; stop: () => void }> {
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  const { store } = tracker.app;
  const heard: Heard[] = [];
  const stop = store.changes.on((ids) => {
    const asked = store.read.execute<{ id: number; version: number }>('select id, version from experiments', []);
    heard.push({ ids, versions: asked.then(({ rows }) => rows) });
  });
  return { tracker, heard, stop };
}

it('names the experiment when a reader can see the change', async () => {
  const { tracker, heard } = await listen();
  const { body } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', { experiment: 'a' });
  expect(heard.map(({ ids }) => ids)).toEqual([[body.experiment_id]]);
  const before = (await heard[0]?.versions)?.[0]?.version ?? 0;
  expect(before).toBeGreaterThan(0);
  await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics: [{ key: 'loss', value: 1 }] });
  expect(heard).toHaveLength(2);
  expect(await heard[1]?.versions).toEqual([{ id: body.experiment_id, version: before + 1 }]);
});

it('names all of a group once, and nothing where nothing was changed', async () => {
  const { tracker, heard, stop } = await listen();
  const { store } = tracker.app;
  for (const name of ['a', 'b', 'c']) await tracker.api('POST', '/api/experiments', { name });
  heard.length = 0;
  const bump = (id: number): Promise<unknown> =>
    store.write((tx) => tx.execute('update experiments set version = version + 1 where id = ?', [id]));
  await Promise.all([bump(1), bump(2), bump(1)]);
  expect(heard.map(({ ids }) => ids.sort())).toEqual([[1, 2]]);
  await tracker.api('POST', '/api/tags', { key: 'nowhere' });
  await tracker.api('PATCH', '/api/experiments/3', { name: 'a' });
  expect(heard).toHaveLength(1);
  stop();
  await bump(1);
  expect(heard).toHaveLength(1);
});

it('a write that fails tells nothing of what it undid that a reader could not see before', async () => {
  const { tracker, heard } = await listen();
  const { store } = tracker.app;
  await tracker.api('POST', '/api/experiments', { name: 'a' });
  heard.length = 0;
  const failing = store.write(async (tx) => {
    await tx.execute('update experiments set version = version + 1', []);
    throw new Error('undone');
  });
  await expect(failing).rejects.toThrow('undone');
  // A listener may be woken for it, but finds the version it knows.
  for (const one of heard) expect(await one.versions).toEqual([{ id: 1, version: 1 }]);
  expect((await store.read.execute<{ version: number }>('select version from experiments', [])).rows).toEqual([
    { version: 1 },
  ]);
});
