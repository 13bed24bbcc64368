// runs/ranking-queries.ts
// Purpose: the best run by a metric, and how many are better than a value.
// Why: settled runs stand in one index by the value that counts; the open ones, which still log, are looked at one by one.
// Relevant files: runs/ranking-changes.ts, runs/models.ts, runs/table/table.ts, runs/run/neighbours.ts

import { and, asc, desc, eq, getTableColumns, inArray, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { isOneOf } from '../shared/db/dialect.ts';
import { parseOrder, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import type { Direction } from './metric-rules.ts';
import { metrics, runs, type MetricRow, type RunRow } from './models.ts';
import type { Counted } from './rules/rule.ts';
import { COUNTED_TO, standingSql, standingStepSql } from './rules/value-sql.ts';
import { isPlain, orderKeys, runConditions, type RunFilter } from './run-filter.ts';
import { isAmong } from './seqs.ts';
import type { Group } from './standing-queries.ts';

export interface BestRun {
  run: RunRow;
  metric: MetricRow;
  /** The value that counts, which is finite. */
  counts: Counted;
  /** Runs that have a finite value of it; null: not counted, there are more than a few. */
  among: number | null;
}

type Found = Omit<BestRun, 'among'>;

const MAX = sql.raw('1.7976931348623157e308');
/** By the rule of the metric; null for NaN. */
const VALUE: SQL = sql.raw(standingSql('metrics', 'runs'));
const STEP: SQL = sql.raw(standingStepSql('metrics', 'runs'));
/** Not NaN, not ±Infinity. */
const FINITE_VALUE: SQL = sql`${VALUE} between -${MAX} and ${MAX}`;
const FINITE_RANK: SQL = sql`${metrics.rank_value} between -${MAX} and ${MAX}`;
const IS_OPEN: SQL = sql`${runs.settled} = 0 and ${runs.trashed_at} is null`;

/**
 * The run whose value of `key` is best; finite values only, ties go to the earlier run. Of `few` runs, or of all
 * that match the filter, which must not ask for the trash. `upTo`: `among` need not be counted beyond that.
 */
export async function bestRun(
  db: Db,
  { few, ...filter }: Omit<RunFilter, 'order'> & Group,
  key: string,
  direction: Direction,
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<BestRun | undefined> {
  if (few) return few.length === 0 ? undefined : bestOfFew(db, few, key, direction);
  const ranked = await bestRanked(db, filter, key, direction);
  const open = await bestOpen(db, filter, key, direction);
  const found = better(ranked, open, direction);
  const isWhole = isPlain(filter) && !filter.status?.length;
  return found && { ...found, among: isWhole ? await countRanked(db, filter.experiment, key, upTo) : null };
}

const COLUMNS = {
  run: runs,
  metric: { ...getTableColumns(metrics), run_id: runs.id },
  counts: { value: sql<number>`${VALUE}`, step: sql<number | null>`${STEP}`.mapWith(numberOrNull) },
};

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

/** Of settled runs those whose rank follows the rule: while a rule that was changed is counted, not all do. */
function isCounted(experiment: number | undefined, key: string): SQL {
  const [before = '', between = '', after = ''] = COUNTED_TO.split('?');
  const to = sql`${sql.raw(before)}${experiment ?? 0}${sql.raw(between)}${key}${sql.raw(after)}`;
  return sql`${metrics.run_seq} <= ${to}`;
}

async function bestOfFew(db: Db, few: number[], key: string, direction: Direction): Promise<BestRun | undefined> {
  const rows = await db
    .select({ ...COLUMNS, among: sql<number>`count(*) over ()`.mapWith(Number) })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(and(inArray(metrics.run_seq, few), eq(metrics.key, key), FINITE_VALUE))
    .orderBy(ordered(VALUE, direction), asc(runs.number))
    .limit(1);
  return rows[0];
}

/** Along the index from its best end to the first run that matches; then the first of all that have the same value. */
async function bestRanked(
  db: Db,
  filter: Omit<RunFilter, 'order'> & Group,
  key: string,
  direction: Direction,
): Promise<Found | undefined> {
  const ranked = await alongRank(db, filter, { key, descending: direction === 'max', wanted: 1, among: FINITE_RANK });
  if (ranked.length === 0) return undefined;
  const first = Math.min(...ranked.map(({ seq }) => seq));
  const rows = await db
    .select(COLUMNS)
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(and(eq(metrics.run_seq, first), eq(metrics.key, key)))
    .limit(1);
  return rows[0];
}

interface Ranked {
  seq: number;
  value: number;
}

/** Read beyond what is wanted, at first; and so many times as much where that is not enough. */
const READ_MIN = 64;
const READ_MORE = 4;

/**
 * The settled runs that match, in the order of the index: so many as are wanted, and all that equal the last of them. Of runs
 * that were found already only the index is read.
 */
async function alongRank(
  db: Db,
  { found, ...filter }: Omit<RunFilter, 'order'>,
  { key, descending, wanted, among }: { key: string; descending: boolean; wanted: number; among: SQL },
): Promise<Ranked[]> {
  const matches = found ? undefined : runConditions(filter);
  for (let limit = wanted + READ_MIN; ; limit *= READ_MORE) {
    const { sql: text, params: values } = db
      .select({ seq: metrics.run_seq, value: metrics.rank_value })
      .from(metrics)
      .innerJoin(runs, eq(runs.seq, metrics.run_seq))
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(
        and(
          eq(metrics.experiment_id, filter.experiment ?? 0),
          eq(metrics.key, key),
          among,
          isCounted(filter.experiment, key),
          matches,
        ),
      )
      .orderBy(descending ? desc(metrics.rank_value) : asc(metrics.rank_value))
      .limit(limit)
      .toSQL();
    const read = (await db.arrays<[number, number]>(text, values)).map(([seq, value]) => ({ seq: Number(seq), value }));
    const passing = found ? read.filter(({ seq }) => isAmong(found, seq)) : read;
    const last = passing[wanted - 1];
    if (read.length < limit || (last && last.value !== read.at(-1)?.value))
      return last ? passing.filter(({ value }, place) => place < wanted || value === last.value) : passing;
  }
}

/** Those of the runs that match which go on; undefined: there are none. Of runs that were found already nothing is asked again. */
async function openOnes(db: Db, { found, ...filter }: Omit<RunFilter, 'order'>): Promise<SQL | undefined> {
  if (filter.experiment === undefined) return and(IS_OPEN, runConditions({ ...filter, found }));
  const { rows } = await db.execute<{ seq: number }>(
    'select seq from runs where experiment_id = ? and settled = 0 and trashed_at is null',
    [filter.experiment],
  );
  const all = rows.map(({ seq }) => Number(seq));
  const open = found ? all.filter((seq) => isAmong(found, seq)) : all;
  if (open.length === 0) return undefined;
  const isOpen = isOneOf(sql`${runs.seq}`, open);
  return found ? isOpen : and(isOpen, runConditions(filter));
}

async function bestOpen(
  db: Db,
  filter: Omit<RunFilter, 'order'> & Group,
  key: string,
  direction: Direction,
): Promise<Found | undefined> {
  const isOpen = await openOnes(db, filter);
  if (!isOpen) return undefined;
  const rows = await db
    .select(COLUMNS)
    .from(runs)
    .innerJoin(metrics, and(eq(metrics.run_seq, runs.seq), eq(metrics.key, key)))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(isOpen, FINITE_VALUE))
    .orderBy(ordered(VALUE, direction), asc(runs.seq))
    .limit(1);
  return rows[0];
}

function ordered(value: SQL, direction: Direction): SQL {
  return direction === 'max' ? sql`${value} desc` : sql`${value} asc`;
}

function better(a: Found | undefined, b: Found | undefined, direction: Direction): Found | undefined {
  if (!a || !b) return a ?? b;
  const ahead = (direction === 'max' ? 1 : -1) * (a.counts.value - b.counts.value);
  if (ahead !== 0) return ahead > 0 ? a : b;
  return a.run.seq < b.run.seq ? a : b;
}

/** How many runs of the experiment have a finite value of `key`; no more than `upTo` settled ones are counted. */
async function countRanked(db: Db, experiment: number, key: string, upTo: number): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    `select (select count(*) from (select 1 from metrics where experiment_id = ? and key = ? and rank_value ${FINITE}
        and run_seq <= ${COUNTED_TO} limit ?) few)
      + (select count(*) from runs r join metrics m on m.run_seq = r.seq and m.key = ?
        where r.experiment_id = ? and r.settled = 0 and r.trashed_at is null and ${standingSql('m', 'r')} ${FINITE}) as n`,
    [experiment, key, experiment, key, upTo, key, experiment],
  );
  return Number(rows[0]?.n ?? 0);
}

