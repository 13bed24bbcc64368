// runs/curves/group-curves.ts
// Purpose: the curve of a group of runs: mean line, band and how many runs count, from all points of each run.
// Why: seeds are repeats; what is compared is their mean, and how far they lie apart.
// Relevant files: runs/curves/curves.ts, runs/curves/chart-settings.ts, shared/stats/moments.ts, shared/stats/student.ts

import type { Db } from '../../shared/db/store.ts';
import { statsOf, type Stats } from '../../shared/stats/moments.ts';
import { studentUpper } from '../../shared/stats/student.ts';
import { RunStatus, type MetricRow, type RunRow } from '../models.ts';
import { metricsOf } from '../metric-queries.ts';
import { NO_RULES, ruleFor } from '../rules/rule.ts';
import { rulesOfMany } from '../rules/rule-queries.ts';
import { Band, DEFAULT_BUCKETS, type ChartSettings } from './chart-settings.ts';
import { inOrder, readCurve, type Curve, type CurveBucket, type CurveOwner } from './curves.ts';

/** A group with its name for the chart, which says how many runs are drawn. */
export interface DrawnGroup extends CurveOwner {
  /** The name without that. */
  label: string;
  runs: readonly RunRow[];
}

/** As the page's help states it. */
export const GROUP_RULE =
  'Each run counts once at each place, by the mean of its own points there (of a long series: in each stretch of steps). ' +
  'Between two of its points a run counts by the straight line between them, never beyond its first or last point, ' +
  'nor where it is NaN or infinite: there n is smaller. Runs that failed or were killed are left out, as in the numbers of ' +
  'groups, unless a group has no others; those that still run count as far as they are.';

/** A curve for each group, in their order. All are cut into the same stretches of steps. */
export async function readGroupCurves(
  db: Db,
  all: readonly DrawnGroup[],
  key: string,
  settings: ChartSettings,
): Promise<Curve[]> {
  const groups = all.map((group) => ({ ...group, runs: countedOf(group) }));
  const runs = [...new Map(groups.flatMap((group) => group.runs.map((run) => [run.id, run] as const))).values()];
  const summaries = new Map<string, MetricRow>();
  const wanted = [key, ...(settings.xmetric === undefined ? [] : [settings.xmetric])];
  for (const row of await metricsOf(db, runs.map(({ id }) => id), wanted)) summaries.set(`${row.run_id} ${row.key}`, row); // prettier-ignore
  const metrics = runs.flatMap(({ id }) => summaries.get(`${id} ${key}`) ?? []);
  const range = {
    from: Math.max(settings.from ?? -Infinity, ...[Math.min(...metrics.map(({ first_step: step }) => step))]),
    to: Math.min(settings.to ?? Infinity, ...[Math.max(...metrics.map(({ last_step: step }) => step))]),
  };
  const books = await rulesOfMany(db, runs.map(({ experiment_id: id }) => id)); // prettier-ignore
  const curves = new Map<string, Curve>();
  for (const run of runs) {
    const of = (some = ''): MetricRow | undefined => summaries.get(`${run.id} ${some}`);
    const pair = { metric: of(key), axis: of(settings.xmetric) };
    const { direction } = ruleFor(books.get(run.experiment_id) ?? NO_RULES, key);
    curves.set(run.id, { ...(await readCurve(db, run, key, pair, settings, range)), direction });
  }
  const grid = gridOf([...curves.values()], metrics, range, settings.buckets ?? DEFAULT_BUCKETS);
  return groups.map((group, place) => ({
    ...groupCurve(group, key, group.runs.flatMap(({ id }) => curves.get(id) ?? []), grid, settings),
    crashed: (all[place]?.runs.length ?? 0) - group.runs.length,
  })); // prettier-ignore
}

/** A mean that falls where a run died says nothing of the others, and would contradict the table beside it. */
function countedOf({ runs }: DrawnGroup): readonly RunRow[] {
  const others = runs.filter(({ status }) => status !== RunStatus.Failed && status !== RunStatus.Killed);
  return others.length > 0 ? others : runs;
}

/** Where a bucket belongs: its step, or the number of its stretch. */
type Grid = (bucket: CurveBucket) => number;

/** Step by step while all steps that occur fit; else stretches of equal length, as buckets are cut. */
function gridOf(curves: Curve[], metrics: MetricRow[], range: { from: number; to: number }, wanted: number): Grid {
  const steps = new Set(curves.flatMap(({ buckets }) => buckets.map(({ from_step: step }) => step)));
  if (steps.size <= wanted && metrics.every(({ count }) => count <= wanted)) return ({ from_step: step }) => step;
  const width = Math.max(1, (range.to - range.from + 1) / wanted);
  return ({ from_step: step }) => Math.floor((step - range.from) / width);
}

