// runs/curves/curves.ts
// Purpose: the series of one or many runs as charts draw them: buckets with x, extremes, smoothed line, what is left out.
// Why: one reading for pages, pictures and the API; its cost is bounded by summaries and buckets.
// Relevant files: runs/points.ts, runs/queries.ts, runs/curves/chart-settings.ts, runs/curves/chart-views.ts

import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../shared/db/store.ts';
import { DEFAULT_BUCKETS, isSmoothed, Scale, XAxis, type ChartSettings } from './chart-settings.ts';
import type { MetricRow, RunRow } from '../models.ts';
import { bucketsOf, shortBuckets, type Bucket } from '../buckets.ts';
import { countNonPositive } from '../points.ts';
import type { Direction } from '../metric-rules.ts';
import { metricsOf } from '../metric-queries.ts';
import { NO_RULES, ruleFor, type RuleBook } from '../rules/rule.ts';
import { rulesOfMany } from '../rules/rule-queries.ts';
import { placesByMetric } from './metric-axis.ts';
import { smoothed } from './smoothing.ts';

/** A bucket at its place on the x-axis. */
export interface CurveBucket extends Bucket {
  /** Middle of the bucket: steps; ms since the epoch; seconds since the start of the run; or another metric's value. */
  x: number;
  /** The smoothed mean; null without smoothing and where no value is finite. */
  smoothed: number | null;
  /** Of a group: runs that count here. */
  n?: number;
}

/** Whose curve it is: a run; or a group of runs, an attempt, named for the chart. */
export interface CurveOwner {
  id: string;
  /** Of a run within its experiment: it decides the colour. */
  number: number;
  name: string;
  /** What it is called in full, where `name` is a label; and its page, where it is not a run's. */
  title?: string;
  href?: string;
}

export interface Curve {
  run: CurveOwner;
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
  /** Points that the x-axis has no place for (x=metric: before its first value); 0 on the others. */
  unplaced_count?: number;
  /** Of a group: runs that have the metric. */
  members?: number;
  /** Of a group: runs that failed or were killed, and are no part of it. */
  crashed?: number;
  /** By the rule of the metric in the run's experiment; undefined: nobody asked. */
  direction?: Direction | null | undefined;
  /** By rising x. */
  buckets: CurveBucket[];
  /** What a later attempt of the run stands before (runs/attempts/). */
  isFaint?: boolean;
}

/**
 * The curves of one metric, in the order of `runs`; a run without the metric has count 0 and no buckets. `rules`: those of the
 * experiment that all of the runs are of, where they are known.
 */
export async function readCurves(
  db: Db,
  runs: RunRow[],
  key: string,
  settings: ChartSettings,
  rules?: RuleBook,
): Promise<Curve[]> {
  return (await readCurvesOf(db, runs, [key], settings, rules)).get(key) ?? [];
}

/** The same for several metrics, each with its own settings, with one reading of the summaries. */
export async function readCurvesOf(
  db: Db,
  runs: RunRow[],
  keys: string[],
  settings: ChartSettings | ((key: string) => ChartSettings),
  rules?: RuleBook,
): Promise<Map<string, Curve[]>> {
  const settingsOf = typeof settings === 'function' ? settings : (): ChartSettings => settings;
  const axes = keys.flatMap((key) => settingsOf(key).xmetric ?? []);
  const ids = runs.map((run) => run.id);
  const summaries = new Map<string, MetricRow>();
  const [rows, books] = await Promise.all([
    metricsOf(db, ids, [...new Set([...keys, ...axes])]),
    rules ? new Map<number, RuleBook>() : rulesOfMany(db, runs.map(({ experiment_id: id }) => id)),
  ]); // prettier-ignore
  for (const row of rows) summaries.set(`${row.run_id} ${row.key}`, row);
  const found = new Map<string, Curve[]>();
  for (const key of keys) {
    const curves: Curve[] = [];
    const own = settingsOf(key);
    const short = await shortOf(db, runs.flatMap(({ id }) => summaries.get(`${id} ${key}`) ?? []), own); // prettier-ignore
    for (const run of runs) {
      const of = (some = ''): MetricRow | undefined => summaries.get(`${run.id} ${some}`);
      const read = short.get(run.id);
      const curve = await readCurve(db, run, key, { metric: of(key), axis: of(own.xmetric), read }, own);
      curves.push({ ...curve, direction: ruleFor(rules ?? books.get(run.experiment_id) ?? NO_RULES, key).direction });
    }
    found.set(key, curves);
  }
  return found;
}

/** The buckets of short series, by run: asked for together where their whole lines are drawn. */
async function shortOf(
  db: Db,
  all: MetricRow[],
  { from, to, buckets = DEFAULT_BUCKETS }: ChartSettings,
): Promise<Map<string, Bucket[]>> {
  if (from !== undefined || to !== undefined) return new Map();
  const found = await shortBuckets(db, all, buckets);
  return new Map([...found].map(([place, own]) => [all[place]?.run_id ?? '', own]));
}

