// tests/runs/group-keys.test.ts
// Purpose: params that some runs lack part groups only where a mean would else mix what is different, and the page says so.
// Why: one crashed run without params made every param a key; one run without weight decay is another configuration.
// Relevant files: runs/groups/group-keys.ts, runs/groups/group-views.ts, runs/templates/groups.html

import { describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, readPage, tablesOf, textOf } from './page-support.ts';

const tracker = useTracker();

type Params = Record<string, string>;
const SAME: Params = { epochs: '15', data: 'digits', warmup: '100' };

/** Runs that have finished, or not; returns the experiment. */
async function make(experiment: string, runs: { params: Params; status?: RunStatus }[]): Promise<number> {
  let id = 0;
  for (const [at, { params, status = RunStatus.Finished }] of runs.entries()) {
    const run = await addRun(tracker, { experiment, params, metrics: { acc: [at / 10] } });
    if (status !== RunStatus.Running) await tracker.api('PATCH', `/api/runs/${run.id}`, { status });
    id = run.experiment_id;
  }
  return id;
}

async function groups(id: number, query = ''): Promise<GroupsOut> {
  const { status, body } = await tracker.api<GroupsOut>('GET', `/api/experiments/${id}/groups${query}`);
  expect(status).toBe(200);
  return body;
}

/** Two rates with two seeds each. */
const GRID = ['0.1', '0.2'].flatMap((lr) => ['1', '2'].map((seed) => ({ params: { ...SAME, lr, seed } })));
const without = (...keys: string[]): Params =>
  Object.fromEntries(Object.entries(SAME).filter(([key]) => !keys.includes(key)));
const sizes = ({ items }: GroupsOut): number[] => items.map(({ runs }) => runs.length).sort(); // prettier-ignore

describe('what runs are grouped by', () => {
  it('a crashed run without any param makes no key, and is a group of its own', async () => {
    const id = await make('crashed', [...GRID, { params: {}, status: RunStatus.Failed }]);
    const data = await groups(id);
    expect(data.by).toEqual(['params.lr']);
    expect(sizes(data)).toEqual([1, 2, 2]);
    expect(data.lacked).toEqual(
      Object.entries(SAME).map(([key, value]) => ({ key, value, runs: 1 })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
    const html = textOf(await openPage(tracker, `/experiments/${id}/groups`));
    expect(html).toContain('are the same in all runs that have them; 1 run lacks them');
  }); // prettier-ignore

  it('so does a finished run without any: it differs in what the others differ in', async () => {
    const data = await groups(await make('empty', [...GRID, { params: {} }]));
    expect(data.by).toEqual(['params.lr']);
    expect(sizes(data)).toEqual([1, 2, 2]);
  });

  it('a run that crashed while it logged its params stays with those that it is like', async () => {
    const data = await groups(await make('half', [...GRID, { params: { lr: '0.1' }, status: RunStatus.Killed }]));
    expect(data.by).toEqual(['params.lr']);
    expect(sizes(data)).toEqual([2, 3]);
    expect(data.items.map(({ unfinished }) => unfinished).sort()).toEqual([0, 1]);
  });

  it('a finished run that lacks one is another configuration: no mean has both', async () => {
    const odd = { params: { ...without('warmup'), lr: '0.1', seed: '3' } };
    const data = await groups(await make('warmup', [...GRID, odd]));
    expect(data.by).toEqual(['params.lr', 'params.warmup']);
    expect(sizes(data)).toEqual([1, 2, 2]);
    expect(data.items.find(({ runs }) => runs.length === 1)?.values).toEqual({
      'params.lr': '0.1',
      'params.warmup': null,
    });
    expect(data.lacked).toEqual([]);
  });

  it('of several that part the same runs one is enough', async () => {
    const data = await groups(
      await make('old', [...GRID, { params: { ...without('warmup', 'data'), lr: '0.1', seed: '3' } }]),
    );
    expect(data.by).toEqual(['params.data', 'params.lr']);
    expect(data.lacked).toEqual([{ key: 'warmup', value: '100', runs: 1 }]);
  });

  it('where no param differs, finished runs without any are apart from the others', async () => {
    const data = await groups(await make('alike', [{ params: SAME }, { params: SAME }, { params: {} }]));
    expect(data.by.length).toBe(1);
    expect(sizes(data)).toEqual([1, 2]);
  });

  it('follows what is known: a param that comes later, and the trash', async () => {
    const id = await make('later', GRID);
    const late = await addRun(tracker, { experiment: 'later', params: { lr: '0.1', seed: '9' }, metrics: { acc: [1] } });
    await tracker.api('PATCH', `/api/runs/${late.id}`, { status: RunStatus.Finished });
    expect((await groups(id)).by).toEqual(['params.data', 'params.lr']);
    await tracker.api('POST', `/api/runs/${late.id}/log`, { params: SAME });
    expect((await groups(id)).by).toEqual(['params.lr']);
    expect((await groups(id)).lacked).toEqual([]);
  }); // prettier-ignore

  it('is chosen like any other, and said to count it counts', async () => {
    const id = await make('chosen', [...GRID, { params: {}, status: RunStatus.Failed }]);
    const chosen = await groups(id, '?by=params.lr&by=params.epochs');
    expect(chosen.by).toEqual(['params.lr', 'params.epochs']);
    expect(chosen.lacked.map(({ key }) => key)).toEqual(['data', 'warmup']);
    await tracker.api('PATCH', `/api/experiments/${id}`, { repeat_keys: { epochs: false } });
    expect((await groups(id)).by).toEqual(['params.epochs', 'params.lr']);
  });
});

describe('the page', () => {
  it('compares the runs of a group by its name, whatever it is grouped by', async () => {
    const id = await make('compared', GRID);
    for (const query of ['', '?by=params.lr&by=params.epochs&where=params.lr+%3D+0.2']) {
      const html = await readPage(tracker, `/experiments/${id}/groups${query}`);
      const { items } = await groups(id, query);
      const links = [...html.matchAll(/href="([^"]+)" aria-label="compare the runs of/g)].map(([, href = '']) => href);
      expect(links.length).toBe(items.length);
      for (const [at, link] of links.entries()) {
        const compared = await readPage(tracker, link.replaceAll('&amp;', '&'));
        for (const run of items[at]?.runs ?? []) expect(compared).toContain(`/runs/${run}`);
      }
    }
  });

  it('of many groups names what differs among those shown, and says what they have in common', async () => {
    // A hundred groups are shown, the best first: all of them have the same optimizer.
    const runs = Array.from({ length: 104 }, (_, at) => ({
      params: { no: String(at), optimizer: at < 2 ? 'sgd' : 'adam' },
    }));
    const id = await make('many', runs);
    const html = await readPage(tracker, `/experiments/${id}/groups`);
    const heads = tablesOf(html)[0]?.heads.map(({ text }) => text) ?? [];
    expect([heads.includes('no'), heads.includes('optimizer')]).toEqual([true, false]);
    expect(textOf(html)).toContain('Same in the groups shown: optimizer adam');
    // What they are ordered by keeps its column.
    const ordered = await readPage(tracker, `/experiments/${id}/groups?order=params.optimizer`);
    expect(tablesOf(ordered)[0]?.heads.map(({ text }) => text.trim())).toContainEqual(
      expect.stringMatching(/^optimizer/),
    );
    expect((await tracker.get(`/experiments/${id}/groups.csv`)).body.split('\r\n')[0]).toMatch(/^no,optimizer,/);
  });
});
