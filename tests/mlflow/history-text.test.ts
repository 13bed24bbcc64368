// tests/mlflow/history-text.test.ts
// Purpose: a history's bytes are those that one text a value makes, for doubles of every kind; a NaN or −0 that comes later is told.
// Why: values are written many at once, and series that are plain are read without their kinds: neither may show.
// Relevant files: mlflow/history.ts, runs/history-queries.ts, runs/values.ts

import { expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { HistoryWriter } from '../../mlflow/history.ts';
import type { HistoryRow } from '../../runs/history-queries.ts';
import { toStored } from '../../runs/values.ts';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

const EDGES = [
  ...[0, -0, 1, -1, NaN, Infinity, -Infinity, 0.1, 1e21, 1e-7, 1.5e300, -123456789.125, 1e20, 123456789012345680000],
  ...[Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON, 2 ** 53, -(2 ** 53), 5e-324, 1e22, 0.000001],
];

function textOf(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0.0' : String(value);
}

it('is written as one text a value would be', () => {
  const random = randomOf(5);
  const bits = new DataView(new ArrayBuffer(8));
  const any = (): number => {
    bits.setUint32(0, random() * 2 ** 32);
    bits.setUint32(4, random() * 2 ** 32);
    return bits.getFloat64(0);
  };
  const values = [...EDGES, ...Array.from({ length: 3_000 }, any), ...EDGES];
  const times = [0, 9, 10, 1e6 - 1, 2 ** 31 - 1, 2 ** 31, 1700000000000, 8.64e15, 2n ** 63n - 1n];
  const steps = [0, 7, -1, 99, 100, 2 ** 31, -(2 ** 53) + 1, 2n ** 63n - 1n, -(2n ** 63n)];
  const rows = values.map((value, i): HistoryRow => {
    const stored = toStored(value);
    const place = [steps[i % steps.length] ?? 0, times[(i * 7) % times.length] ?? 0] as const;
    // Plain ones come without their kind, too.
    return i % 2 === 0 && stored.kind === 0 ? [...place, stored.value] : [...place, stored.value, stored.kind];
  });
  const key = 'é "x"';
  const out = new HistoryWriter(10);
  out.add(key, []);
  for (let from = 0; from < rows.length; from += 700) out.add(key, rows.slice(from, from + 700), ',"run_id":"a"');
  const points = rows.map(
    ([step, timestamp], i) =>
      `{"key":${JSON.stringify(key)},"value":${textOf(values[i] ?? 0)},"timestamp":${timestamp},"step":${step},"run_id":"a"}`,
  );
  expect(out.finish('next').toString()).toBe(`{"metrics":[${points.join(',')}],"next_page_token":"next"}`);
});

it('tells NaN and −0 of a series that was plain until then, whole and in pages', async () => {
  const run_id = await mlflow.run();
  const told: string[] = [];
  for (const value of ['1', '0.5', '"NaN"', '2', '-0.0', '"-Infinity"', '3']) {
    const step = told.push(value);
    const point = `{"key":"loss","value":${value},"timestamp":${step},"step":${step}}`;
    const body = Buffer.from(`{"run_id":"${run_id}","metrics":[${point}]}`);
    const { statusCode } = await tracker.app.inject({
      ...{ method: 'POST', url: '/api/2.0/mlflow/runs/log-batch', payload: body },
      headers: { 'content-type': 'application/json' },
    });
    expect(statusCode).toBe(200);
    const url = `/api/2.0/mlflow/metrics/get-history?run_id=${run_id}&metric_key=loss`;
    expect(valuesIn((await tracker.app.inject({ url })).payload)).toEqual(told);
    const paged: string[] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      const { payload }: { payload: string } = await tracker.app.inject(`${url}&max_results=2&page_token=${token}`);
      paged.push(...valuesIn(payload));
      token = /"next_page_token":"([^"]*)"/.exec(payload)?.[1];
    }
    expect(paged).toEqual(told);
  }
});

function valuesIn(json: string): string[] {
  return [...json.matchAll(/"value":([^,}]*)/g)].map(([, value = '']) => value);
}
