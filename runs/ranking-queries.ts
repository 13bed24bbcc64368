// runs/ranking-queries.ts
// Purpose: the best run by a metric, and a page of runs in the order of one.
// Why: settled runs stand in one index by the value that counts; the open ones, which still log, are looked at one by one.
// Relevant files: runs/ranking-changes.ts, runs/rank-count-queries.ts, runs/models.ts, runs/table/table.ts

import { and, asc, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import { parseOrder, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { bestOf, extremesOf, SHARED_MAX, type End, type Ends } from './ends.ts';
import { endsAskedAgain, readOpenEnds } from './ends-queries.ts';
import { factsOf, stateOf } from './kept-columns.ts';
import { keptRules } from './kept-facts.ts';
import type { Direction } from './metric-rules.ts';
import { metrics, runs, type RunRow } from './models.ts';
import { ruleFor, type Counted } from './rules/rule.ts';
import { COUNTED_TO, standingSql, standingStepSql } from './rules/value-sql.ts';
import { countRanked } from './rank-count-queries.ts';
import { isPlain, orderKeys, runConditions, type RunFilter } from './run-filter.ts';
import { isAmong, type Seqs } from './seqs.ts';
import type { Group } from './standing-queries.ts';

export { countBetter } from './rank-count-queries.ts';

export interface BestRun {
  run: RunRow;
  /** The value that counts, which is finite. */
  counts: Counted;
  /** Runs that have a finite value of it; null: not counted, there are more than a few. */
  among: number | null;
  /** It, and those whose value is exactly the same: of more than SHARED_MAX some, one more than that. */
  shared: number[];
}

const MAX = sql.raw('1.7976931348623157e308');
/** By the rule of the metric; null for NaN. */
const VALUE: SQL = sql.raw(standingSql('metrics', 'runs'));
/** Not NaN, not ±Infinity. */
const FINITE_VALUE: SQL = sql`${VALUE} between -${MAX} and ${MAX}`;
const FINITE_RANK: SQL = sql`${metrics.rank_value} between -${MAX} and ${MAX}`;
const IS_OPEN: SQL = sql`${runs.settled} = 0 and ${runs.trashed_at} is null`;

/** Of which runs: all that match the filter, which must not ask for the trash, or these few. */
type Among = Omit<RunFilter, 'order'> & Group;

/**
 * The run whose value of `key` is best; finite values only, ties go to the earlier run. `upTo`: `among` need not be counted
 * beyond that.
 */
export async function bestRun(
  db: Db,
  { few, ...filter }: Among,
  key: string,
  direction: Direction,
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<BestRun | undefined> {
  if (few?.length === 0) return undefined;
  const ends = await endsAmong(db, filter, key);
  if (ends) return bestOfEnds(db, ends, { key, direction, few });
  if (few) return bestOfFew(db, few, key, direction);
  const isWhole = isPlain(filter) && !filter.status?.length;
  const [ranked, open, among] = await Promise.all([
    bestRanked(db, filter, key, direction),
    bestOpen(db, filter, key, direction),
    isWhole ? countRanked(db, filter.experiment ?? 0, key, { upTo, keptFor: filter.keptFor }) : null,
  ]);
  return earliestOf(db, better(ranked, open, direction), key, among);
}

/** Ended runs and open ones that were found, where what they come to is kept. */
interface EndsAmong {
  found: Seqs;
  ended: Ends;
  open: Ends;
}

async function endsAmong(
  db: Db,
  { keptFor, found, trashed }: Omit<RunFilter, 'order'>,
  key: string,
): Promise<EndsAmong | undefined> {
  if (!keptFor || !found || trashed) return undefined;
  const ended = await endsAskedAgain(db, factsOf(keptFor), ruleFor(await keptRules(db, keptFor), key));
  return ended && { found, ended, open: await readOpenEnds(db, stateOf(keptFor), key) };
}

async function bestOfEnds(
  db: Db,
  { found, ended, open }: EndsAmong,
  { key, direction, few }: { key: string; direction: Direction } & Pick<Group, 'few'>,
): Promise<BestRun | undefined> {
  const both = [ended, open].map((ends) => bestOf(ends, found, direction === 'max'));
  const best = better(both[0]?.equal ?? [], both[1]?.equal ?? [], direction);
  return earliestOf(db, best, key, few ? both.reduce((sum, { finite }) => sum + finite, 0) : null);
}

/** Of runs that are equally good. */
async function earliestOf(db: Db, equal: End[], key: string, among: number | null): Promise<BestRun | undefined> {
  if (equal.length === 0) return undefined;
  const seq = equal.reduce((least, one) => Math.min(least, one.seq), Infinity);
  const shared = equal.slice(0, SHARED_MAX + 1).map((one) => one.seq);
  const { rows } = await db.execute<RunRow & { counts: number; counts_step: number | null }>(RUN_AT, [key, seq]);
  const [row] = rows;
  if (!row) return undefined;
  const { counts: value, counts_step: step, ...run } = row;
  return { run, counts: { value, step }, among, shared };
}

const RUN_AT = `select r.*, ${standingSql('m', 'r')} as counts, ${standingStepSql('m', 'r')} as counts_step
  from runs r join metrics m on m.run_seq = r.seq and m.key = ? where r.seq = ?`;

/** Of settled runs those whose rank follows the rule: while a rule that was changed is counted, not all do. */
function isCounted(experiment: number | undefined, key: string): SQL {
  const [before = '', between = '', after = ''] = COUNTED_TO.split('?');
  const to = sql`${sql.raw(before)}${experiment ?? 0}${sql.raw(between)}${key}${sql.raw(after)}`;
  return sql`${metrics.run_seq} <= ${to}`;
}

async function bestOfFew(db: Db, few: number[], key: string, direction: Direction): Promise<BestRun | undefined> {
  const rows = await db
    .select({
      seq: metrics.run_seq,
      value: sql<number>`${VALUE}`,
      among: sql<number>`count(*) over ()`.mapWith(Number),
    })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(and(inArray(metrics.run_seq, few), eq(metrics.key, key), FINITE_VALUE))
    .orderBy(ordered(VALUE, direction), asc(runs.number))
    .limit(SHARED_MAX + 1);
  return earliestOf(db, equalToFirst(rows), key, rows[0]?.among ?? null);
}

function equalToFirst(ends: End[]): End[] {
  return ends.filter(({ value }) => value === ends[0]?.value);
}

/** Along the index from its best end to the first run that matches, and all that have the same value. */
async function bestRanked(db: Db, filter: Omit<RunFilter, 'order'>, key: string, direction: Direction): Promise<End[]> {
  return alongRank(db, filter, { key, descending: direction === 'max', wanted: 1, among: FINITE_RANK });
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
): Promise<End[]> {
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
  return found ? isOpen : and(isOpen, runConditions(filter, true));
}

async function bestOpen(db: Db, filter: Omit<RunFilter, 'order'>, key: string, direction: Direction): Promise<End[]> {
  const isOpen = await openOnes(db, filter);
  if (!isOpen) return [];
  const rows = await db
    .select({ seq: runs.seq, value: sql<number>`${VALUE}` })
    .from(runs)
    .innerJoin(metrics, and(eq(metrics.run_seq, runs.seq), eq(metrics.key, key)))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(isOpen, FINITE_VALUE))
    .orderBy(ordered(VALUE, direction), asc(runs.seq))
    .limit(SHARED_MAX + 1);
  return equalToFirst(rows);
}

function ordered(value: SQL, direction: Direction): SQL {
  return direction === 'max' ? sql`${value} desc` : sql`${value} asc`;
}

/** The better ones of two lots of equals; both where they equal each other. */
function better(a: End[], b: End[], direction: Direction): End[] {
  const [one, other] = [a[0], b[0]];
  if (!one || !other) return one ? a : b;
  const ahead = (direction === 'max' ? 1 : -1) * (one.value - other.value);
  if (ahead !== 0) return ahead > 0 ? a : b;
  return [...a, ...b];
}

export interface OrderedRow {
  row: RunRow;
  order_value: unknown;
  order_then?: Record<string, unknown>;
}

/**
 * A page of an experiment's runs by `metrics.KEY`: ended runs from the index, or from what is kept of it, the open ones put in
 * between. null: this is another order, or the page needs runs without such a value, which stand in no index; or the runs are
 * few, and nothing is kept.
 */
export async function listByRank(
  db: Db,
  filter: RunFilter,
  page: Page,
  total: number,
  isFew: boolean,
): Promise<OrderedRow[] | null> {
  const [order = '', ...more] = orderKeys(filter.order);
  const { field, descending } = parseOrder(order);
  const isRanked = field.startsWith('metrics.') && filter.experiment !== undefined && !filter.trashed;
  if (!isRanked || more.length > 0 || page.cursor !== undefined) return null;
  const key = field.slice('metrics.'.length);
  const ends = await endsAmong(db, filter, key);
  if (isFew && !ends) return null;
  const from = page.offset ?? 0;
  const wanted = from + page.limit + 1;
  const inOrder = byValue(descending);
  const parts = ends
    ? [ends.ended, ends.open].map((some) => extremesOf(some, ends.found, wanted, descending))
    : await Promise.all([
        alongRank(db, filter, { key, descending, wanted, among: sql`${metrics.rank_value} is not null` }),
        openEnds(db, filter, key),
      ]);
  const all = parts.flat().sort(inOrder);
  if (all.length < wanted && all.length !== total) return null;
  const [first, last] = [all[from], all[Math.min(wanted, all.length) - 1]];
  if (!first || !last) return [];
  // What equals the first or the last one is put in order by its id, which only its row says.
  const start = all.findIndex((one) => inOrder(one, first) === 0);
  const rows = await withRows(db, all.slice(start).filter((one) => inOrder(one, last) <= 0)); // prettier-ignore
  return rows
    .sort((a, b) => inOrder(a, b) || (a.row.id < b.row.id ? -1 : 1))
    .slice(from - start, wanted - start)
    .map(({ row, value }) => ({ row, order_value: value }));
}

async function openEnds(db: Db, filter: RunFilter, key: string): Promise<End[]> {
  const isOpen = await openOnes(db, filter);
  if (!isOpen) return [];
  return db
    .select({ seq: runs.seq, value: sql<number>`${VALUE}` })
    .from(runs)
    .innerJoin(metrics, and(eq(metrics.run_seq, runs.seq), eq(metrics.key, key)))
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(isOpen, sql`${VALUE} is not null`));
}

async function withRows(db: Db, ends: End[]): Promise<{ row: RunRow; value: number }[]> {
  const values = new Map(ends.map(({ seq, value }) => [seq, value]));
  const isAsked = isOneOf(sql`seq`, [...values.keys()]);
  const { rows } = await db.execute<RunRow>(...bound(sql`select * from runs where ${isAsked}`));
  return rows.map((row) => ({ row, value: values.get(row.seq) ?? NaN }));
}

/** 0 where they are equal, the infinities too. */
function byValue(descending: boolean): (a: { value: number }, b: { value: number }) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => (a.value === b.value ? 0 : sign * (a.value - b.value));
}
