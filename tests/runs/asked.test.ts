// tests/runs/asked.test.ts
// Purpose: how often the database is asked: a run's rank and neighbour once for each version, many ticked runs in groups.
// Why: with ten thousand runs it is the number and kind of questions that a page costs.
// Relevant files: runs/run/neighbours.ts, runs/queries.ts, runs/ingest.ts, tags/changes.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import { requireRuns } from '../../runs/queries.ts';
import { tagRuns } from '../../tags/hang-changes.ts';
import { askedOf } from '../support/asked.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
const ids: string[] = [];
beforeAll(async () => {
  // A thousand connections at once are more than wait at a socket: the system resets some of them.
  while (ids.length < 1000) ids.push(...(await Promise.all(Array.from({ length: 50 }, () => add('many')))));
});

async function add(experiment: string, params: object = {}, accuracy?: number): Promise<string> {
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment, params });
  const metrics = [{ key: 'val/accuracy', value: accuracy }];
  if (accuracy !== undefined) await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  return body.id;
}

describe('the page of a run', () => {
  const page = async (id: string): Promise<string> => (await tracker.get(`/runs/${id}`)).body.replace(/<[^>]*>/g, ' ');

  it('asks for its rank once for each version of the experiment, and shows the new one at once', async () => {
    const first = await add('ranked', { lr: 1 }, 0.5);
    await add('ranked', { lr: 1 }, 0.4);
    const ranks = async (): Promise<number> =>
      (await askedOf(tracker.app.store.read, () => page(first))).filter((text) => /sum\(case when/.test(text)).length;
    expect([await ranks(), await ranks()]).toEqual([1, 0]);
    expect((await page(first)).replace(/\s+/g, ' ')).toContain('Rank 1 of 2 by val/accuracy');
    await add('ranked', { lr: 1 }, 0.9);
    expect([await ranks(), await ranks()]).toEqual([1, 0]);
    expect((await page(first)).replace(/\s+/g, ' ')).toContain('Rank 2 of 3 by val/accuracy');
  });
});

describe('a thousand runs', () => {
  it('are read in groups, in the order in which they were named, repeated ones once', async () => {
    const { read } = tracker.app.store;
    const named = [...ids.slice(400), ...ids.slice(0, 600)];
    let rows: { id: string }[] = [];
    const asked = await askedOf(read, async () => (rows = await requireRuns(read, named)));
    expect(rows.map(({ id }) => id)).toEqual([...ids.slice(400), ...ids.slice(0, 400)]);
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('the first one named that is not there, or in the trash, is the one that is told', async () => {
    const { read } = tracker.app.store;
    const gone = await add('many');
    await tracker.api('DELETE', `/api/runs/${gone}`);
    const none = 'f'.repeat(32);
    await expect(requireRuns(read, [...ids, none, gone])).rejects.toMatchObject({ status: 404 });
    await expect(requireRuns(read, [...ids, none, gone])).rejects.toThrow(`Run ${none}`);
    await expect(requireRuns(read, [...ids, gone, none], '?run')).rejects.toMatchObject({
      status: 409,
      errors: [{ path: '?run' }],
    });
  });

  it('are tagged with a few statements, and only those that change are counted', async () => {
    await tracker.api('PUT', `/api/runs/${ids[5]}/tags/batch`, { value: 'first' });
    let changed = 0;
    const tag = (tags: Record<string, string>): Promise<string[]> =>
      tracker.app.store.write((tx) => askedOf(tx, async () => (changed = await tagRuns(tx, ids, tags, Date.now()))));
    const asked = await tag({ batch: 'first', baseline: '' });
    expect([changed, asked.length < 60]).toEqual([1000, true]);
    expect(await tag({ batch: 'first' })).toHaveLength(1);
    expect(changed).toBe(0);
    await tag({ batch: 'second' });
    expect(changed).toBe(1000);
    const { body } = await tracker.api<{ total: number }>('GET', '/api/runs?tag=batch%3Dsecond&tag=baseline');
    expect(body.total).toBe(1000);
  });
});

it('a thousand params of one run are stored with a few statements', async () => {
  const { run } = await tracker.app.store.write((tx) => createRun(tx, { experiment: 'params' }, Date.now()));
  const params = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, String(i)]));
  let receipt: unknown;
  const asked = await tracker.app.store.write((tx) =>
    askedOf(tx, async () => (receipt = await logBatch(tx, run, { metrics: [], params, tags: {} }, Date.now()))),
  );
  expect(receipt).toEqual({ accepted: 1000, duplicates: 0, rejected: [] });
  expect(asked.length).toBeLessThan(30);
  const { body } = await tracker.api(`GET`, `/api/runs/${run.id}`);
  expect(body['params']).toEqual(params);
});
