// tests/runs/kept-filters.test.ts
// Purpose: table and groups find the runs that a statement finds, whatever changed since they were asked before.
// Why: what each test of a filter finds, and what metrics came to, is kept until it may have changed; points of open runs change little.
// Relevant files: runs/found-queries.ts, runs/ends-queries.ts, runs/kept-columns.ts, runs/groups/members.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();
let experiment: number;
const ids: string[] = [];

const LOSSES: (number | 'NaN' | 'Infinity' | '-Infinity')[][] = [
  [0.9, 0.25],
  [0.5],
  [0.25, 0.75],
  ['NaN'],
  ['Infinity'],
  ['-Infinity', -1],
  [0.5, 'NaN'],
  [-0],
];

beforeAll(async () => {
  for (const [place, loss] of LOSSES.entries()) {
    const run = await addRun(tracker, {
      ...{ experiment: 'kept', params: { lr: place % 2 ? '0.1' : '1e-1', model: `m${place % 3}` } },
      tags: place % 3 === 0 ? { team: 'red' } : {},
      metrics: { loss, ...(place < 6 && { acc: [place / 10] }) },
    });
    experiment = run.experiment_id;
    ids.push(run.id);
    // Some still log.
    if (place % 4 !== 3)
      await own('PATCH', `/api/runs/${run.id}`, { status: place === 1 ? RunStatus.Failed : RunStatus.Finished });
  }
});

async function own(method: string, path: string, body?: unknown): Promise<void> {
  const { status } = await tracker.api(method, path, body);
  expect(status, `${method} ${path}`).toBeLessThan(300);
}

const BOUNDS = ['=', '<', '<=', '>', '>='].flatMap((op) => [`metrics.loss ${op} 0.5`, `metrics.loss ${op} -inf`]);
const FILTERS = [
  ...BOUNDS,
  'not metrics.loss < 0.5',
  'metrics.loss >= 0.5 or params.lr = 0.1',
  'metrics.loss > -1 and metrics.acc < 0.4',
  '(metrics.loss > 0 and tag:team) or metrics.acc = 0.2',
  'params.model in (m0, m1) and not (metrics.acc <= 0.2 or status = failed)',
  'min(metrics.loss) < 0.2 or count(metrics.acc) > 1',
  'metrics.acc is null and params.lr = 0.1',
  'metrics.loss has nan or heard > 2020-01-01 and tag:team',
];

const idsIn = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

/** By a statement, which keeps nothing. */
async function asked(where: string): Promise<string[]> {
  const path = `/api/runs?experiment=${experiment}&limit=100&where=${encodeURIComponent(where)}`;
  const { status, body } = await tracker.api<{ items: { id: string }[] }>('GET', path);
  expect(status, where).toBe(200);
  return idsIn(body.items.map(({ id }) => id));
}

async function grouped(where: string): Promise<string[]> {
  const path = `/api/experiments/${experiment}/groups?where=${encodeURIComponent(where)}`;
  return idsIn((await tracker.api<GroupsOut>('GET', path)).body.items.flatMap(({ runs }) => runs));
}

async function shown(where: string): Promise<string[]> {
  const path = `/experiments/${experiment}?where=${encodeURIComponent(where)}&order=-metrics.loss`;
  const { body } = await tracker.get(path);
  const rows = /<tbody[\s\S]*?<\/tbody>/.exec(body)?.[0] ?? '';
  return idsIn([...rows.matchAll(/href="\/runs\/([0-9a-f]{32})"/g)].map(([, id = '']) => id));
}

/** In the order of the page, which takes it from what is kept, and of the API, which asks a statement. */
async function inOrder(where: string, order: string, hidden: string): Promise<[page: string[], api: string[]]> {
  const query = new URLSearchParams({ where, order });
  const { body } = await tracker.get(`/experiments/${experiment}?${query.toString()}&hide=${hidden}`);
  const rows = /<tbody[\s\S]*?<\/tbody>/.exec(body)?.[0] ?? '';
  const page = [...rows.matchAll(/<tr data-key="([0-9a-f]{32})"/g)].map(([, id = '']) => id);
  const path = `/api/runs?experiment=${experiment}&limit=100&${query.toString()}`;
  const { items } = (await tracker.api<{ items: { id: string }[] }>('GET', path)).body;
  return [page, items.map(({ id }) => id).filter((id) => id !== hidden)];
}

const log =
  (place: number, value: unknown, step: number, key = 'loss') =>
  () =>
    own('POST', `/api/runs/${ids[place] ?? ''}/log`, { metrics: [{ key, value, step }] });
const rule = (value: object) => () => own('PUT', `/api/experiments/${experiment}/metric-rules?key=loss`, value);
const end = (place: number) => () => own('PATCH', `/api/runs/${ids[place] ?? ''}`, { status: RunStatus.Finished });
const at = (place: number, rest = ''): string => `/api/runs/${ids[place] ?? ''}${rest}`;

/** In this order. */
const CHANGES: [string, () => Promise<unknown>][] = [
  ['nothing', () => Promise.resolve()],
  ['a point of a run that logs', log(3, 0.1, 5)],
  ['another one', log(3, 0.7, 6)],
  ['its first point of another metric', log(3, 0.1, 1, 'acc')],
  ['a second point of that, and NaN of a run that logs, too', async () => {
    await log(3, 0.3, 2, 'acc')();
    await log(7, 'NaN', 9)();
  }],
  ['a late point of one that has ended', log(0, 0.6, 5)],
  ['a rule: the least', rule({ value: 'min' })],
  ['a rule: the greatest', rule({ value: 'max' })],
  ['a rule: the mean of the last two', rule({ value: 'mean_last', k: 2 })],
  ['a rule: where acc is best', rule({ value: 'at_best', by: 'acc' })],
  ['no rule', () => own('DELETE', `/api/experiments/${experiment}/metric-rules?key=loss`)],
  ['a tag', () => own('PUT', at(1, '/tags/team'), { value: 'blue' })],
  ['a param', () => own('POST', at(7, '/log'), { params: { extra: '1' } })],
  ['the end of a run', end(3)],
  ['the trash', () => own('DELETE', at(0))],
  ['the way back', () => own('POST', at(0, '/restore'))],
  ['a new run', async () => void ids.push((await addRun(tracker, { experiment: 'kept', metrics: { loss: [0.5] } })).id)],
  ['the first point of that', async () => log(ids.length - 1, 0.1, 1, 'acc')()],
  ['its experiment in the trash and back', async () => {
    await own('DELETE', `/api/experiments/${experiment}`);
    await own('POST', `/api/experiments/${experiment}/restore`);
  }],
]; // prettier-ignore

it.each(CHANGES)('after %s', async (_, change) => {
  await change();
  // The second time, and with other filters, from what is kept.
  for (const where of FILTERS) {
    const expected = await asked(where);
    for (const find of [shown, grouped, grouped]) expect(await find(where), where).toEqual(expected);
  }
  for (const where of FILTERS) expect(await shown(where), where).toEqual(await grouped(where));
  for (const [place, where] of FILTERS.entries()) {
    const order = ['metrics.loss', '-metrics.loss', '-metrics.acc'][place % 3] ?? '';
    const [page, api] = await inOrder(where, order, ids[2] ?? '');
    expect(page, `${where} by ${order}`).toEqual(api);
  }
});
