// runs/ranked-list-queries.ts
// Purpose: a page of runs in the order of one metric: ended runs along the index or from what is kept, open ones put in between.
// Why: of 100,000 runs the first page reads a hundred.
// Relevant files: runs/ranking-queries.ts, runs/ranked-ends-queries.ts, runs/list-queries.ts

import { and, eq, sql } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { bound, isOneOf } from '../shared/db/dialect.ts';
import { parseOrder, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { extremesOf, type End } from './ends.ts';
import { metrics, runs, type RunRow } from './models.ts';
import { orderKeys, type RunFilter } from './run-filter.ts';
import { alongRank, endsAmong, openOnes, VALUE } from './ranked-ends-queries.ts';

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