/** Series longer than this make the reader step aside for other requests afterwards. */
const LONG = 20_000;

/** `read`: its buckets, where they are known. `cut`: the steps to be cut into stretches, where several series must be cut alike. */
export async function readCurve(
  db: Db,
  run: RunRow,
  key: string,
  { metric, axis, read }: { metric: MetricRow | undefined; axis: MetricRow | undefined; read?: Bucket[] | undefined },
  settings: ChartSettings,
  cut?: { from: number; to: number },
): Promise<Curve> {
  const none = { count: 0, in_range: 0, shown: 0, nonfinite_count: 0, nonpositive_count: 0, buckets: [] };
  if (!metric) return { run, key, ...none };
  const { from = metric.first_step, to = metric.last_step, buckets: wanted = DEFAULT_BUCKETS } = settings;
  const range = cut ?? { from: Math.max(from, metric.first_step), to: Math.min(to, metric.last_step) };
  if (range.from > range.to) return { run, key, ...none, count: metric.count };
  const buckets = read ?? (await bucketsOf(db, metric, range, wanted));
  const mayBeNonPositive = settings.scale === Scale.Log && (metric.min_value ?? 1) <= 0;
  const nonpositive = mayBeNonPositive ? await countNonPositive(db, metric, range) : 0;
  const places =
    settings.x === XAxis.Metric
      ? placesByMetric(buckets, axis ? await bucketsOf(db, axis, range, wanted) : [])
      : undefined;
  if (metric.count > LONG) await setImmediate();
  return { ...curveOf(run, metric, buckets, settings, places), count: metric.count, nonpositive_count: nonpositive };
}

/** Buckets of a metric as a curve of these points and no others. `places`: of each bucket on the axis of another metric. */
export function curveOf(
  run: CurveOwner & { start_time: number | null },
  metric: MetricRow,
  buckets: Bucket[],
  settings: ChartSettings,
  places?: (number | null)[],
): Curve {
  const count = sum(buckets, (bucket) => bucket.count);
  const origin = originOf(run, metric);
  const placed: CurveBucket[] = [];
  let [shown, broken] = [0, 0];
  for (let index = 0; index < buckets.length; index += 1) {
    const bucket = buckets[index];
    if (!bucket) continue;
    shown += Math.min(2, bucket.count);
    broken += bucket.nonfinite_count;
    const x = places ? (places[index] ?? null) : xOf(bucket, settings.x, origin);
    if (x !== null) placed.push(placedAt(bucket, x));
  }
  return {
    run,
    key: metric.key,
    count,
    in_range: count,
    shown,
    nonfinite_count: broken,
    nonpositive_count: 0,
    unplaced_count: count - sum(placed, (bucket) => bucket.count),
    buckets: inOrder(placed, settings),
  };
}

/** Written out: a page of twenty lines has 20,000 of them, and spreading takes ten times as long. */
function placedAt(bucket: Bucket, x: number): CurveBucket {
  return {
    from_step: bucket.from_step,
    to_step: bucket.to_step,
    from_time: bucket.from_time,
    to_time: bucket.to_time,
    count: bucket.count,
    nonfinite_count: bucket.nonfinite_count,
    nan_count: bucket.nan_count,
    inf_count: bucket.inf_count,
    min: bucket.min,
    max: bucket.max,
    mean: bucket.mean,
    x,
    smoothed: null,
  };
}

/** Zero of relative time, ms: the run's start; where that is unknown or later than its data, the series' first point. */
function originOf(run: { start_time: number | null }, metric: MetricRow): number {
  return Math.min(run.start_time ?? metric.first_time, metric.first_time);
}

/** By rising x, with the smoothed line. */
export function inOrder(buckets: CurveBucket[], settings: ChartSettings): CurveBucket[] {
  // A resumed run may log earlier steps later: by time the line follows the clock.
  if (settings.x !== XAxis.Step) buckets.sort((a, b) => a.x - b.x);
  if (!isSmoothed(settings)) return buckets;
  const values = smoothed(
    buckets.map(({ x }) => x),
    buckets.map(({ mean }) => mean),
    settings,
  );
  return buckets.map((bucket, index) => ({ ...bucket, smoothed: values[index] ?? null }));
}

function xOf(bucket: Bucket, axis: XAxis, origin: number): number {
  if (axis === XAxis.Step) return bucket.from_step + (bucket.to_step - bucket.from_step) / 2;
  const time = bucket.from_time + (bucket.to_time - bucket.from_time) / 2;
  return axis === XAxis.Time ? time : (time - origin) / 1000;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
