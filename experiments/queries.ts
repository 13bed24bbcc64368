// experiments/queries.ts
// Purpose: every read of experiments: one, by name, the filtered list, run counts, metric keys.
// Why: all reads of the feature are here, and none of them reads points.
// Relevant files: experiments/models.ts, experiments/changes.ts, shared/db/paging.ts

import { and, asc, count, desc, eq, gt, gte, inArray, isNull, isNotNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import { runs, RunStatus } from '../runs/models.ts';
import { STALLED, type RunState } from '../runs/run-state.ts';
import { one } from '../shared/db/one.ts';
import { afterCursor, orderBy, pageOf, parseOrder, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { conflict, notFound, trashedProblem, type Problem } from '../shared/errors.ts';
import { hasTag, tagsOfExperiments } from '../tags/queries.ts';
import { experimentMetrics, experimentRuns, experiments, type ExperimentRow, type ExperimentStatus } from './models.ts';
import type { ExperimentOut } from './schemas.ts';

export interface ExperimentFilter {
  q?: string | undefined;
  status?: ExperimentStatus[] | undefined;
  /** `key` or `key=value`; all of them. */
  tag?: string[] | undefined;
  trashed?: boolean | undefined;
  order: string;
}

export type RunCounts = Partial<Record<RunState, number>>;

export async function findExperiment(db: Db, id: number): Promise<ExperimentRow | undefined> {
  return (await db.execute<ExperimentRow>('select * from experiments where id = ?', [id])).rows[0];
}

export type ExperimentPlace = Pick<ExperimentRow, 'id' | 'artifact_location' | 'trashed_at'>;

/** Where it is and keeps its artifacts, and nothing else of it: asked whenever a client says that a run has ended. */
export async function findPlace(db: Db, id: number): Promise<ExperimentPlace | undefined> {
  const text = 'select id, artifact_location, trashed_at from experiments where id = ?';
  return (await db.execute<ExperimentPlace>(text, [id])).rows[0];
}

/** An experiment that is not in the trash, or a 404. `row`: as it was read for this request already. */
export async function requireExperiment(
  db: Db,
  id: number,
  row: ExperimentRow | undefined = undefined,
): Promise<ExperimentRow> {
  row ??= await findExperiment(db, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.purge_at !== null) throw removing(row);
  if (row.trashed_at !== null)
    throw trashedProblem(
      404,
      `Experiment ${row.name} is in the trash: restore it first.`,
      `/experiments/${id}/restore`,
    );
  return row;
}

/** One that is in the trash, or a 404 or 409. */
export async function requireTrashedExperiment(db: Db, id: number): Promise<ExperimentRow> {
  const row = await findExperiment(db, id);
  if (!row) throw notFound(`Experiment ${id}`);
  if (row.trashed_at === null)
    throw conflict('id', `Experiment ${row.name} is not in the trash: only what is there can be removed for ever.`);
  return row;
}

/** Those in the trash since `until` (ms) or longer that nobody has asked to remove. */
export async function trashedExperiments(db: Db, until: number): Promise<ExperimentRow[]> {
  return db
    .select()
    .from(experiments)
    .where(and(lte(experiments.trashed_at, until), isNull(experiments.purge_at)))
    .orderBy(asc(experiments.id));
}

export function removing({ name }: Pick<ExperimentRow, 'name'>): Problem {
  return conflict('id', `Experiment ${name} is being removed for ever.`);
}

export async function findByName(db: Db, name: string): Promise<ExperimentRow | undefined> {
  return (
    await db
      .select()
      .from(experiments)
      .where(and(eq(experiments.name, name), isNull(experiments.trashed_at)))
  )[0];
}

/** The same, also in the trash: one in sight first, else the one that went there last; none that is being removed. */
export async function findByNameAnywhere(db: Db, name: string): Promise<ExperimentRow | undefined> {
  const found = await db
    .select()
    .from(experiments)
    .where(and(eq(experiments.name, name), isNull(experiments.purge_at)))
    .orderBy(sql`case when ${experiments.trashed_at} is null then 0 else 1 end`, desc(experiments.trashed_at))
    .limit(1);
  return found[0];
}

export async function listExperiments(
  db: Db,
  filter: ExperimentFilter,
  page: Page,
): Promise<{ items: ExperimentRow[]; next_cursor: string | null; total: number }> {
  const order = orderOf(filter.order);
  const matches = conditions(filter);
  const rows = await db
    .select({ row: experiments, order_value: order.by.as('order_value') })
    .from(experiments)
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
  const total = await db.select({ n: count() }).from(experiments).where(matches);
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total: total[0]?.n ?? 0 };
}

function orderOf(text: string): Order {
  const { field, descending } = parseOrder(text);
  const columns: Record<string, SQL> = {
    name: sql`lower(${experiments.name})`,
    status: sql`${experiments.status}`,
    created_at: sql`${experiments.created_at}`,
    last_activity_at: sql`${experiments.last_activity_at}`,
    // Written out: among the selected columns Drizzle leaves the table's name away, and `id` would be the run's.
    runs: sql`(select coalesce(sum(r.runs), 0) from experiment_runs r where r.experiment_id = experiments.id and r.trashed = 0)`,
  };
  return { by: columns[field] ?? sql`${experiments.last_activity_at}`, id: sql`${experiments.id}`, descending };
}

function conditions({ q, status, tag, trashed }: ExperimentFilter): SQL | undefined {
  const text = q?.trim().toLowerCase();
  return and(
    trashed ? isNotNull(experiments.trashed_at) : isNull(experiments.trashed_at),
    text
      ? sql`(contains_ci(${experiments.name}, ${text}) or contains_ci(${experiments.description}, ${text}))`
      : undefined,
    status && status.length > 0 ? inArray(experiments.status, status) : undefined,
    ...(tag ?? []).map((one) => hasTag('experiment', sql`${experiments.id}`, one)),
  );
}

/**
 * Runs by state for each experiment; those in the trash are not counted. `heardSince`: running runs that were last heard
 * of before that time (ms) count as stalled.
 */
export async function runCounts(db: Db, ids: number[], heardSince?: number): Promise<Map<number, RunCounts>> {
  const rows = await db
    .select({ id: experimentRuns.experiment_id, state: experimentRuns.status, n: experimentRuns.runs })
    .from(experimentRuns)
    .where(and(inArray(experimentRuns.experiment_id, ids), eq(experimentRuns.trashed, 0), gt(experimentRuns.runs, 0)));
  const counts = new Map<number, RunCounts>(ids.map((id) => [id, {}]));
  for (const { id, state, n } of rows) counts.set(id, { ...counts.get(id), [state]: n });
  if (heardSince === undefined) return counts;
  for (const [id, stalled] of await countStalled(db, ids, heardSince)) {
    const running = (counts.get(id)?.[RunStatus.Running] ?? 0) - stalled;
    const { [RunStatus.Running]: _, ...others } = counts.get(id) ?? {};
    counts.set(id, { ...others, ...(running > 0 ? { [RunStatus.Running]: running } : {}), [STALLED]: stalled });
  }
  return counts;
}

/** Running runs last heard of before `heardSince`: settled ones by their index, the open ones one by one. */
async function countStalled(db: Db, ids: number[], heardSince: number): Promise<Map<number, number>> {
  const stalled = new Map<number, number>();
  const countIn = (place: SQL): PromiseLike<{ id: number; n: number }[]> =>
    db
      .select({ id: runs.experiment_id, n: count() })
      .from(runs)
      .where(
        and(inArray(runs.experiment_id, ids), place, eq(runs.status, RunStatus.Running), lt(runs.heard_at, heardSince)),
      )
      .groupBy(runs.experiment_id);
  for (const { id, n } of (await Promise.all([IS_SETTLED, IS_OPEN].map(countIn))).flat())
    stalled.set(id, n + (stalled.get(id) ?? 0));
  return stalled;
}

/** Literally as in the partial indexes. */
const IS_SETTLED = sql`${runs.settled} = 1`;
const IS_OPEN = sql`${runs.settled} = 0 and ${runs.trashed_at} is null`;

/** Runs that are running and were heard of since `since` (ms), in all experiments: of each along the index of its runs. */
export async function countRunning(db: Db, since: number): Promise<number> {
  let running = 0;
  for (const place of [IS_SETTLED, IS_OPEN]) {
    const rows = await db
      .select({ n: count() })
      .from(runs)
      .where(and(IN_SIGHT, place, eq(runs.status, RunStatus.Running), gte(runs.heard_at, since)));
    running += rows[0]?.n ?? 0;
  }
  return running;
}

/** Not as a join: SQLite went through the runs of all experiments. */
const IN_SIGHT = sql`${runs.experiment_id} in (select id from experiments where trashed_at is null)`;

/** The metric keys that runs of the experiment have logged, by name. */
export async function metricKeys(db: Db, id: number): Promise<string[]> {
  const rows = await db
    .select({ key: experimentMetrics.key })
    .from(experimentMetrics)
    .where(eq(experimentMetrics.experiment_id, id))
    .orderBy(asc(experimentMetrics.key));
  return rows.map((row) => row.key);
}

/** Rows as the API gives them, with tags and run counts. */
export async function describeExperiments(db: Db, rows: ExperimentRow[]): Promise<ExperimentOut[]> {
  const ids = rows.map((row) => row.id);
  const [counts, tags] = [await runCounts(db, ids), await tagsOfExperiments(db, ids)];
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status,
    main_metric: row.main_metric,
    repeat_keys: JSON.parse(row.repeat_keys) as ExperimentOut['repeat_keys'],
    tags: Object.fromEntries((tags.get(row.id) ?? []).map((tag) => [tag.key, tag.value])),
    run_counts: counts.get(row.id) ?? {},
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_activity_at: row.last_activity_at,
    trashed_at: row.trashed_at,
    purge_at: row.purge_at,
  }));
}