/** Exported for its test: members' buckets in, the group's out. */
function groupCurve(
  group: CurveOwner,
  key: string,
  members: readonly Curve[],
  grid: Grid,
  settings: ChartSettings,
): Curve {
  const cells = members.map((member) => cellsOf(member, grid));
  const places = [...new Set(cells.flatMap((some) => [...some.keys()]))].sort((a, b) => a - b);
  const lines = cells.map((some) => lineOf(some, places));
  const buckets = places.flatMap((place, index) => {
    const here = lines.flatMap((line) => line[index] ?? []);
    return bucketOf(cells.flatMap((some) => some.get(place) ?? []), here, settings.band ?? Band.Std); // prettier-ignore
  });
  const total = (of: (curve: Curve) => number): number => members.reduce((sum, member) => sum + of(member), 0);
  return {
    run: group,
    key,
    count: total(({ count }) => count),
    in_range: total(({ in_range: count }) => count),
    shown: total(({ in_range: count }) => count),
    nonfinite_count: total(({ nonfinite_count: count }) => count),
    nonpositive_count: total(({ nonpositive_count: count }) => count),
    members: members.filter(({ count }) => count > 0).length,
    direction: members[0]?.direction,
    buckets: inOrder(buckets, settings),
  };
}

/** What a run has at a place of the group. */
interface Cell {
  bucket: CurveBucket;
  /** The mean of its finite points there; null: there is none. */
  mean: number | null;
}

function cellsOf({ buckets }: Curve, grid: Grid): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  for (const bucket of buckets.toSorted((a, b) => a.from_step - b.from_step)) {
    const before = cells.get(grid(bucket))?.bucket;
    const merged = before ? merge(before, bucket) : bucket;
    cells.set(grid(bucket), { bucket: merged, mean: merged.mean });
  }
  return cells;
}

function merge(a: CurveBucket, b: CurveBucket): CurveBucket {
  const [left, right] = [a.count - a.nonfinite_count, b.count - b.nonfinite_count];
  const least = [a.min, b.min].filter((value) => value !== null);
  const greatest = [a.max, b.max].filter((value) => value !== null);
  const share = right / (left + right || 1);
  return {
    ...a,
    to_step: b.to_step,
    from_time: Math.min(a.from_time, b.from_time),
    to_time: Math.max(a.to_time, b.to_time),
    count: a.count + b.count,
    nonfinite_count: a.nonfinite_count + b.nonfinite_count,
    nan_count: a.nan_count + b.nan_count,
    inf_count: a.inf_count + b.inf_count,
    min: least.length > 0 ? Math.min(...least) : null,
    max: greatest.length > 0 ? Math.max(...greatest) : null,
    mean: left + right > 0 ? (a.mean ?? 0) * (1 - share) + (b.mean ?? 0) * share : null,
    x: (a.x + b.x) / 2,
  };
}

interface Value {
  x: number;
  mean: number;
  min: number;
  max: number;
}

/** A run's value at each place, by the rule of GROUP_RULE; null where it does not count. */
function lineOf(cells: ReadonlyMap<number, Cell>, places: readonly number[]): (Value | null)[] {
  const own = places.filter((place) => cells.has(place));
  let after = 0;
  return places.map((place) => {
    while (after < own.length && (own[after] ?? 0) < place) after += 1;
    const next = valueOf(cells.get(own[after] ?? NaN));
    if (own[after] === place) return next;
    const before = valueOf(cells.get(own[after - 1] ?? NaN));
    if (!before || !next) return null;
    const [from, to] = [own[after - 1] ?? 0, own[after] ?? 0];
    const part = (place - from) / (to - from);
    const between = (a: number, b: number): number => a * (1 - part) + b * part;
    const mean = between(before.mean, next.mean);
    return { x: between(before.x, next.x), mean, min: mean, max: mean };
  });
}

function valueOf(cell: Cell | undefined): Value | null {
  if (!cell || cell.mean === null) return null;
  const { bucket, mean } = cell;
  return { x: bucket.x, mean, min: bucket.min ?? mean, max: bucket.max ?? mean };
}

function bucketOf(cells: readonly Cell[], values: readonly Value[], band: Band): CurveBucket[] {
  const [first] = cells;
  if (!first) return [];
  const { bucket } = cells.slice(1).reduce((a, b) => ({ ...a, bucket: merge(a.bucket, b.bucket) }), first);
  const stats = statsOf(values.map(({ mean }) => mean));
  const to_step = Math.max(...cells.map((cell) => cell.bucket.to_step));
  const from_step = Math.min(...cells.map((cell) => cell.bucket.from_step));
  if (!stats) return [{ ...bucket, from_step, to_step, mean: null, min: null, max: null, n: 0 }];
  const x = values.reduce((sum, value) => sum + value.x / values.length, 0);
  const [min, max] = band === Band.Range
    ? [Math.min(...values.map((value) => value.min)), Math.max(...values.map((value) => value.max))]
    : edgesOf(stats, band); // prettier-ignore
  return [{ ...bucket, from_step, to_step, x, mean: stats.mean, min, max, n: stats.n }];
}

/** Of a single run there is no deviation: no band. */
function edgesOf({ n, mean, std }: Stats, band: Band): [number, number] {
  if (std === null) return [mean, mean];
  const error = std / Math.sqrt(n);
  const reach = band === Band.Std ? std : band === Band.Se ? error : error * studentUpper(0.025, n - 1);
  return [mean - reach, mean + reach];
}
