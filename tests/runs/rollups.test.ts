// tests/runs/rollups.test.ts
// Purpose: roll-ups equal a recount after any batches, and buckets of any stretch hold exactly its points.
// Why: a chart of ten million points is drawn from roll-ups alone; nobody would see if they drifted.
// Relevant files: runs/rollups.ts, runs/buckets.ts, runs/recount.ts, runs/ingest-points.ts

import { describe, expect, test } from 'vitest';
import { bucketsOf, type Bucket } from '../../runs/buckets.ts';
import { createRun } from '../../runs/changes.ts';
import { logBatch } from '../../runs/ingest.ts';
import type { MetricRow, RunRow } from '../../runs/models.ts';
import { allPoints } from '../../runs/points.ts';
import { metricsOf, requireMetric } from '../../runs/metric-queries.ts';
import { recount } from '../../runs/recount.ts';
import { chunksAt } from '../../runs/rollups.ts';
import type { LogBody } from '../../runs/schemas.ts';
import type { Point } from '../../runs/summary.ts';
import { randomFrom } from '../support/random.ts';
import { openAt } from '../support/database.ts';
import { useStore } from '../support/use.ts';

const { store, folder } = useStore();

type Sent = LogBody['metrics'][number];

async function newRun(): Promise<RunRow> {
  return (await store.write((tx) => createRun(tx, { experiment: 'rollups' }, 1))).run;
}

async function log(run: RunRow, metrics: Sent[]): Promise<number> {
  const receipt = await store.write((tx) => logBatch(tx, run, { metrics, params: {}, tags: {} }, 1));
  expect(receipt.accepted + receipt.duplicates).toBe(metrics.length);
  return receipt.accepted;
}

const steps = (count: number, start = 0, key = 'm'): Sent[] =>
  Array.from({ length: count }, (_, i) => ({
    key,
    step: start + i,
    value: Math.sin((start + i) / 50),
    timestamp: start + i,
  }));

async function levelsOf(row: MetricRow): Promise<number[]> {
  const levels = await Promise.all([1, 2, 3].map((level) => chunksAt(store.read, row, level, '')));
  return levels.map((chunks) => chunks.length);
}

async function pointsOf(row: MetricRow): Promise<Point[]> {
  const points: Point[] = [];
  for await (const page of allPoints(store.read, row)) points.push(...page);
  return points;
}

/** Every point of the stretch is in exactly one bucket, and extremes are those of the points. */
function expectExact(buckets: Bucket[], points: Point[], from: number, to: number): void {
  const inside = points.filter(({ step }) => step >= from && step <= to);
  const values = inside.map(({ value }) => value).filter(Number.isFinite);
  const sum = (of: (bucket: Bucket) => number): number => buckets.reduce((total, bucket) => total + of(bucket), 0);
  expect(sum(({ count }) => count)).toBe(inside.length);
  expect(sum(({ nonfinite_count }) => nonfinite_count)).toBe(inside.length - values.length);
  expect(sum(({ nan_count }) => nan_count)).toBe(inside.filter(({ value }) => Number.isNaN(value)).length);
  expect(sum(({ inf_count }) => inf_count)).toBe(inside.filter(({ value }) => value === Infinity).length);
  expect(Math.min(...buckets.flatMap(({ min }) => min ?? []))).toBe(Math.min(...values));
  expect(Math.max(...buckets.flatMap(({ max }) => max ?? []))).toBe(Math.max(...values));
  const total = values.reduce((all, value) => all + value, 0);
  const ofMeans = sum(({ mean, count, nonfinite_count }) => (mean ?? 0) * (count - nonfinite_count));
  expect(Math.abs(ofMeans - total)).toBeLessThanOrEqual(1e-9 * values.reduce((all, one) => all + Math.abs(one), 1e-9));
  buckets.forEach((bucket, i) => {
    expect(bucket.from_step).toBeLessThanOrEqual(bucket.to_step);
    expect(bucket.from_step).toBeGreaterThanOrEqual(buckets[i - 1]?.to_step ?? from);
  });
}

