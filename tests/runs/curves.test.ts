// tests/runs/curves.test.ts
// Purpose: curves from a real database: extremes kept, nothing lost, times, gaps, stretches, missing runs.
// Why: a chart of 20,000 points must tell the same story as the points.
// Relevant files: runs/curves/curves.ts, runs/points.ts

import { expect, test } from 'vitest';
import { createRun } from '../../runs/changes.ts';
import { DEFAULT_SETTINGS, Scale, XAxis } from '../../runs/curves/chart-settings.ts';
import { readCurves, readCurvesOf, type Curve } from '../../runs/curves/curves.ts';
import { logBatch } from '../../runs/ingest.ts';
import type { RunRow } from '../../runs/models.ts';
import { useStore } from '../support/use.ts';

const START = Date.UTC(2026, 10, 23);
const LAST_STEP = Number.MAX_SAFE_INTEGER;

const { store } = useStore();

type Point = [step: number, value: number, timestamp?: number];

async function runWith(points: Point[], start: number | null = START): Promise<RunRow> {
  return store.write(async (tx) => {
    const { run } = await createRun(
      tx,
      { experiment: 'curves', ...(start === null ? {} : { start_time: start }) },
      START,
    );
    for (let from = 0; from < points.length; from += 10_000) {
      const metrics = points
        .slice(from, from + 10_000)
        .map(([step, value, timestamp = START + Math.min(step, 1e6)]) => ({
          key: 'loss',
          step,
          timestamp,
          // Over HTTP they come as words.
          value: Number.isFinite(value) ? value : String(value),
        }));
      await logBatch(tx, run, { metrics, params: {}, tags: {} }, START);
    }
    return run;
  });
}

async function curveOf(run: RunRow, settings = {}): Promise<Curve> {
  const [curve] = await readCurves(store.read, [run], 'loss', { ...DEFAULT_SETTINGS, ...settings });
  if (!curve) throw new Error('no curve');
  return curve;
}

