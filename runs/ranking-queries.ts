// runs/ranking-queries.ts
// Purpose: the best run by a metric.
// Why: settled runs stand in one index by the value that counts; the open ones, which still log, are looked at one by one.
// Relevant files: runs/ranked-ends-queries.ts, runs/ranked-list-queries.ts, runs/rank-count-queries.ts, runs/table/table.ts

import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { bestOf, SHARED_MAX, type End } from './ends.ts';
import type { Direction } from './metric-rules.ts';
import { metrics, runs, type RunRow } from './models.ts';
import type { Counted } from './rules/rule.ts';
import { standingSql, standingStepSql } from './rules/value-sql.ts';
import { countRanked } from './rank-count-queries.ts';
import { isPlain, type RunFilter } from './run-filter.ts';
import type { Group } from './standing-queries.ts';
import {
  alongRank,
  endsAmong,
  type EndsAmong,
  FINITE_RANK,
  FINITE_VALUE,
  openOnes,
  VALUE,
} from './ranked-ends-queries.ts';

export { countBetter } from './rank-count-queries.ts';

export interface BestRun {
  run: RunRow;
  /** The value that counts, which is finite. */
  counts: Counted;
  /** Runs that have a finite value of it; null: not counted, there are more than a few. */
  among: number | null;
  /** It, and those whose value is exactly the same, earliest first: of more than SHARED_MAX one more than that. */
  shared: number[];
}

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

async function bestOfEnds(
  db: Db,
  { found, ended, open }: EndsAmong,
  { key, direction, few }: { key: string; direction: Direction } & Pick<Group, 'few'>,
): Promise<BestRun | undefined> {
  const both = [ended, open].map((ends) => bestOf(ends, found, direction === 'max'));
  const best = better(both[0]?.equal ?? [], both[1]?.equal ?? [], direction);
  return earliestOf(db, best, key, few ? both.reduce((sum, { finite }) => sum + finite, 0) : null);
}

/** Of runs that are equally good; those come in the order of the index, of the arrays, or of PostgreSQL's pages. */
async function earliestOf(db: Db, equal: End[], key: string, among: number | null): Promise<BestRun | undefined> {
  const shared = equal.map((one) => one.seq).sort((a, b) => a - b);
  const [seq] = shared;
  if (seq === undefined) return undefined;
  const { rows } = await db.execute<RunRow & { counts: number; counts_step: number | null }>(RUN_AT, [key, seq]);
  const [row] = rows;
  if (!row) return undefined;
  const { counts: value, counts_step: step, ...run } = row;
  return { run, counts: { value, step }, among, shared: shared.slice(0, SHARED_MAX + 1) };
}

const RUN_AT = `select r.*, ${standingSql('m', 'r')} as counts, ${standingStepSql('m', 'r')} as counts_step
  from runs r join metrics m on m.run_seq = r.seq and m.key = ? where r.seq = ?`;

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
