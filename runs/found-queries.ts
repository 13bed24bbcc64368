// runs/found-queries.ts
// Purpose: all runs of an experiment that a filter finds, by their numbers: each test's runs are kept and put together.
// Why: who filters changes one test and keeps the others; what they found is true until the experiment changes.
// Relevant files: runs/run-filter.ts, runs/kept-columns.ts, runs/queries.ts, runs/groups/members.ts

import { eq } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { withLists } from '../shared/search/condition-sql.ts';
import { keepColumn, keptColumn } from './kept-columns.ts';
import { runs } from './models.ts';
import type { Query } from './query/leaves.ts';
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
  if (isAsked(where)) parts.push(await ofQuery(queryOf(where), within));
  return kept(db, at, name, async () => (parts.length === 0 ? within({}) : everyOf(parts)));
}

async function ofQuery(query: Query, within: (one: Matching) => Promise<Seqs>): Promise<Seqs> {
  const each = async (parts: readonly Query[]): Promise<Seqs[]> => {
    const found: Seqs[] = [];
    for (const one of parts) found.push(await ofQuery(one, within));
    return found;
  };
  if ('not' in query) return lessThose(await within({}), await ofQuery(query.not, within));
  if ('or' in query) return someOf(await each(withLists(query.or)));
  if (!('and' in query)) return within({ query });
  return query.and.length === 0 ? within({}) : everyOf(await each(query.and));
}

/** NaN and the infinities by their names: JSON has none of them. */
function nameOf(one: Matching): string {
  return JSON.stringify(one, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value)); // prettier-ignore
}

async function kept(db: Db, at: At, name: string, find: () => Promise<Seqs>): Promise<Seqs> {
  const found = (at && keptColumn<Seqs>(db, at, name)) ?? (await find());
  return at ? keepColumn(db, at, name, found, found.length) : found;
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
