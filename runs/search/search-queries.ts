// runs/search/search-queries.ts
// Purpose: finds the runs that a condition tree means, in the order asked for, page by page.
// Why: MLflow's search, and soon our own query language, ask here; it reads summaries along indexes, never points.
// Relevant files: runs/search/run-fields.ts, runs/search/run-order.ts, runs/search/ranked-search.ts, shared/search/condition.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { conditionSql } from '../../shared/search/condition-sql.ts';
import { View } from '../../shared/search/view.ts';
import type { RunRow } from '../models.ts';
import { NEWEST, ranked, selective } from './ranked-search.ts';
import { runSource } from './run-fields.ts';
import { orderSql } from './run-order.ts';
import type { Places, RunSearch } from './run-search.ts';

export type { MetricValue, RunField } from './run-fields.ts';
export type { OrderField, RunOrder } from './run-order.ts';

export interface FoundRuns {
  runs: RunRow[];
  /** There is another page. */
  hasMore: boolean;
  newest: number;
}

/** The same without the runs themselves. */
export interface FoundSeqs extends Omit<FoundRuns, 'runs'> {
  seqs: number[];
  /** Of the experiments that were searched, as they were before. */
  versions: Map<number, number>;
}

interface FoundSeq {
  seq: number;
  newest: number;
}

export async function searchRuns(db: Db, search: RunSearch): Promise<FoundRuns> {
  const { seqs, hasMore, newest } = await findRuns(db, search);
  return { runs: await runsBySeq(db, seqs), hasMore, newest };
}

export async function findRuns(db: Db, search: RunSearch): Promise<FoundSeqs> {
  const places = await placesOf(db, search);
  const found = places ? await findSeqs(db, search, places) : [];
  return {
    seqs: found.slice(0, search.limit).map(({ seq }) => seq),
    hasMore: found.length > search.limit,
    newest: found[0]?.newest ?? 0,
    versions: places?.versions ?? new Map<number, number>(),
  };
}

interface Place {
  id: number;
  trashed_at: number | null;
  next_number: number;
  version: number;
}

/** Undefined: there is nothing of that kind. */
async function placesOf(db: Db, { experiments: ids, view, newest }: RunSearch): Promise<Places | undefined> {
  const { rows: here } = await db.execute<Place>(
    ...bound(
      sql`select id, trashed_at, next_number, version from experiments
        where ${isOneOf(sql`id`, ids)} and purge_at is null`,
    ),
  );
  const active = here.filter((row) => row.trashed_at === null).map(({ id }) => id);
  const trashed = here.filter((row) => row.trashed_at !== null).map(({ id }) => id);
  const isIn = (some: number[]): SQL =>
    some.length === 1 ? sql`r.experiment_id = ${some[0]}` : isOneOf(sql`r.experiment_id`, some);
  const conditions: Record<View, SQL | undefined> = {
    active: active.length > 0 ? sql`${isIn(active)} and r.trashed_at is null` : undefined,
    trashed: sql`r.purge_at is null and (${isIn(trashed)} or (${isIn(active)} and r.trashed_at is not null))`,
    all: sql`${isIn([...active, ...trashed])} and r.purge_at is null`,
  };
  const isInView = here.length > 0 ? conditions[view] : undefined;
  if (!isInView) return undefined;
  return {
    single: view === View.Active && active.length === 1 ? active[0] : undefined,
    runs: here.reduce((sum, row) => sum + row.next_number, 0),
    isInPlace: newest === undefined ? isInView : sql`${isInView} and r.seq <= ${newest}`,
    versions: new Map(here.map(({ id, version }) => [id, version])),
  };
}

async function findSeqs(db: Db, search: RunSearch, places: Places): Promise<FoundSeq[]> {
  const wanted = search.limit + 1;
  const matches = sql`${places.isInPlace} and ${conditionSql(search.where, runSource)}`;
  const along = await ranked(db, search, places, matches);
  if (along) {
    const rows = await ask(db, along.query);
    if (rows.length === wanted || along.isComplete) return rows;
  }
  const few = await selective(db, search, places);
  const { columns, by } = orderSql(search.order, { noneUnstarted: await allStarted(db, search, places) });
  return ask(
    db,
    // `cross join` says to SQLite in which order: from the few to the runs.
    sql`select r.seq, ${NEWEST}, ${columns} from ${few ? sql`(${few}) few cross join runs r` : sql`runs r`}
      where ${few ? sql`r.seq = few.seq and ` : sql``}${matches}
      order by ${by} limit ${wanted} offset ${search.offset}`,
  );
}

async function ask(db: Db, query: SQL): Promise<FoundSeq[]> {
  return (await db.execute<FoundSeq>(...bound(query))).rows;
}

/** So that an index gives the default order: by PostgreSQL's, runs without a start would come first. */
async function allStarted(db: Db, { order }: RunSearch, { single }: Places): Promise<boolean> {
  if (single === undefined || order.length > 0) return false;
  const { rows } = await db.execute(
    'select 1 from runs where experiment_id = ? and trashed_at is null and start_time is null limit 1',
    [single],
  );
  return rows.length === 0;
}

/** In the order of `seqs`. */
export async function runsBySeq(db: Db, seqs: number[]): Promise<RunRow[]> {
  if (seqs.length === 0) return [];
  const { rows } = await db.execute<RunRow>(...bound(sql`select * from runs where ${isOneOf(sql`seq`, seqs)}`));
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
}
