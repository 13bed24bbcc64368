// tests/mlflow/bulk.test.ts
// Purpose: histories of many runs: whole in order and cut, and even samples that are what NTILE over all points gives.
// Why: a sample jumps along roll-ups; it must be the one that reading every point would give, also after late points.
// Relevant files: mlflow/bulk-routes.ts, runs/sample-queries.ts, tests/mlflow/support.ts

import { beforeAll, expect, it } from 'vitest';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { expectError, mlflowOf } from './support.ts';

interface Point {
  key: string;
  value: number | string;
  timestamp: number;
  step: number;
  run_id?: string;
}

const tracker = useTracker();
const mlflow = mlflowOf(tracker);
let experiment: string;

beforeAll(async () => {
  experiment = await mlflow.experiment();
});

async function logged(points: Omit<Point, 'key'>[], key = 'm'): Promise<string> {
  const run_id = await mlflow.run({ experiment_id: experiment });
  for (let start = 0; start < points.length; start += 1_000)
    await mlflow.post('/runs/log-batch', {
      run_id,
      metrics: points.slice(start, start + 1_000).map((point) => ({ key, ...point })),
    });
  return run_id;
}

async function sample(run: string, query: Record<string, string>): Promise<Point[]> {
  const { metrics } = await mlflow.get<{ metrics: Point[] }>('/metrics/get-history-bulk-interval', {
    run_ids: run,
    metric_key: 'm',
    ...query,
  });
  return metrics;
}

/** As SQL's NTILE deals them out: the first of each part, and the last of all in place of the last part's first. */
function naive(points: Omit<Point, 'key'>[], max: number): number[] {
  const sorted = points.toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp);
  if (sorted.length <= max) return sorted.map(({ step }) => step);
  const [size, longer] = [Math.floor(sorted.length / max), sorted.length % max];
  const firsts: number[] = [];
  for (let part = 0, at = 0; part < max; part++) {
    firsts.push(sorted[at]?.step ?? NaN);
    at += size + (part < longer ? 1 : 0);
  }
  return [...firsts.slice(0, -1), sorted.at(-1)?.step ?? NaN];
}

it('samples a long series, with steps repeated and points that came late, as if all of it had been read', async () => {
  const random = randomFrom(3);
  const points = Array.from({ length: 14_000 }, (_, i) => ({
    value: i,
    timestamp: i + 1,
    step: Math.floor(i / 3) * 2,
  }));
  const late = Array.from({ length: 1_500 }, (_, i) => ({
    value: -i,
    timestamp: 50_000 + i,
    step: Math.floor(random() * 9_000),
  }));
  const all = [...points, ...late];
  const run = await logged(all);
  for (const max of [1, 2, 7, 100, 320, 2_500]) {
    const got = await sample(run, { max_results: String(max) });
    expect(got.map(({ step }) => step)).toEqual(naive(all, max));
    for (const [from, to] of [
      [0, 0],
      [17, 4_000],
      [4_001, 8_999],
      [9_000, 9_400],
      [20_000, 30_000],
      [-5, 1e15],
    ] as const) {
      const some = all.filter(({ step }) => step >= from && step <= to);
      const part = await sample(run, { max_results: String(max), start_step: String(from), end_step: String(to) });
      expect(
        part.map(({ step }) => step),
        `${from} to ${to}, ${max}`,
      ).toEqual(naive(some, max));
    }
  }
});

it('samples several runs, one after the other, with NaN and steps of 64 bits', async () => {
  const one = await logged([
    { value: 'NaN', timestamp: 3, step: 3 },
    { value: 2, timestamp: 1, step: 1 },
  ]);
  const body = { run_id: one, key: 'm', value: 7, timestamp: 9 };
  await tracker.api('POST', '/api/2.0/mlflow/runs/log-metric', { ...body, step: '9223372036854775807' });
  const two = await logged([{ value: 5, timestamp: 1, step: 1 }]);
  const query = `run_ids=${two}&run_ids=${one}&metric_key=m`;
  const answer = await fetch(`${tracker.url}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}`);
  const text = await answer.text();
  expect(text).toContain('"step":9223372036854775807,');
  const { metrics } = JSON.parse(text) as { metrics: Point[] };
  expect(metrics.map(({ run_id, value }) => [run_id, value])).toEqual([
    [two, 5],
    [one, 2],
    [one, 'NaN'],
    [one, 7],
  ]);
});

