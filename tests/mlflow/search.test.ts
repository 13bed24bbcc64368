// tests/mlflow/search.test.ts
// Purpose: MLflow's searches over HTTP: whole runs in order and in pages, experiments with the one that is always there.
// Why: what the grammar and the condition tree mean is tested apart; here is what a client sends and gets.
// Relevant files: mlflow/search-routes.ts, mlflow/page-token.ts, tests/mlflow/support.ts

import { beforeAll, expect, it } from 'vitest';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);
let experiment: string;

beforeAll(async () => {
  experiment = await mlflow.experiment({ name: 'searched', tags: [{ key: 'team', value: 'Red' }] });
  for (const [name, loss, lr] of [
    ['a', 0.5, '0.1'],
    ['b', 'NaN', '0.1'],
    ['c', -1, '0.2'],
    ['d', undefined, '0.2'],
  ]) {
    const id = await mlflow.run({
      experiment_id: experiment,
      run_name: name,
      start_time: 1000,
      tags: [{ key: 'mlflow.user', value: `user ${name}` }],
    });
    const metrics = loss === undefined ? [] : [{ key: 'loss', value: loss, step: 3, timestamp: 7 }];
    await tracker.api('POST', `/api/runs/${id}/log`, { metrics, params: { lr } });
  }
});

interface Found {
  runs?: { info: { run_name: string }; data: object }[];
  next_page_token?: string;
}

async function search(more: object = {}): Promise<Found> {
  return mlflow.post<Found>('/runs/search', { experiment_ids: [experiment], order_by: ['run_name'], ...more });
}

async function names(more: object = {}): Promise<string> {
  return ((await search(more)).runs ?? []).map(({ info }) => info.run_name).join('');
}

it('finds runs whole: info, latest points, params, tags', async () => {
  const { runs = [] } = await search({ filter: "run_name = 'a'" });
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({
    info: { run_name: 'a', experiment_id: experiment, user_id: 'user a', status: 'RUNNING', lifecycle_stage: 'active' },
    data: {
      metrics: [{ key: 'loss', value: 0.5, step: 3, timestamp: 7 }],
      params: [{ key: 'lr', value: '0.1' }],
      tags: [
        { key: 'mlflow.user', value: 'user a' },
        { key: 'mlflow.runName', value: 'a' },
      ],
    },
  });
});

it.each([
  ['metrics.loss > 0', 'a'],
  ['metrics.loss != 0.5', 'bc'],
  ["params.lr = '0.1' and metrics.loss != 5", 'ab'],
  ["user_id LIKE 'user _' AND status ILIKE 'run%'", 'abcd'],
  ["user_id ILIKE 'USER B'", 'b'],
  ["tags.mlflow.runName IN ('a')", undefined],
  ["run_name != 'a'", 'bcd'],
  ['start_time > 999.5 AND start_time < 1000.5', 'abcd'],
  ['start_time = 1000.5', ''],
  ['end_time > -1e300', ''],
  ["artifact_uri LIKE 'mlflow-artifacts:/%/artifacts'", 'abcd'],
  ['tags.mlflow.parentRunId IS NULL AND tags.mlflow.note.content IS NULL', 'abcd'],
  ["dataset.name = 'x'", ''],
  ['metrics.loss > 0 OR metrics.loss < 0', undefined],
  ["params.p = 'unfinished", undefined],
])('filter %s', async (filter, expected) => {
  if (expected === undefined) {
    await mlflow.refused('INVALID_PARAMETER_VALUE', 'POST', '/runs/search', { experiment_ids: [experiment], filter });
  } else expect(await names({ filter })).toBe(expected);
});

it('orders by a metric: numbers, NaN, missing, in both directions', async () => {
  expect(await names({ order_by: ['metrics.loss'] })).toBe('cabd');
  expect(await names({ order_by: ['metrics.loss DESC'] })).toBe('acbd');
  expect(await names({ order_by: ['params.lr DESC', 'metrics.loss'] })).toBe('cdab');
});

