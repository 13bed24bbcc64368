// tests/runs/sums.test.ts
// Purpose: after anything that can happen to runs, the sums and ranks kept for pages equal a full recount.
// Why: a sum that is moved in a dozen places is wrong for ever when one of them forgets it.
// Relevant files: runs/tally-changes.ts, runs/ranking-changes.ts, runs/recount-changes.ts, imports/random.ts

import { expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { seed } from '../../imports/seed.ts';
import { recountAll } from '../../runs/recount-changes.ts';
import { RunStatus } from '../../runs/models.ts';
import { settleQuiet } from '../../runs/ranking-changes.ts';
import { STALLED_AFTER_MS } from '../../runs/status.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

const SUMS = [
  'select experiment_id, status, trashed, runs from experiment_runs where runs <> 0 order by 1, 2, 3',
  'select experiment_id, kind, key, runs, variety from experiment_keys where runs <> 0 or variety <> 0 order by 1, 2, 3',
  'select experiment_id, kind, key, hash, value, runs from experiment_values order by 1, 2, 3, 4',
  'select id, points from experiments order by 1',
  'select seq, settled from runs order by 1',
  'select run_seq, no, rank_value from metrics order by 1, 2',
];

async function readSums(): Promise<unknown[][]> {
  const sums: unknown[][] = [];
  for (const text of SUMS) sums.push((await tracker.app.store.read.execute(text, [])).rows);
  return sums;
}

async function expectRecounted(what: string): Promise<void> {
  const kept = await readSums();
  await tracker.app.store.write((tx) => recountAll(tx));
  expect(kept, what).toEqual(await readSums());
}

it('what is counted is what is there: a recount by hand', async () => {
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', {
    experiment: 'counted',
    params: { lr: 0.1, note: 'ä'.repeat(600) },
    tags: { host: 'a' },
  });
  const metrics = [1, 'NaN', 3].map((value, step) => ({ key: 'loss', value, step }));
  await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  await tracker.api('PATCH', `/api/runs/${body.id}`, { status: RunStatus.Finished });
  const [states, keys, values, points, settled, ranks] = await readSums();
  expect(states).toEqual([{ experiment_id: 1, status: RunStatus.Finished, trashed: 0, runs: 1 }]);
  expect(keys).toMatchObject([
    { kind: 'param', key: 'lr', runs: 1, variety: 1 },
    { kind: 'param', key: 'note', runs: 1, variety: 1 },
    { kind: 'tag', key: '1', runs: 1, variety: 1 },
  ]);
  expect(values?.map((row) => (row as { value: string }).value)).toEqual([
    '0.1',
    `${'ä'.repeat(250)}…${'ä'.repeat(249)}`,
    'a',
  ]);
  expect([points, settled, ranks]).toEqual([
    [{ id: 1, points: 3 }],
    [{ seq: 1, settled: 1 }],
    [{ run_seq: 1, no: 1, rank_value: 3 }],
  ]);
  await expectRecounted('by hand');
});

it('what is equal in one experiment is told with its own values, beside another that has the same keys', async () => {
  for (const [experiment, host] of [
    ['same a', 'x'],
    ['same b', 'y'],
  ] as const)
    for (const lr of [1, 2])
      await tracker.api('POST', '/api/runs', {
        experiment,
        params: { lr, optimizer: `of ${experiment}` },
        tags: { host },
      });
  const { body } = await tracker.api<{ items: { id: number; name: string }[] }>('GET', '/api/experiments?q=same');
  for (const { id, name } of body.items) {
    const html = (await tracker.get(`/experiments/${id}`)).body;
    expect(html).toContain(`optimizer of ${name}</code>`);
    expect(html).toContain(`host ${name === 'same a' ? 'x' : 'y'}</code>`);
    expect(html).toContain('param, 2 values');
  }
});

it('after the seed and after an import that comes twice', async () => {
  for (const _ of [1, 2]) await seed(tracker.app.store, tracker.app.settings.artifacts);
  await expectRecounted('seed');
});

it.each([1, 2, 3])('after 150 random steps (%i)', async (round) => {
  const random = randomOf(round);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const some = (ids: string[]): string[] => ids.filter(() => random() < 0.2);
  const ids: string[] = [];
  const many = (action: string, fields: Record<string, string> = {}): Promise<unknown> =>
    tracker.form(`/runs/${action}`, { run: some(ids), back: '/runs', confirm: 'yes', ...fields });
  const steps: Record<string, () => Promise<unknown>> = {
    create: async () => {
      const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', {
        experiment: pick([`one ${round}`, `two ${round}`]),
        status: pick(['running', 'running', 'scheduled', 'finished']),
        params: { lr: pick(['0.1', '0.2', '0.3']), own: String(ids.length), ...(random() < 0.5 ? { depth: 3 } : {}) },
        tags: { host: pick(['a', 'b']), ...(random() < 0.3 ? { baseline: '' } : {}) },
      });
      ids.push(body.id);
    },
    log: () =>
      tracker.api('POST', `/api/runs/${pick(ids)}/log`, {
        metrics: Array.from({ length: 5 }, () => ({
          key: pick(['loss', 'acc']),
          value: pick([random(), 1, 'NaN', 'Infinity']),
          step: Math.floor(random() * 50),
        })),
        params: random() < 0.3 ? { [pick(['late', 'lr'])]: pick(['x', 'y']) } : {},
        tags: random() < 0.3 ? { host: pick(['a', 'b', 'c']) } : {},
      }),
    state: () => tracker.api('PATCH', `/api/runs/${pick(ids)}`, { status: pick(['running', 'finished', 'failed']) }),
    reopen: () => tracker.api('POST', `/api/runs/${pick(ids)}/reopen`),
    trash: () => tracker.api('DELETE', `/api/runs/${pick(ids)}`),
    restore: () => tracker.api('POST', `/api/runs/${pick(ids)}/restore`),
    'trash many': () => many('trash'),
    'restore many': () => many('restore'),
    'tag many': () => many('tag', { tags: pick(['host=d', 'new', 'x=1']) }),
    'untag many': () => many('untag', { tags: pick(['host', 'new']) }),
    'state of many': () => many('state', { state: pick(['finished', 'killed']) }),
    'undo what was done with many': () => tracker.form(`/runs/bulk/${1 + Math.floor(random() * 30)}/undo`, {}),
    'take off': () => tracker.api('DELETE', `/api/runs/${pick(ids)}/tags/host`),
    merge: async () => {
      const { body } = await tracker.api<{ items: { id: number }[] }>('GET', '/api/tags');
      await tracker.api('POST', `/api/tags/${pick(body.items).id}/merge`, { into: pick(body.items).id });
    },
    'trash tag': async () => {
      const { body } = await tracker.api<{ items: { id: number }[] }>('GET', '/api/tags');
      const { id } = pick(body.items);
      await tracker.api('DELETE', `/api/tags/${id}`);
      if (random() < 0.5) await tracker.api('POST', `/api/tags/${id}/restore`);
    },
    quiet: () => tracker.app.store.write((tx) => settleQuiet(tx, 1, Date.now() + 2 * STALLED_AFTER_MS)),
  };
  for (let i = 0; i < 5; i++) await steps['create']?.();
  const done: string[] = [];
  for (let i = 0; i < 150; i++) {
    const step = random() < 0.5 ? pick(['create', 'log', 'log']) : pick(Object.keys(steps));
    done.push(step);
    await steps[step]?.();
    if (i % 10 === 9) await expectRecounted(done.slice(-10).join(', '));
  }
});
