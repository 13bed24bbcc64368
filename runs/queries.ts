// runs/queries.ts
// Purpose: every read of runs: one, the filtered list, params, summaries, artifacts, of many runs at once.
// Why: all SQL of the feature but the points' is here; pages cost the same however many points there are.
// Relevant files: runs/models.ts, runs/run-filter.ts, runs/points.ts, tags/queries.ts

import { and, asc, count, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { afterCursor, orderBy, pageOf, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { conflict, notFound } from '../shared/errors.ts';
import { runTags, tags } from '../tags/models.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import {
  artifacts,
  metrics,
  params,
  runs,
  type ArtifactRow,
  type MetricRow,
  type ParamRow,
  type RunRow,
} from './models.ts';
import { runConditions, runOrder, type RunFilter } from './run-filter.ts';
import type { RunOut } from './schemas.ts';

/** Ids in one `in (…)`: below SQLite's limit of bound values, and one prepared shape for most pages. */
const IDS_AT_ONCE = 500;

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return (await db.select().from(runs).where(eq(runs.id, id)))[0];
}

/** A run that neither itself nor with its experiment is in the trash, or a 404 or 409. `path`: where the request named it. */
export async function requireRun(db: Db, id: string, path?: string): Promise<RunRow> {
  const rows = await db
    .select({ run: runs, experimentTrashed: experiments.trashed_at })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(eq(runs.id, id));
  const found = rows[0];
  if (!found) throw notFound(`Run ${id}`, path);
  if (found.run.trashed_at !== null || found.experimentTrashed !== null) throw inTrash(found.run, path);
  return found.run;
}

/** The same for many, in the order of `ids`, repeated ids once. */
export async function requireRuns(db: Db, ids: string[], path?: string): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  for (const id of new Set(ids)) rows.push(await requireRun(db, id, path));
  return rows;
}

function inTrash(run: RunRow, path = 'id'): Error {
  const own = run.trashed_at !== null;
  return conflict(path, `Run ${run.id} is in the trash${own ? '' : ' with its experiment'}: restore it first.`);
}

export interface RunPage {
  items: RunRow[];
  next_cursor: string | null;
  total: number;
}

export async function listRuns(db: Db, filter: RunFilter, page: Page): Promise<RunPage> {
  const order = runOrder(filter.order);
  const matches = runConditions(filter);
  const rows = await db
    .select({ row: runs, order_value: order.by.as('order_value') })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const total = await countRuns(db, filter);
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total };
}

export async function countRuns(db: Db, filter: Omit<RunFilter, 'order'>): Promise<number> {
  const rows = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter));
  return rows[0]?.n ?? 0;
}