it('gives whole histories by run, then time, at most as many as asked for; on the pages’ prefix only', async () => {
  const runs = [
    await logged([
      { value: 1, timestamp: 5, step: 0 },
      { value: 2, timestamp: 4, step: 9 },
    ]),
    await logged([{ value: 3, timestamp: 1, step: 0 }]),
  ];
  const path = `/mlflow/metrics/get-history-bulk?run_id=${runs[0]}&run_id=${runs[1]}&metric_key=m`;
  const ask = async (more = ''): Promise<Point[]> =>
    (await tracker.api<{ metrics: Point[] }>('GET', `/ajax-api/2.0${path}${more}`)).body.metrics;
  const sorted = [...runs].sort();
  const expected = sorted.flatMap((id) => (id === runs[0] ? [2, 1] : [3]));
  expect((await ask()).map(({ value }) => value)).toEqual(expected);
  expect((await ask('&max_results=2')).map(({ value }) => value)).toEqual(expected.slice(0, 2));
  expect(await ask('x')).toEqual([]);
  expectError(await tracker.api('GET', `/api/2.0${path}`), 'ENDPOINT_NOT_FOUND', 405);
});

it.each([
  ['get-history-bulk-interval', 'metric_key=m'],
  ['get-history-bulk-interval', 'run_ids=RUN'],
  ['get-history-bulk-interval', 'run_ids=RUN&metric_key=m&max_results=0'],
  ['get-history-bulk-interval', 'run_ids=RUN&metric_key=m&max_results=2501'],
  ['get-history-bulk-interval', 'run_ids=RUN&metric_key=m&start_step=1'],
  ['get-history-bulk-interval', 'run_ids=RUN&metric_key=m&start_step=2&end_step=1'],
  ['get-history-bulk-interval', 'run_ids=RUN&metric_key=m&start_step=x&end_step=1'],
  ['get-history-bulk-interval', 'metric_key=m&101 RUNS'],
  ['get-history-bulk', 'metric_key=m'],
  ['get-history-bulk', 'run_id=RUN'],
  ['get-history-bulk', 'run_id=RUN&metric_key=m&max_results=0'],
])('refuses %s?%s', async (call, query) => {
  const run = await mlflow.run({ experiment_id: experiment });
  expectError(
    await tracker.api(
      'GET',
      `/ajax-api/2.0/mlflow/metrics/${call}?${query.replace('101 RUNS', Array(101).fill('run_ids=RUN').join('&')).replaceAll('RUN', run)}`,
    ),
    'INVALID_PARAMETER_VALUE',
  );
});

it('a long history comes in pieces that are one answer, whole or cut at any place', async () => {
  const points = Array.from({ length: 11_000 }, (_, step) => ({
    value: step / 7,
    timestamp: 1_700_000_000_000 + step,
    step,
  }));
  const run_id = await logged(points);
  const sent = points.map((point) => ({ key: 'm', ...point }));
  const ask = `/metrics/get-history?run_id=${run_id}&metric_key=m`;
  expect(await mlflow.get(ask)).toEqual({ metrics: sent });
  for (const size of [5_000, 10_000, 10_999, 11_000, 11_001]) {
    const first: { metrics?: Point[]; next_page_token?: string } = await mlflow.get(`${ask}&max_results=${size}`);
    expect(first.metrics).toEqual(sent.slice(0, size));
    expect(first.next_page_token === undefined, String(size)).toBe(size >= points.length);
    if (first.next_page_token === undefined) continue;
    const rest = await mlflow.get(`${ask}&page_token=${first.next_page_token}`);
    expect(rest).toEqual({ metrics: sent.slice(size) });
  }
});
