// runs/curves/curves.ts
// Purpose: the series of one or many runs as charts draw them: buckets with x, extremes, smoothed line, what is left out.
// Why: one reading for pages, pictures and the API; its cost is bounded by summaries and buckets.
// Relevant files: runs/points.ts, runs/queries.ts, runs/curves/chart-settings.ts, runs/curves/chart-views.ts

import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../shared/db/store.ts';
import { DEFAULT_BUCKETS, Scale, XAxis, type ChartSettings } from './chart-settings.ts';
import type { MetricRow, RunRow } from '../models.ts';
import { bucketsOf, type Bucket } from '../buckets.ts';
import { countNonPositive } from '../points.ts';
import { metricsOf } from '../queries.ts';
import { smooth } from './smoothing.ts';

/** A bucket at its place on the x-axis. */
export interface CurveBucket extends Bucket {
  /** Middle of the bucket: steps; ms since the epoch; or seconds since the start of the run. */
  x: number;
  /** The smoothed mean; null without smoothing and where no value is finite. */
  smoothed: number | null;
}

export interface Curve {
  run: RunRow;
  key: string;
  /** Points of the whole series; 0: the run has no such metric. */
  count: number;
  /** Points in the steps asked for. */
  in_range: number;
  /** Points that are drawn: of a bucket with more than two, the least and the greatest. */
  shown: number;
  /** NaN and ±Infinity in the steps asked for. */
  nonfinite_count: number;
  /** Finite values ≤ 0, which a log scale cannot show; 0 on a linear one. */
  nonpositive_count: number;
  /** By rising x. */
  buckets: CurveBucket[];
  /** What a later attempt of the run stands before (runs/attempts/). */
  isFaint?: boolean;
}

/** The curves of one metric, in the order of `runs`; a run without the metric has count 0 and no buckets. */
export async function readCurves(db: Db, runs: RunRow[], key: string, settings: ChartSettings): Promise<Curve[]> {
  return (await readCurvesOf(db, runs, [key], settings)).get(key) ?? [];
}

/** The same for several metrics, with one reading of the summaries. */
export async function readCurvesOf(
  db: Db,
  runs: RunRow[],
  keys: string[],
  settings: ChartSettings,
): Promise<Map<string, Curve[]>> {
  const ids = runs.map((run) => run.id);
  const summaries = new Map<string, MetricRow>();
  for (const row of await metricsOf(db, ids, keys)) summaries.set(`${row.run_id} ${row.key}`, row);
  const found = new Map<string, Curve[]>();
  for (const key of keys) {
    const curves: Curve[] = [];
    for (const run of runs) curves.push(await readCurve(db, run, key, summaries.get(`${run.id} ${key}`), settings));
    found.set(key, curves);
  }
  return found;
}

/** Series longer than this make the reader step aside for other requests afterwards. */
const LONG = 20_000;

async function readCurve(
  db: Db,
  run: RunRow,
  key: string,
  metric: MetricRow | undefined,
  settings: ChartSettings,
): Promise<Curve> {
  const none = { count: 0, in_range: 0, shown: 0, nonfinite_count: 0, nonpositive_count: 0, buckets: [] };
  if (!metric) return { run, key, ...none };
  const { from = metric.first_step, to = metric.last_step, buckets: wanted = DEFAULT_BUCKETS } = settings;
  const range = { from: Math.max(from, metric.first_step), to: Math.min(to, metric.last_step) };
  if (range.from > range.to) return { run, key, ...none, count: metric.count };
  const buckets = await bucketsOf(db, metric, range, wanted);
  const mayBeNonPositive = settings.scale === Scale.Log && (metric.min_value ?? 1) <= 0;
  const nonpositive = mayBeNonPositive ? await countNonPositive(db, metric, range) : 0;
  if (metric.count > LONG) await setImmediate();
  return { ...curveOf(run, metric, buckets, settings), count: metric.count, nonpositive_count: nonpositive };
}

/** Buckets of a metric as a curve of these points and no others. */
export function curveOf(run: RunRow, metric: MetricRow, buckets: Bucket[], settings: ChartSettings): Curve {
  const count = sum(buckets, (bucket) => bucket.count);
  return {
    run,
    key: metric.key,
    count,
    in_range: count,
    shown: sum(buckets, (bucket) => Math.min(2, bucket.count)),
    nonfinite_count: sum(buckets, (bucket) => bucket.nonfinite_count),
    nonpositive_count: 0,
    buckets: placed(buckets, settings, originOf(run, metric)),
  };
}

/** Zero of relative time, ms: the run's start; where that is unknown or later than its data, the series' first point. */
function originOf(run: RunRow, metric: MetricRow): number {
  return Math.min(run.start_time ?? metric.first_time, metric.first_time);
}

function placed(buckets: Bucket[], { x, smooth: weight }: ChartSettings, origin: number): CurveBucket[] {
  const withX = buckets.map((bucket) => ({ ...bucket, x: xOf(bucket, x, origin), smoothed: null }));
  // A resumed run may log earlier steps later: by time the line follows the clock.
  if (x !== XAxis.Step) withX.sort((a, b) => a.x - b.x);
  if (weight === 0) return withX;
  const smoothed = smooth(
    withX.map((bucket) => bucket.x),
    withX.map((bucket) => bucket.mean),
    weight,
  );
  return withX.map((bucket, index) => ({ ...bucket, smoothed: smoothed[index] ?? null }));
}

function xOf(bucket: Bucket, axis: XAxis, origin: number): number {
  if (axis === XAxis.Step) return bucket.from_step + (bucket.to_step - bucket.from_step) / 2;
  const time = bucket.from_time + (bucket.to_time - bucket.from_time) / 2;
  return axis === XAxis.Time ? time : (time - origin) / 1000;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
