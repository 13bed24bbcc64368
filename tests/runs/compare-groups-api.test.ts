// tests/runs/compare-groups-api.test.ts
// Purpose: comparing groups and queries over the API: numbers, what was left out, errors with their field.
// Why: what the compare page says of groups must be had as numbers, too.
// Relevant files: runs/compare/compare-json.ts, runs/compare/group-numbers.ts, runs/compare/compare-routes.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, readPage, type NewRun } from './page-support.ts';

const tracker = useTracker();
let experiment: number;
const names = ['a', 'b', 'c', 'd', 'e'] as const;

beforeAll(async () => {
  const runs: NewRun[] = [
    { id: 'a', params: { opt: 'adam', seed: 1 }, metrics: { 'val/acc': [0.5, 0.75] } },
    { id: 'b', params: { opt: 'adam', seed: 2 }, metrics: { 'val/acc': [0.25] } },
    { id: 'c', params: { opt: 'sgd', seed: 1 }, metrics: { 'val/acc': [0.25], 'val/loss': [1] } },
    { id: 'd', params: { opt: 'sgd', seed: 2 }, metrics: { 'val/acc': ['NaN'], 'val/loss': [3] } },
    { id: 'e', params: { opt: 'none' } },
  ];
  for (const run of runs)
    experiment = (await addRun(tracker, { experiment: 'groups', status: RunStatus.Finished, ...run })).experiment_id;
});

interface Answer {
  runs: { id: string }[];
  metrics: { key: string }[];
  groups?: { group: string; label: string; runs: string[]; total: number; left_out: number; metrics: object }[];
  group_metrics?: { key: string; direction: string | null; best: string[] }[];
  notes?: string[];
}

const groupOf = (where: string): string => `${experiment}:${where}`;
const asked = (...fields: [string, string][]): string => `/api/compare?${new URLSearchParams(fields).toString()}`;

it('gives mean, std, n, least and greatest of each metric of each group', async () => {
  const [adam, sgd] = [groupOf('params.opt = adam'), groupOf('params.opt = sgd')];
  const { status, body } = await tracker.api<Answer>('GET', asked(['group', adam], ['group', sgd]));
  expect(status).toBe(200);
  expect([body.runs, body.metrics, body.notes]).toEqual([[], [], []]);
  expect(body.groups?.map(({ group, label, total, left_out }) => ({ group, label, total, left_out }))).toEqual([
    { group: adam, label: 'adam (2)', total: 2, left_out: 0 },
    { group: sgd, label: 'sgd (2)', total: 2, left_out: 0 },
  ]);
  expect(body.groups?.map(({ runs }) => runs.toSorted())).toEqual([[idOf('a'), idOf('b')], [idOf('c'), idOf('d')]]); // prettier-ignore
  const none = { n: 0, mean: null, std: null, min: null, max: null, without: 2 };
  expect(body.groups?.map(({ metrics }) => metrics)).toEqual([
    { 'val/acc': { n: 2, mean: 0.5, std: Math.sqrt(0.125), min: 0.25, max: 0.75, without: 0 }, 'val/loss': none },
    {
      'val/acc': { n: 1, mean: 0.25, std: null, min: 0.25, max: 0.25, without: 1 },
      'val/loss': { n: 2, mean: 2, std: Math.SQRT2, min: 1, max: 3, without: 0 },
    },
  ]);
  const metrics = body.group_metrics?.map(({ key, direction, best }) => ({ key, direction, best }));
  expect(metrics).toEqual([
    { key: 'val/acc', direction: 'max', best: [adam] },
    // One group only has a value: that wins nothing.
    { key: 'val/loss', direction: 'min', best: [] },
  ]);
});

it('takes runs beside groups, and all that match a query', async () => {
  const beside = await tracker.api<Answer>('GET', asked(['run', idOf('c')], ['group', groupOf('params.opt = adam')]));
  expect(beside.body.runs.map(({ id }) => id)).toEqual([idOf('c')]);
  expect(beside.body.groups?.[0]?.runs).toHaveLength(2);
  const matching = await tracker.api<Answer>('GET', asked(['experiment', String(experiment)], ['where', 'params.opt = sgd'])); // prettier-ignore
  expect(matching.body.runs.map(({ id }) => id).toSorted()).toEqual([idOf('c'), idOf('d')]);
  expect([matching.body.groups, matching.body.group_metrics]).toEqual([[], []]);
  const all = await tracker.api<Answer>('GET', asked(['experiment', String(experiment)]));
  expect(all.body.runs).toHaveLength(names.length);
  const nobody = await tracker.api<Answer>('GET', asked(['group', groupOf('params.opt = nobody')]));
  expect(nobody.body.groups?.[0]).toMatchObject({ runs: [], total: 0, metrics: {} });
});

it('of more than a hundred runs lists the newest, and says that only they are drawn', async () => {
  let many = 0;
  for (let i = 0; i < 103; i += 1) many = (await addRun(tracker, { experiment: 'many', id: String(1000 + i) })).experiment_id; // prettier-ignore
  const { body } = await tracker.api<Answer>('GET', asked(['group', `${many}:`]));
  expect(body.groups?.[0]).toMatchObject({ total: 103, left_out: 3 });
  expect(body.groups?.[0]?.runs).toHaveLength(100);
  expect(body.notes).toEqual(['Curves are of the newest 100 of 103 runs of the experiment. The numbers are of all.']);
});

it('says which field is wrong', async () => {
  const wrong: [fields: [string, string][], status: number, field: string | null][] = [
    [[], 400, '?run'],
    [[['run', idOf('a')]], 400, '?run'],
    [[['group', 'adam']], 400, '?group[0]'],
    [[['group', groupOf('params.opt =')]], 400, '?group'],
    [[['group', '999999:']], 404, null],
    [[['where', 'params.opt = adam']], 400, '?experiment'],
    [[['experiment', String(experiment)], ['where', 'params.opt =']], 400, '?where'],
    [[['experiment', '0x']], 400, '?experiment'],
    [Array.from({ length: 31 }, (_, i): [string, string] => ['group', groupOf(`params.seed = ${i}`)]), 400, '?group'],
  ]; // prettier-ignore
  for (const [fields, status, field] of wrong) {
    const answer = await tracker.api<{ errors?: { path: string }[] }>('GET', asked(...fields));
    expect([fields, answer.status, answer.body.errors?.[0]?.path ?? null]).toEqual([fields, status, field]);
  }
});

it('is where the JSON link of the compare page leads', async () => {
  const address = new URLSearchParams([['run', idOf('c')], ['group', groupOf('params.opt = adam')]]).toString(); // prettier-ignore
  const json = hrefOf(await readPage(tracker, `/compare?${address}`), 'JSON');
  const { status, body } = await tracker.api<Answer>('GET', json);
  expect([status, body.runs.length, body.groups?.length]).toEqual([200, 1, 1]);
});