it('gives pages by token until there is no more', async () => {
  let seen = '';
  let token: string | undefined;
  const sizes: number[] = [];
  do {
    const page: Found = await search({ max_results: 3, page_token: token });
    sizes.push(page.runs?.length ?? 0);
    seen += (page.runs ?? []).map(({ info }) => info.run_name).join('');
    token = page.next_page_token;
  } while (token);
  expect([seen, sizes]).toEqual(['abcd', [3, 1]]);
});

it.each([
  { max_results: 0 },
  { max_results: 50_001 },
  { page_token: 'x' },
  { page_token: Buffer.from('{"offset": -1}').toString('base64') },
  { run_view_type: 'SOME' },
  { experiment_ids: ['x'] },
  { order_by: ['metrics.loss', 'metrics.loss DESC'] },
  { order_by: ['dataset.name'] },
  { order_by: [''] },
  { filter: `params.a LIKE '${'%a'.repeat(20_000)}'` },
  { filter: Array(201).fill('metrics.a > 1').join(' AND ') },
  { filter: "params.a = '\u0000'" },
])('refuses %j', async (more) => {
  await mlflow.refused('INVALID_PARAMETER_VALUE', 'POST', '/runs/search', { experiment_ids: [experiment], ...more });
});

it('takes as many clauses and keys as it says, and a pattern of many wildcards', async () => {
  const filter = Array(200).fill("params.lr != 'x'").join(' AND ');
  expect(await names({ filter })).toBe('abcd');
  expect(await names({ filter: `params.lr LIKE '${'%'.repeat(5000)}'` })).toBe('abcd');
  expect(await names({ order_by: Array.from({ length: 20 }, (_, i) => `metrics.m${i}`) })).toHaveLength(4);
});

interface FoundExperiments {
  experiments?: { name: string; experiment_id: string }[];
  next_page_token?: string;
}

async function experiments(body: object): Promise<string[]> {
  const found = await mlflow.post<FoundExperiments>('/experiments/search', body);
  return (found.experiments ?? []).map(({ name }) => name);
}

it('finds experiments, the one that is always there among them', async () => {
  await mlflow.experiment({ name: 'Other', tags: [{ key: 'team', value: 'blue' }] });
  expect(await experiments({})).toEqual(['Other', 'searched', 'Default']);
  expect(await experiments({ order_by: ['name DESC'], max_results: 2 })).toEqual(['searched', 'Other']);
  expect(await experiments({ filter: "name LIKE 's%' AND tags.team = 'Red'" })).toEqual(['searched']);
  expect(await experiments({ filter: "tags.team ILIKE 'R%'" })).toEqual(['searched']);
  expect(await experiments({ filter: `experiment_id IN ('0', '${experiment}')` })).toEqual(['searched', 'Default']);
  expect(await experiments({ filter: 'creation_time > 0 AND tag.team IS NULL' })).toEqual([]);
  expect(await experiments({ filter: "tags.team IS NULL AND name ilike 'DEF%'" })).toEqual(['Default']);
  expect(await experiments({ view_type: 'DELETED_ONLY' })).toEqual([]);
  const found = await mlflow.get<FoundExperiments>('/experiments/search', { order_by: ['name ASC'], max_results: '1' });
  expect(found.experiments?.map(({ name }) => name)).toEqual(['Default']);
  const next = await mlflow.get<FoundExperiments>('/experiments/search', {
    order_by: ['name ASC'],
    page_token: found.next_page_token ?? '',
  });
  expect(next.experiments?.map(({ name }) => name)).toEqual(['Other', 'searched']);
});

it.each([
  "experiment_id LIKE '1%'",
  "experiment_id = 'x'",
  'experiment_id = 1',
  'creation_time > 1.5',
  "creation_time > '1'",
  "name IN ('a')",
  "name > 'a'",
  'name IS NULL',
  "tags.a IN ('b')",
  'metrics.a = 1',
  "attributes.name = 'x'",
  "status = 'x'",
])('experiments: refuses %s', async (filter) => {
  await mlflow.refused('INVALID_PARAMETER_VALUE', 'POST', '/experiments/search', { filter });
});
