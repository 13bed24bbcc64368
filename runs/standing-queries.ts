// runs/standing-queries.ts
// Purpose: sums over all runs of a filter: how params and tags vary, the best run, ranks, the nearest run, points, times.
// Why: what tables and run pages say about a whole experiment; summaries only, kept by shared/db/memo.ts where asked often.
// Relevant files: runs/queries.ts, runs/table/table.ts, runs/run/neighbours.ts, experiments/list-page.ts

import { and, asc, count, eq, getTableColumns, gte, isNull, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { memo } from '../shared/db/memo.ts';
import type { Db } from '../shared/db/store.ts';
import { runTags, tags } from '../tags/models.ts';
import { metrics, params, runs, RunStatus, type MetricRow, type RunRow } from './models.ts';
import { runConditions, type RunFilter } from './run-filter.ts';

/** The run ends with a number: not NaN, not ±Infinity. */
const FINITE_LAST: SQL = sql`${metrics.last_kind} <> 1 and abs(${metrics.last_value}) <= 1.7976931348623157e308`;

export interface ParamVariety {
  key: string;
  /** Runs that have it. */
  runs: number;
  /** Its least text (the only one when there is one value only); a long one without its middle. */
  least: string;
  /** Different values. */
  values: number;
}

/** A value may have 100,000 characters; a line about all runs shows its beginning and its end. */
function shortened(value: SQL): SQL<string> {
  return sql`case when length(${value}) <= 500 then ${value} else substr(${value}, 1, 250) || '…' || substr(${value}, -249) end`;
}

/** How much each param varies over all runs of a filter: what differs becomes a column, the rest one line. */
export async function paramVariety(db: Db, filter: Omit<RunFilter, 'order'>): Promise<ParamVariety[]> {
  return db
    .select({
      key: params.key,
      runs: count(),
      least: shortened(sql`min(${params.value})`),
      values: sql<number>`count(distinct ${params.value})`,
    })
    .from(params)
    .innerJoin(runs, eq(runs.id, params.run_id))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .groupBy(params.key)
    .orderBy(asc(params.key));
}

/** Tags of the filter's runs that say the same wherever they hang (`dataset=digits`); plain labels are not asked for. */
export async function sameTags(
  db: Db,
  filter: Omit<RunFilter, 'order'>,
): Promise<{ key: string; value: string; runs: number }[]> {
  return db
    .select({ key: tags.key, value: sql<string>`min(${runTags.value})`, runs: count() })
    .from(runTags)
    .innerJoin(tags, eq(tags.id, runTags.tag_id))
    .innerJoin(runs, eq(runs.id, runTags.run_id))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(runConditions(filter), isNull(tags.trashed_at)))
    .groupBy(tags.key)
    .having(sql`min(${runTags.value}) = max(${runTags.value}) and min(${runTags.value}) <> '' and count(*) > 1`)
    .orderBy(asc(tags.key));
}

export interface BestRun {
  run: RunRow;
  metric: MetricRow;
  /** Runs that have a finite last value of it. */
  among: number;
}

/** The run whose last value of `key` is best; finite values only, ties go to the earlier run. */
export async function bestRun(
  db: Db,
  filter: Omit<RunFilter, 'order'>,
  key: string,
  direction: 'max' | 'min',
): Promise<BestRun | undefined> {
  const matches = and(runConditions(filter), eq(metrics.key, key), FINITE_LAST);
  const source = db
    .select({
      run: runs,
      metric: { ...getTableColumns(metrics), run_id: runs.id },
      among: sql<number>`count(*) over ()`,
    })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(matches);
  const order = direction === 'max' ? sql`${metrics.last_value} desc` : sql`${metrics.last_value} asc`;
  return (await source.orderBy(order, asc(runs.number)).limit(1))[0];
}

/** How many runs of an experiment end better than `value`, and how many have a finite last value of `key` at all. */
export async function countBetter(
  db: Db,
  experiment: number,
  key: string,
  value: number,
  higherIsBetter: boolean,
): Promise<{ better: number; among: number }> {
  const isBetter = higherIsBetter ? sql`${metrics.last_value} > ${value}` : sql`${metrics.last_value} < ${value}`;
  const rows = await db
    .select({ among: count(), better: sql<number>`coalesce(sum(case when ${isBetter} then 1 else 0 end), 0)` })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(and(eq(runs.experiment_id, experiment), isNull(runs.trashed_at), eq(metrics.key, key), FINITE_LAST));
  return rows[0] ?? { better: 0, among: 0 };
}

/**
 * The run of the experiment with the most equal params among those that logged the metric `key`, or undefined where none
 * shares a param. Of equally near ones the next by number. Looks at the experiment's newest 2,000 runs.
 */
export async function nearestRun(db: Db, experiment: number, id: string, key: string): Promise<string | undefined> {
  const { rows } = await db.execute<{ id: string }>(
    `select other.id from (select seq, id, number from runs where experiment_id = ? and trashed_at is null and id <> ?
        order by number desc limit 2000) other
      join params theirs on theirs.run_id = other.id
      join params mine on mine.run_id = ? and mine.key = theirs.key and mine.value = theirs.value
      where exists (select 1 from metrics where run_seq = other.seq and key = ?)
      group by other.id, other.number order by count(*) desc, abs(other.number - (select number from runs where id = ?)), other.number limit 1`,
    [experiment, id, id, key, id],
  );
  return rows[0]?.id;
}

/** Points logged by all runs of a filter: a sum over summaries. */
export async function countPoints(db: Db, filter: Omit<RunFilter, 'order'>): Promise<number> {
  const rows = await db
    .select({ n: sql<number>`coalesce(sum(${metrics.count}), 0)` })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter));
  return rows[0]?.n ?? 0;
}

/** When the first of the runs started and the last one was heard of. */
export async function runTimes(
  db: Db,
  filter: Omit<RunFilter, 'order'>,
): Promise<{ first: number | null; last: number | null }> {
  const rows = await db
    .select({ first: sql<number | null>`min(${runs.start_time})`, last: sql<number | null>`max(${runs.heard_at})` })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter));
  return rows[0] ?? { first: null, last: null };
}

/** Runs that are running and were heard of since `since` (ms), in all experiments. */
export async function countRunning(db: Db, since: number): Promise<number> {
  const rows = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(runConditions({ status: [RunStatus.Running] }), gte(runs.heard_at, since)));
  return rows[0]?.n ?? 0;
}

export interface Totals {
  runs: number;
  points: number;
}

/** Runs and points outside the trash. */
export async function readTotals(db: Db): Promise<Totals> {
  const changes = await db.select({ version: sql<number>`coalesce(sum(${experiments.version}), 0)` }).from(experiments);
  const kept = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions({}));
  const points = await memo(db, 'points of all', changes[0]?.version ?? 0, () => countPoints(db, {}));
  return { runs: kept[0]?.n ?? 0, points };
}