/** The runs with these ids that are not in the trash, in the order of `ids`. */
export async function runsById(db: Db, ids: string[]): Promise<RunRow[]> {
  const rows = await inGroups(ids, (some) =>
    db
      .select()
      .from(runs)
      .where(and(inArray(runs.id, some), isNull(runs.trashed_at))),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export async function childrenOf(db: Db, id: string, limit: number): Promise<{ items: RunRow[]; total: number }> {
  const isChild = and(eq(runs.parent_id, id), isNull(runs.trashed_at));
  const items = await db.select().from(runs).where(isChild).orderBy(asc(runs.number)).limit(limit);
  const total = await db.select({ n: count() }).from(runs).where(isChild);
  return { items, total: total[0]?.n ?? 0 };
}

/** Params of runs, by key. */
export async function paramsOf(db: Db, runIds: string[]): Promise<ParamRow[]> {
  return inGroups(runIds, (some) =>
    db.select().from(params).where(inArray(params.run_id, some)).orderBy(asc(params.key)),
  );
}

/** Summaries of runs, by key; `keys` undefined: all of them. */
export async function metricsOf(db: Db, runIds: string[], keys?: string[]): Promise<MetricRow[]> {
  return inGroups(runIds, (some) =>
    db
      .select()
      .from(metrics)
      .where(and(inArray(metrics.run_id, some), keys ? inArray(metrics.key, keys) : undefined))
      .orderBy(asc(metrics.key)),
  );
}

export async function findMetric(db: Db, runId: string, key: string): Promise<MetricRow | undefined> {
  return (
    await db
      .select()
      .from(metrics)
      .where(and(eq(metrics.run_id, runId), eq(metrics.key, key)))
  )[0];
}

/** The summary of a run's metric, or a 404 that names what there is. */
export async function requireMetric(db: Db, runId: string, key: string): Promise<MetricRow> {
  const row = await findMetric(db, runId, key);
  if (!row) throw notFound(`Metric ${JSON.stringify(key)} of run ${runId}`);
  return row;
}

export async function artifactsOf(db: Db, runIds: string[]): Promise<ArtifactRow[]> {
  return inGroups(runIds, (some) =>
    db.select().from(artifacts).where(inArray(artifacts.run_id, some)).orderBy(asc(artifacts.path)),
  );
}

export interface ParamVariety {
  key: string;
  /** Runs that have it. */
  runs: number;
  /** Its least and greatest text: equal when there is one value only. */
  least: string;
  greatest: string;
  /** Different values. */
  values: number;
}

/** How much each param varies over all runs of a filter: what differs becomes a column, the rest one line. */
export async function paramVariety(db: Db, filter: Omit<RunFilter, 'order'>): Promise<ParamVariety[]> {
  return db
    .select({
      key: params.key,
      runs: count(),
      least: sql<string>`min(${params.value})`,
      greatest: sql<string>`max(${params.value})`,
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
    .select({ run: runs, metric: metrics, among: sql<number>`count(*) over ()` })
    .from(metrics)
    .innerJoin(runs, eq(runs.id, metrics.run_id))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(matches);
  const order = direction === 'max' ? sql`${metrics.last_value} desc` : sql`${metrics.last_value} asc`;
  return (await source.orderBy(order, asc(runs.number)).limit(1))[0];
}

const FINITE_LAST: SQL = sql`${metrics.last_kind} <> 1 and abs(${metrics.last_value}) <= 1.7976931348623157e308`;

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
    .innerJoin(runs, eq(runs.id, metrics.run_id))
    .where(and(eq(runs.experiment_id, experiment), isNull(runs.trashed_at), eq(metrics.key, key), FINITE_LAST));
  return rows[0] ?? { better: 0, among: 0 };
}

/**
 * The run of the experiment with the most equal params, or undefined where none shares one. Of equally near ones the
 * next by number. Looks at the experiment's newest 2,000 runs.
 */
export async function nearestRun(db: Db, experiment: number, id: string): Promise<string | undefined> {
  const { rows } = await db.execute<{ id: string }>(
    `select other.id from (select id, number from runs where experiment_id = ? and trashed_at is null and id <> ?
        order by number desc limit 2000) other
      join params theirs on theirs.run_id = other.id
      join params mine on mine.run_id = ? and mine.key = theirs.key and mine.value = theirs.value
      group by other.id order by count(*) desc, abs(other.number - (select number from runs where id = ?)), other.number limit 1`,
    [experiment, id, id, id],
  );
  return rows[0]?.id;
}

/** Points logged by all runs of a filter: a sum over summaries. */
export async function countPoints(db: Db, filter: Omit<RunFilter, 'order'>): Promise<number> {
  const rows = await db
    .select({ n: sql<number>`coalesce(sum(${metrics.count}), 0)` })
    .from(metrics)
    .innerJoin(runs, eq(runs.id, metrics.run_id))
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

/** Rows as the API lists them. */
export async function describeRuns(db: Db, rows: RunRow[]): Promise<RunOut[]> {
  const hung = await tagsOfRuns(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    ...row,
    tags: Object.fromEntries((hung.get(row.id) ?? []).map((tag) => [tag.key, tag.value])),
  }));
}

async function inGroups<T>(ids: string[], ask: (some: string[]) => PromiseLike<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
    rows.push(...(await ask(ids.slice(start, start + IDS_AT_ONCE))));
  return rows;
}