const FINITE = 'between -1.7976931348623157e308 and 1.7976931348623157e308';

/** How many runs of an experiment are better than `value`, and how many have a finite value of `key` at all. */
export async function countBetter(
  db: Db,
  experiment: number,
  key: string,
  value: number,
  higherIsBetter: boolean,
): Promise<{ better: number; among: number }> {
  const isBetter = higherIsBetter ? '>' : '<';
  const { rows } = await db.execute<{ better: number; among: number }>(
    `select coalesce(sum(case when value ${isBetter} ? then 1 else 0 end), 0) as better, count(*) as among from (
      select rank_value as value from metrics where experiment_id = ? and key = ? and rank_value ${FINITE}
        and run_seq <= ${COUNTED_TO}
      union all select value from (select ${standingSql('m', 'r')} as value from runs r join metrics m on m.run_seq = r.seq and m.key = ?
        where r.experiment_id = ? and r.settled = 0 and r.trashed_at is null) open where value ${FINITE}
    ) ends`,
    [value, experiment, key, experiment, key, key, experiment],
  );
  return { better: Number(rows[0]?.better ?? 0), among: Number(rows[0]?.among ?? 0) };
}

export interface OrderedRow {
  row: RunRow;
  order_value: unknown;
  order_then?: Record<string, unknown>;
}

