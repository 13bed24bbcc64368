// runs/found-queries.ts
// Purpose: all runs of an experiment that a filter finds, by their numbers: each test's runs are kept and put together.
// Why: who filters changes one test and keeps the others; what they found is true until the experiment changes.
// Relevant files: runs/run-filter.ts, runs/ends.ts, runs/kept-columns.ts, runs/queries.ts, runs/groups/members.ts

import { eq } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { withLists } from '../shared/search/condition-sql.ts';
import { endsWithin } from './ends.ts';
import { countedTo, readEnds } from './ends-queries.ts';
import { keepColumn, keptColumn, VALUE_BYTES } from './kept-columns.ts';
import { runs } from './models.ts';
import { BARE_METRIC } from './query/fields.ts';
import type { Query } from './query/leaves.ts';
import { boundIn, type RankBound } from './query/ranked-sql.ts';
import { movesWithTime } from './query/values.ts';
import { isAsked, queryOf, runConditions, type RunFilter } from './run-filter.ts';
import { everyOf, lessThose, someOf, type Seqs } from './seqs.ts';

type Matching = Omit<RunFilter, 'order'>;

/** What is kept of one state of one experiment; undefined: nothing may be. */
type At = { id: number; version: number } | undefined;

/**
 * In ascending order. The first filter that is asked of a state of the experiment is one statement: while somebody logs there is
 * no second one. From then on each test is asked by itself and kept.
 */
export async function foundRuns(db: Db, filter: Matching, version: number | undefined): Promise<Seqs> {
  const mayKeep = version !== undefined && !filter.trashed && !movesWithTime(filter.where ?? '');
  const at: At = mayKeep ? { id: filter.experiment ?? 0, version } : undefined;
  const { experiment, q, status = [], tag = [], where, trashed = false, ...rest } = filter;
  const name = `found ${JSON.stringify([q, status, tag, where, rest.without])}`;
  const known = at && keptColumn<Seqs>(db, at, name);
  if (known) return known;
  if (!at || keptColumn(db, at, 'a filter') === undefined) {
    if (at) keepColumn(db, at, 'a filter', true, 1);
    return kept(db, at, name, () => ask(db, filter));
  }
  const within = (one: Matching): Promise<Seqs> => kept(db, at, nameOf(one), () => ask(db, { experiment, trashed, ...one })); // prettier-ignore
  const parts: Seqs[] = [];
  if (q?.trim()) parts.push(await within({ q }));
  if (status.length > 0) parts.push(await within({ status }));
  for (const one of tag) parts.push(await within({ tag: [one], rareTag: rest.rareTag === one ? one : undefined }));
  if (rest.without?.length) parts.push(await within({ without: rest.without }));
  if (isAsked(where)) parts.push(await ofQuery(queryOf(where), within, (bound) => ofBound(db, at, bound, within)));
  return kept(db, at, name, async () => (parts.length === 0 ? within({}) : everyOf(parts)));
}

type Within = (one: Matching) => Promise<Seqs>;

async function ofQuery(
  query: Query,
  within: Within,
  bounded: (bound: RankBound) => Promise<Seqs | undefined>,
): Promise<Seqs> {
  const each = async (parts: readonly Query[]): Promise<Seqs[]> => {
    const found: Seqs[] = [];
    for (const one of parts) found.push(await ofQuery(one, within, bounded));
    return found;
  };
  if ('not' in query) return lessThose(await within({}), await ofQuery(query.not, within, bounded));
  if ('or' in query) return someOf(await each(withLists(query.or)));
  if (!('and' in query)) {
    const bound = boundIn(query);
    return (bound && (await bounded(bound))) ?? within({ query });
  }
  return query.and.length === 0 ? within({}) : everyOf(await each(query.and));
}

/**
 * Ended runs by what is known of the metric, those that log by a statement. Undefined: a changed rule is being counted, and a
 * rank says nothing.
 */
async function ofBound(db: Db, at: NonNullable<At>, bound: RankBound, within: Within): Promise<Seqs | undefined> {
  if ((await countedTo(db, at.id, bound.key)) !== null) return undefined;
  const ends = await readEnds(db, at, { key: bound.key, countedTo: null });
  const ended = everyOf([endsWithin(ends, bound), await within({})]);
  const open = await within({ open: true });
  if (open.length === 0) return ended;
  const query: Query = {
    field: { of: 'metric', key: bound.key, value: BARE_METRIC },
    test: { op: bound.op, value: bound.value },
  };
  return someOf([ended, await within({ open: true, query })]);
}

/** NaN and the infinities by their names: JSON has none of them. */
function nameOf(one: Matching): string {
  return JSON.stringify(one, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value)); // prettier-ignore
}

async function kept(db: Db, at: At, name: string, find: () => Promise<Seqs>): Promise<Seqs> {
  const found = (at && keptColumn<Seqs>(db, at, name)) ?? (await find());
  return at ? keepColumn(db, at, name, found, found.length * VALUE_BYTES) : found;
}

async function ask(db: Db, filter: Matching): Promise<Seqs> {
  const { sql: text, params: values } = db
    .select({ seq: runs.seq })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .toSQL();
  return Array.from(Float64Array.from(await db.arrays<[number]>(text, values), ([seq]) => Number(seq)).sort());
}
