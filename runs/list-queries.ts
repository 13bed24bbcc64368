// runs/list-queries.ts
// Purpose: which runs match a filter: a page of them in their order, how many, which ones where they are few.
// Why: lists cost the same however many points there are; what is counted or indexed already is not looked for.
// Relevant files: runs/run-filter.ts, runs/found-queries.ts, runs/ranking-queries.ts, runs/tally-queries.ts

import { and, count, eq, inArray, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { afterCursor, orderBy, pageOf, thenColumns, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { foundRuns } from './found-queries.ts';
import { runs, type RunRow } from './models.ts';
import { refuseWrong } from './query/known-queries.ts';
import { listByRank, type OrderedRow } from './ranked-list-queries.ts';
import { isPlain, orderOf, runConditions, runOrder, type RunFilter } from './run-filter.ts';
import type { Seqs } from './seqs.ts';
import { countStates, countTagged } from './tally-queries.ts';

export interface RunPage {
  items: RunRow[];
  next_cursor: string | null;
  total: number;
  /** The numbers (`seq`) of all that match, where a text or tag was asked for and they are few; else null. */
  few: number[] | null;
  /** The same of one experiment, however many, ascending: what is asked of them next is not looked for again. */
  found: Seqs | null;
}

/** So many matches are looked at one by one; of more, pages say what can be read from sums and indexes. */
export const FEW = 500;

/** A tag that at most so many runs have is where a search begins; one that more have is checked run by run. */
const RARE = 2_000;

export async function listRuns(db: Db, asked: RunFilter, page: Page): Promise<RunPage> {
  const { filter, total, few, found } = await matchRuns(db, asked);
  const keys = orderOf(asked);
  const order = runOrder(keys);
  const ranked = await listByRank(db, { ...filter, order: keys }, page, total, few !== null);
  const rows = ranked ?? (await listByOrder(db, order, few ? inArray(runs.seq, few) : runConditions(filter), page));
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total, few, found };
}

/** A page of the runs that match, along no other index than that of the order. */
export function listByOrder(db: Db, order: Order, matches: SQL | undefined, page: Page): Promise<OrderedRow[]> {
  return db
    .select({ row: runs, order_value: order.by.as('order_value'), order_then: thenColumns(order) })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
}

type Matching = Omit<RunFilter, 'order'>;

/** How many runs match, and which, where they are few: states are counted already, texts and tags are looked for. */
async function matchRuns(db: Db, { without = [], ...asked }: Matching): Promise<Matches> {
  await refuseWrong(db, asked);
  const all = await matchAll(db, asked);
  if (without.length === 0) return all;
  const left = new Set(await matchesAmong(db, all.filter, without));
  const found = all.found && all.found.filter((seq) => !left.has(seq));
  return {
    filter: { ...all.filter, without, found: found ?? undefined },
    total: all.total - left.size,
    few: all.few && all.few.filter((seq) => !left.has(seq)),
    found,
  };
}

type Matches = Pick<RunPage, 'total' | 'few' | 'found'> & { filter: Matching };

/** The numbers of those of these runs that match. */
export async function matchesAmong(db: Db, filter: Matching, ids: string[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ seq: runs.seq })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(inArray(runs.id, ids), runConditions(filter, true)));
  return rows.map(({ seq }) => seq);
}

async function matchAll(db: Db, asked: Matching): Promise<Matches> {
  if (isPlain(asked)) return { filter: asked, total: await countStates(db, asked), few: null, found: null };
  const { filter, total } = await withRareTag(db, asked);
  if (total !== undefined && total > FEW) return { filter, total, few: null, found: null };
  if (filter.experiment !== undefined) return matchOnce(db, filter);
  const few = await fewRuns(db, filter);
  return { filter, total: few?.length ?? (await countMatches(db, filter)), few, found: null };
}

/** Of one experiment: which match is asked once; the page, the best and what else is said of them begin with these. */
async function matchOnce(db: Db, { keptFor, ...filter }: Matching): Promise<Matches> {
  const found = await foundRuns(db, filter, keptFor);
  const few = found.length <= FEW ? [...found] : null;
  return { filter: { ...filter, found, keptFor }, total: found.length, few, found };
}

/** Which tag is rare; and how many match, where a single tag is all that was asked for. */
async function withRareTag(db: Db, filter: Matching): Promise<{ filter: Matching; total?: number | undefined }> {
  const counts: { tag: string; runs: number }[] = [];
  // Runs in the trash are not among those counted.
  for (const tag of filter.trashed ? [] : (filter.tag ?? []))
    counts.push({ tag, runs: await countTagged(db, filter.experiment, tag) });
  const [least, ...others] = counts.sort((a, b) => a.runs - b.runs);
  if (!least) return { filter };
  const isAll = others.length === 0 && isPlain({ ...filter, tag: [] }) && !filter.status?.length;
  return {
    filter: { ...filter, rareTag: least.runs <= RARE ? least.tag : undefined },
    total: isAll ? least.runs : undefined,
  };
}

/** The numbers of all runs that match, null where they are more than a few. */
export async function fewRuns(db: Db, filter: Matching): Promise<number[] | null> {
  const rows = await db
    .select({ seq: runs.seq })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .limit(FEW + 1);
  return rows.length > FEW ? null : rows.map(({ seq }) => seq);
}

export async function countRuns(db: Db, filter: Matching): Promise<number> {
  return (await matchRuns(db, filter)).total;
}

async function countMatches(db: Db, filter: Matching): Promise<number> {
  const rows = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter));
  return rows[0]?.n ?? 0;
}
