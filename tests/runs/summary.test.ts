// tests/runs/summary.test.ts
// Purpose: the summary of a series equals a recount of its points after any batches: late, repeated, non-finite.
// Why: every list and table reads summaries only; if they drift, nobody sees it.
// Relevant files: runs/summary.ts, runs/ingest.ts, runs/points.ts

import { expect, test } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import { allPoints } from '../../runs/points.ts';
import { metricsOf } from '../../runs/metric-queries.ts';
import type { LogBody } from '../../runs/schemas.ts';
import { fromRow, type Point } from '../../runs/summary.ts';
import { randomFrom } from '../support/random.ts';
import { useStore } from '../support/use.ts';

const { store } = useStore();

function randomBatch(random: () => number, start: number): LogBody {
  const pick = (n: number): number => Math.floor(random() * n);
  const scale = 10 ** (pick(20) - 10);
  const odd = ['NaN', 'Infinity', '-Infinity', -0, 0, 1e308, -1e308, 5e-324];
  const rising = random() < 0.4;
  const metrics = Array.from({ length: 1 + pick(40) }, (_, i) => ({
    key: `m${pick(3)}`,
    value: random() < 0.1 ? (odd[pick(odd.length)] ?? 0) : (random() - 0.3) * scale,
    step: rising ? start + i : pick(60) - 10,
    timestamp: pick(4),
  }));
  const repeated = metrics.filter(() => random() < 0.15);
  return { metrics: [...metrics, ...repeated], params: {}, tags: {} };
}

/** As the definition says it (an extreme of −0 counts as 0), without the product's arithmetic. Points come in order of step, timestamp, value. */
function recount(points: Point[]): Record<string, unknown> {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const values = finite.map(({ value }) => value);
  const extreme = (best: number): { value: number; step: number } | null =>
    finite.length === 0
      ? null
      : { value: best + 0, step: Math.min(...finite.filter(({ value }) => value === best).map(({ step }) => step)) };
  const broken = points.filter(({ value }) => !Number.isFinite(value));
  return {
    count: points.length,
    first_step: points[0]?.step,
    last: lastOf(points),
    min: extreme(Math.min(...values)),
    max: extreme(Math.max(...values)),
    nonfinite_count: broken.length,
    nonfinite_step: broken.length === 0 ? null : Math.min(...broken.map(({ step }) => step)),
  };
}

/** Highest step, then timestamp, then value, NaN above all. */
function lastOf(points: Point[]): Point | undefined {
  const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  const step = Math.max(...points.map((point) => point.step));
  const atStep = points.filter((point) => point.step === step);
  const time = Math.max(...atStep.map((point) => point.timestamp));
  const candidates = atStep.filter((point) => point.timestamp === time);
  const nan = candidates.find(({ value }) => Number.isNaN(value));
  const top = Math.max(...candidates.map(({ value }) => rank(value)));
  return nan ?? candidates.filter(({ value }) => value === top).sort((a, b) => Number(Object.is(a.value, -0)) - Number(Object.is(b.value, -0)))[0]; // prettier-ignore
}

/** Mean with the error of each addition carried along (Neumaier 1974), scaled so that nothing overflows. */
function exactMean(values: number[]): number {
  const scale = Math.max(1, ...values.map(Math.abs));
  let sum = 0;
  let lost = 0;
  for (const value of values.map((one) => one / scale)) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return ((sum + lost) / values.length) * scale;
}

test('300 rounds of random batches', async () => {
  const random = randomFrom(20261123);
  for (let round = 0; round < 300; round++) {
    const { run } = await store.write((tx) => createRun(tx, { experiment: 'recount' }, 1));
    const batches = 1 + Math.floor(random() * 3);
    let accepted = 0;
    for (let i = 0; i < batches; i++) {
      const batch = randomBatch(random, i * 50);
      const receipt = await store.write((tx) => logBatch(tx, run, batch, 1));
      expect(receipt.accepted + receipt.duplicates).toBe(batch.metrics.length);
      accepted += receipt.accepted;
    }
    let total = 0;
    for (const row of await metricsOf(store.read, [run.id])) {
      const points: Point[] = [];
      for await (const page of allPoints(store.read, row, 7)) points.push(...page);
      const { mean, first, ...summary } = fromRow(row);
      expect({ ...summary, first_step: first.step }, `round ${round}, ${row.key}`).toEqual(recount(points));
      const values = points.map(({ value }) => value).filter(Number.isFinite);
      if (values.length === 0) expect(mean).toBeNull();
      else {
        const largest = Math.max(...values.map(Math.abs));
        expect(Math.abs((mean ?? NaN) - exactMean(values)), `round ${round}`).toBeLessThanOrEqual(1e-12 * largest);
      }
      total += points.length;
    }
    expect(total, `round ${round}`).toBe(accepted);
  }
});