/**
 * A page of an experiment's runs by `metrics.KEY`, along the index: settled runs from it, the open ones put in between.
 * null: this is another order, or the page needs runs without such a value, which stand in no index.
 */
export async function listByRank(db: Db, filter: RunFilter, page: Page, total: number): Promise<OrderedRow[] | null> {
  const [order = '', ...more] = orderKeys(filter.order);
  const { field, descending } = parseOrder(order);
  const isRanked = field.startsWith('metrics.') && filter.experiment !== undefined && !filter.trashed;
  if (!isRanked || more.length > 0 || page.cursor !== undefined) return null;
  const key = field.slice('metrics.'.length);
  const wanted = (page.offset ?? 0) + page.limit + 1;
  const ranked = await withRows(
    db,
    await alongRank(db, filter, { key, descending, wanted, among: sql`${metrics.rank_value} is not null` }),
  );
  const all = [...ranked, ...(await openValues(db, filter, key))].sort(byValue(descending)).slice(0, wanted);
  return all.length === wanted || all.length === total ? all.slice(page.offset ?? 0) : null;
}

async function openValues(db: Db, filter: RunFilter, key: string): Promise<OrderedRow[]> {
  const isOpen = await openOnes(db, filter);
  if (!isOpen) return [];
  return db
    .select({ row: runs, order_value: VALUE })
    .from(runs)
    .innerJoin(metrics, and(eq(metrics.run_seq, runs.seq), eq(metrics.key, key)))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(isOpen, sql`${VALUE} is not null`));
}

async function withRows(db: Db, ranked: Ranked[]): Promise<OrderedRow[]> {
  const values = new Map(ranked.map(({ seq, value }) => [seq, value]));
  const rows = await db
    .select({ row: runs })
    .from(runs)
    .where(isOneOf(sql`${runs.seq}`, [...values.keys()]));
  return rows.map(({ row }) => ({ row, order_value: values.get(row.seq) }));
}

function byValue(descending: boolean): (a: OrderedRow, b: OrderedRow) => number {
  return (a, b) => {
    const [x, y] = [Number(a.order_value), Number(b.order_value)];
    if (x !== y) return x < y === descending ? 1 : -1;
    return a.row.id < b.row.id ? -1 : 1;
  };
}