/** A linear congruential generator: the same numbers on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

test('20,000 random points: as many buckets as asked for, extremes kept, every point counted, means exact', async () => {
  const random = randomFrom(7);
  const points = Array.from({ length: 20_000 }, (_, step): Point => [
    step * 3,
    random() < 0.01 ? NaN : random() ** 9 - 0.5,
  ]);
  const values = points.map(([, value]) => value).filter(Number.isFinite);
  const run = await runWith(points);
  for (const buckets of [1, 7, 320, 5_000]) {
    const curve = await curveOf(run, { buckets });
    expect(curve.buckets.length).toBe(buckets);
    expect(Math.min(...curve.buckets.flatMap(({ min }) => min ?? []))).toBe(Math.min(...values));
    expect(Math.max(...curve.buckets.flatMap(({ max }) => max ?? []))).toBe(Math.max(...values));
    expect(curve.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
    expect(curve.nonfinite_count).toBe(20_000 - values.length);
    expect([curve.count, curve.in_range]).toEqual([20_000, 20_000]);
    for (const bucket of curve.buckets.slice(0, 50)) {
      const inside = points
        .filter(([step]) => step >= bucket.from_step && step <= bucket.to_step)
        .map(([, value]) => value);
      const finite = inside.filter(Number.isFinite);
      expect(bucket.count).toBe(inside.length);
      expect(bucket.nan_count).toBe(inside.length - finite.length);
      expect(bucket.min).toBe(finite.length > 0 ? Math.min(...finite) : null);
      if (bucket.mean !== null)
        expect(bucket.mean).toBeCloseTo(finite.reduce((sum, one) => sum + one, 0) / finite.length, 10);
    }
  }
  expect((await curveOf(run)).shown).toBe(640);
});

test('a series that is short enough comes step by step, however far apart its steps are', async () => {
  const run = await runWith([[0, 1], [1, 2], [2, 3], [1_000_000, 4], [LAST_STEP, 5]]); // prettier-ignore
  const curve = await curveOf(run);
  expect(curve.buckets.map(({ x, mean }) => [x, mean])).toEqual([[0, 1], [1, 2], [2, 3], [1_000_000, 4], [LAST_STEP, 5]]); // prettier-ignore
  expect(curve.shown).toBe(5);
  const coarse = await curveOf(run, { buckets: 2 });
  expect(coarse.buckets.map(({ count, min, max }) => [count, min, max])).toEqual([[4, 1, 4], [1, 5, 5]]); // prettier-ignore
});

test('a stretch of steps: in finer buckets, or nothing', async () => {
  const run = await runWith(Array.from({ length: 3_000 }, (_, step): Point => [step, step]));
  const zoomed = await curveOf(run, { from: 1_000, to: 1_099 });
  expect(zoomed.buckets).toHaveLength(100);
  expect([zoomed.count, zoomed.in_range, zoomed.shown]).toEqual([3_000, 100, 100]);
  expect((await curveOf(run, { from: 2_990 })).buckets).toHaveLength(10);
  expect((await curveOf(run, { from: 5_000 })).buckets).toEqual([]);
  expect((await curveOf(run, { from: 5_000 })).count).toBe(3_000);
});

test('time: of the clock, or since the start of the run', async () => {
  const run = await runWith([[0, 1, START + 2_000], [5, 2, START + 3_500]]); // prettier-ignore
  const xs = async (row: RunRow, x: XAxis): Promise<number[]> =>
    (await curveOf(row, { x })).buckets.map((one) => one.x);
  expect(await xs(run, XAxis.Step)).toEqual([0, 5]);
  expect(await xs(run, XAxis.Time)).toEqual([START + 2_000, START + 3_500]);
  expect(await xs(run, XAxis.Relative)).toEqual([2, 3.5]);
  const late = await runWith([[0, 1, START - 5_000], [1, 1, START]]); // prettier-ignore
  expect(await xs(late, XAxis.Relative)).toEqual([0, 5]);
});

test('a resumed run that logs earlier steps later: by time the line follows the clock', async () => {
  const run = await runWith([[10, 1, START], [20, 2, START + 10], [15, 3, START + 20]]); // prettier-ignore
  expect((await curveOf(run, { x: XAxis.Time })).buckets.map(({ mean }) => mean)).toEqual([1, 2, 3]);
  expect((await curveOf(run)).buckets.map(({ mean }) => mean)).toEqual([1, 3, 2]);
});

test('NaN, infinities, −0, ±1e308 and several values at one step', async () => {
  const run = await runWith([
    [0, NaN],
    [1, Infinity],
    [2, -Infinity],
    [3, -0],
    [4, 1.7e308, 1],
    [4, 1.6e308, 2],
    [4, NaN, 3],
    [5, -1.7e308],
  ]);
  const curve = await curveOf(run);
  expect(
    curve.buckets.map(({ nan_count, inf_count, nonfinite_count }) => [nan_count, inf_count, nonfinite_count]),
  ).toEqual([
    [1, 0, 1],
    [0, 1, 1],
    [0, 0, 1],
    [0, 0, 0],
    [1, 0, 1],
    [0, 0, 0],
  ]);
  const [, , , zero, several] = curve.buckets;
  expect(zero?.mean).toBeCloseTo(0);
  expect([several?.count, several?.min, several?.max]).toEqual([3, 1.6e308, 1.7e308]);
  expect((several?.mean ?? 0) / 1e308).toBeCloseTo(1.65, 12);
  const { nonpositive_count } = await curveOf(run, { scale: Scale.Log });
  expect(nonpositive_count).toBe(2);
  expect(curve.nonpositive_count).toBe(0);
});

test('the mean of huge values is exact in short and long series, and small ones beside them keep theirs', async () => {
  const MAX = Number.MAX_VALUE;
  const values = [
    MAX,
    MAX,
    MAX,
    MAX,
    1.7e308,
    1.7e308,
    1.7e308,
    -1.7e308,
    5e-324,
    5e-324,
    0,
    0,
    -MAX,
    -MAX,
    1e308,
    NaN,
  ];
  const run = await runWith(values.map((value, step) => [step, value]));
  const { buckets } = await curveOf(run, { buckets: 4 });
  expect(buckets.map(({ mean }) => mean)).toEqual([MAX, 0.85e308, expect.any(Number), expect.any(Number)]);
  expect(buckets[2]?.mean).toBeLessThanOrEqual(5e-324);
  expect((buckets[3]?.mean ?? 0) / 1e308).toBeCloseTo((1 - 2 * 1.7976931348623157) / 3, 12);
  const atOneStep = await runWith(values.map((value, time) => [7, value, time]));
  const [all] = (await curveOf(atOneStep)).buckets;
  expect((all?.mean ?? 0) / 1e308).toBeCloseTo((2 * 1.7976931348623157 + 2 * 1.7 + 1) / 15, 12);
});

test('smoothing by the settings; a gap stays a gap', async () => {
  const run = await runWith([[0, 4], [1, NaN], [2, 2], [3, 0]]); // prettier-ignore
  const { buckets } = await curveOf(run, { smooth: 0.5 });
  const expected = [4, null, (2 + 0.25 * 4) / 1.25, (0 + 0.5 * 2 + 0.125 * 4) / 1.625];
  expect(buckets.map(({ smoothed }) => smoothed && Number(smoothed.toPrecision(14)))).toEqual(
    expected.map((value) => value && Number(value.toPrecision(14))),
  );
  expect((await curveOf(run)).buckets.every(({ smoothed }) => smoothed === null)).toBe(true);
});

test('several runs and keys: in order, and who has no such metric is there with nothing', async () => {
  const [a, b] = [await runWith([[0, 1]]), await runWith([])]; // prettier-ignore
  const found = await readCurvesOf(store.read, [b, a], ['loss', 'accuracy'], DEFAULT_SETTINGS);
  expect([...found].map(([key, curves]) => [key, curves.map(({ run, count }) => [run.id, count])])).toEqual([
    ['loss', [[b.id, 0], [a.id, 1]]], // prettier-ignore
    ['accuracy', [[b.id, 0], [a.id, 0]]], // prettier-ignore
  ]);
});