describe('a series that rises', () => {
  test('is rolled up as it grows, by batches of any size', async () => {
    const run = await newRun();
    for (let start = 0, size = 1; start < 40_000; start += size, size = (size * 7) % 3001) await log(run, steps(size, start)); // prettier-ignore
    const row = await requireMetric(store.read, run.id, 'm');
    const [one = 0, two = 0, three = 0] = await levelsOf(row);
    expect(row.rolled_count).toBeGreaterThan(row.count - 4200);
    expect([one, two, three]).toEqual([row.rolled_count / 64, row.rolled_count / 1024, Math.floor((two - 1) / 16)]);
    expect(await recount(store.read, row)).toEqual([]);
  });

  test('one whose short series is known from an earlier process too', async () => {
    const run = await newRun();
    await log(run, steps(900));
    // Something undone: what is kept in memory must be read again.
    await expect(store.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await log(run, steps(6_000, 900));
    const row = await requireMetric(store.read, run.id, 'm');
    expect(row.rolled_count).toBe(6_144);
    expect(await recount(store.read, row)).toEqual([]);
  });

  test('without steps: all at step 0, by time', async () => {
    const run = await newRun();
    for (let start = 0; start < 5_000; start += 1_000)
      await log(run, steps(1_000, start).map((point) => ({ ...point, step: 0 }))); // prettier-ignore
    const row = await requireMetric(store.read, run.id, 'm');
    expect(row.rolled_count).toBe(4_096);
    expect(await recount(store.read, row)).toEqual([]);
    const buckets = await bucketsOf(store.read, row, { from: 0, to: 0 }, 50);
    expect(buckets.map(({ count }) => count)).toEqual([5_000]);
  });
});

test('one place for thousands of points: they are one chunk, which is not read again and again', async () => {
  const run = await newRun();
  for (let batch = 0; batch < 6; batch++)
    await log(run, Array.from({ length: 500 }, (_, i) => ({ key: 'm', step: 1, timestamp: 1, value: batch * 500 + i })));
  await log(run, steps(3_000, 2));
  await log(run, [{ key: 'm', step: 1, timestamp: 1, value: 1e6 }]);
  const row = await requireMetric(store.read, run.id, 'm');
  expect(row.rolled_count).toBeGreaterThan(3_000);
  expect(await recount(store.read, row)).toEqual([]);
}); // prettier-ignore

test('from the last step to the first: chunks are split as they grow', async () => {
  const run = await newRun();
  const all = steps(12_000).reverse();
  for (let start = 0; start < all.length; start += 777) await log(run, all.slice(start, start + 777));
  const row = await requireMetric(store.read, run.id, 'm');
  const largest = Math.max(...(await chunksAt(store.read, row, 1, '')).map(({ count }) => count));
  expect(largest).toBeLessThanOrEqual(128);
  expect(row.rolled_count).toBeGreaterThan(7_000);
  expect(await recount(store.read, row)).toEqual([]);
});

test('16 series of random batches: rising, late, repeated, tied, non-finite; any stretch in any number of buckets', async () => {
  const random = randomFrom(20261124);
  const pick = (n: number): number => Math.floor(random() * n);
  const odd = ['NaN', 'Infinity', '-Infinity', -0, 0];
  for (let round = 0; round < 8; round++) {
    const run = await newRun();
    const [wide, ties] = [10 ** pick(5), 1 + pick(4)]; // prettier-ignore
    let end = 0;
    for (let batch = 0; batch < 12; batch++) {
      const size = 1 + pick(2_500);
      const isLate = random() < 0.35;
      const metrics = Array.from({ length: size }, (_, i): Sent => {
        const step = isLate ? pick(end + 1) : end + Math.floor(i / ties);
        const value = random() < 0.02 ? (odd[pick(odd.length)] ?? 0) : (random() - 0.3) * wide;
        return { key: `m${pick(2)}`, step: step * wide, timestamp: isLate ? pick(9) : i, value };
      });
      await log(run, [...metrics, ...metrics.filter(() => random() < 0.05)]);
      if (!isLate) end += Math.ceil(size / ties);
      if (random() < 0.2) await store.write(() => Promise.reject(new Error('no'))).catch(() => undefined);
    }
    for (const row of await metricsOf(store.read, [run.id])) {
      expect(await recount(store.read, row), `round ${round}, ${row.key}`).toEqual([]);
      const points = await pointsOf(row);
      for (const wanted of [1, 40, 320]) {
        const [a, b] = [pick(end * wide), pick(end * wide)].sort((x, y) => x - y); // prettier-ignore
        for (const [from, to] of [
          [row.first_step, row.last_step],
          [a ?? 0, b ?? 0],
        ] as const) {
          // prettier-ignore
          const buckets = await bucketsOf(store.read, row, { from, to }, wanted);
          expect(buckets.length).toBeLessThanOrEqual(wanted);
          if (points.some(({ step, value }) => step >= from && step <= to && Number.isFinite(value)))
            expectExact(buckets, points, from, to);
        }
      }
    }
  }
});

test('huge values: means of roll-ups do not overflow', async () => {
  const run = await newRun();
  const MAX = Number.MAX_VALUE;
  await log(run, steps(6_000).map((point, i) => ({ ...point, value: i % 3 === 0 ? -MAX : MAX }))); // prettier-ignore
  const row = await requireMetric(store.read, run.id, 'm');
  expect(await recount(store.read, row)).toEqual([]);
  const [all] = await bucketsOf(store.read, row, { from: 0, to: 5_999 }, 1);
  expect((all?.mean ?? 0) / MAX).toBeCloseTo(1 / 3, 12);
});

test('two stores on one database log to the same series in turn: each sees what the other did', async () => {
  const other = await openAt(folder);
  const run = await newRun();
  for (let turn = 0; turn < 6; turn++) {
    const at = [store, other][turn % 2] ?? store;
    const metrics = [...steps(700, turn * 700), ...(turn > 0 ? steps(5, turn * 700 - 5) : [])];
    const receipt = await at.write((tx) => logBatch(tx, run, { metrics, params: {}, tags: {} }, 1));
    expect([receipt.accepted, receipt.duplicates]).toEqual([700, turn > 0 ? 5 : 0]);
  }
  await other.close();
  const row = await requireMetric(store.read, run.id, 'm');
  expect([row.count, row.last_step]).toEqual([4_200, 4_199]);
  expect(await recount(store.read, row)).toEqual([]);
});

test('a recount says what is wrong', async () => {
  const run = await newRun();
  await log(run, steps(5_000));
  await store.write(async (tx) => {
    await tx.execute('update points set value = 77 where run_seq = ? and step = 100', [run.seq]);
    await tx.execute('delete from points where run_seq = ? and step = 1900', [run.seq]);
  });
  const wrong = await recount(store.read, await requireMetric(store.read, run.id, 'm'));
  expect(wrong).toContain('count is 5000, not 4999');
  expect(wrong.filter((line) => /level [12], chunk at step (64|0): max is .*, not 77/.test(line))).toHaveLength(2);
  expect(wrong.filter((line) => /^level/.test(line)).length).toBeGreaterThanOrEqual(2);
});