export async function countExperiments(db: Db): Promise<number> {
  return (await db.select({ n: count() }).from(experiments).where(isNull(experiments.trashed_at)))[0]?.n ?? 0;
}

/** Those that there are, in the order of `ids`. */
export async function experimentsById(db: Db, ids: number[]): Promise<Map<number, ExperimentRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select().from(experiments).where(inArray(experiments.id, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  return new Map(ids.flatMap((id) => known.get(id) ?? []).map((row) => [row.id, row]));
}

/** In the order of `ids`. */
export async function namesOfExperiments(db: Db, ids: number[]): Promise<Map<number, string>> {
  return new Map([...(await experimentsById(db, ids))].map(([id, { name }]) => [id, name]));
}

/** The versions of some experiments, or of all: the same text as long as nothing of them or their runs has changed. */
export interface Versions {
  text: string;
  /** When something last happened in one of them, ms. */
  at: number;
}

/** `5.17,7.2`: id and version of each that there is. */
export async function versionsOf(db: Db, ids: number[]): Promise<Versions> {
  const rows = await db
    .select({ id: experiments.id, version: experiments.version, at: lastChange })
    .from(experiments)
    .where(inArray(experiments.id, ids))
    .orderBy(asc(experiments.id));
  return { text: versionText(rows), at: Math.max(0, ...rows.map((row) => row.at)) };
}

/** The same of a row that was read. */
export function versionOf(row: ExperimentRow): Versions {
  return { text: versionText([row]), at: Math.max(0, row.updated_at, row.last_activity_at) };
}

function versionText(rows: { id: number; version: number }[]): string {
  return rows.map(({ id, version }) => `${id}.${version}`).join(',');
}

/** The same texts for many at once, in one query or two: `5,7` stands for two experiments, '' for all. */
export async function statesOf(db: Db, topics: string[]): Promise<Map<string, string>> {
  const idsOf = (topic: string): number[] => topic.split(',').map(Number);
  const some = topics.filter((topic) => topic !== '');
  const rows = await db
    .select({ id: experiments.id, version: experiments.version })
    .from(experiments)
    .where(inArray(experiments.id, [...new Set(some.flatMap(idsOf))]));
  const known = new Map(rows.map((row) => [row.id, row]));
  const states = new Map(some.map((topic) => [topic, versionText(idsOf(topic).flatMap((id) => known.get(id) ?? []))]));
  if (topics.includes('')) states.set('', (await versionsOfAll(db)).text);
  return states;
}

/**
 * Count, newest id and the sum of all versions. Ids are never used again and versions only go up, so the same three
 * numbers mean the same experiments, none of which has moved.
 */
export async function versionsOfAll(db: Db): Promise<Versions> {
  const number = (value: SQL): SQL<number> => sql<number>`coalesce(${value}, 0)`.mapWith(Number);
  const rows = await db
    .select({
      n: count(),
      newest: number(sql`max(${experiments.id})`),
      sum: number(sql`sum(${experiments.version})`),
      at: number(sql`max(${lastChange})`),
    })
    .from(experiments);
  const { n, newest, sum, at } = one(rows);
  return { text: `${n}.${newest}.${sum}`, at };
}

/** Of an experiment or of a run of it. */
const lastChange = sql<number>`case when ${experiments.updated_at} > ${experiments.last_activity_at}
  then ${experiments.updated_at} else ${experiments.last_activity_at} end`.mapWith(Number);
