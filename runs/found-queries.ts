// runs/found-queries.ts
// Purpose: all runs of an experiment that a filter finds, by their numbers: each test's runs are kept and put together.
// Why: who filters changes one test and keeps the others; what they found is true until the experiment changes.
// Relevant files: runs/run-filter.ts, runs/ends.ts, runs/kept-columns.ts, runs/list-queries.ts, runs/groups/members.ts

import { eq } from 'drizzle-orm';
import { experiments, type ExperimentRow } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { withLists } from '../shared/search/condition-sql.ts';
import { endsWithin } from './ends.ts';
import { readEnds, readOpenEnds } from './ends-queries.ts';
import { keptRules } from './kept-facts.ts';
import { factsOf, keepColumn, keptColumn, stateOf, VALUE_BYTES, type State } from './kept-columns.ts';
import { runs } from './models.ts';
import type { Query } from './query/leaves.ts';
import { boundIn, type RankBound } from './query/ranked-sql.ts';
import { movesWithTime } from './query/values.ts';
import { ruleFor } from './rules/rule.ts';
import { isAsked, queryOf, runConditions, type RunFilter } from './run-filter.ts';
import { everyOf, lessThose, someOf, type Seqs } from './seqs.ts';

type Matching = Omit<RunFilter, 'order'>;

/** What is kept: of what is known of all runs, and of the metrics and times of those that go on. Undefined: nothing may be. */
type At = { facts: State; live: State } | undefined;

type Keeping = Pick<ExperimentRow, 'id' | 'version' | 'logged'>;

/**
 * In ascending order. The first filter that is asked of a state of the experiment is one statement: while somebody changes it
 * there is no second one. From then on each test is asked by itself and kept, also while runs log.
 */
export async function foundRuns(db: Db, filter: Matching, keptFor: Keeping | undefined): Promise<Seqs> {
  const mayKeep = keptFor && !filter.trashed && !movesWithTime(filter.where ?? '');
  const at: At = mayKeep ? { facts: factsOf(keptFor), live: stateOf(keptFor) } : undefined;
  const { experiment, q, status = [], tag = [], where, trashed = false, ...rest } = filter;
  const query = isAsked(where) ? queryOf(where) : undefined;
  const name = `found ${JSON.stringify([q, status, tag, where, rest.without])}`;
  const whole = at && (query && isLive(query) ? at.live : at.facts);
  const known = whole && keptColumn<Seqs>(db, whole, name);
  if (known) return known;
  if (!at || !keptFor || keptColumn(db, at.facts, 'a filter') === undefined) {
    if (at) keepColumn(db, at.facts, 'a filter', true, 1);
    return kept(db, whole, name, () => ask(db, { ...filter, query }));
  }
  const search: Search = {
    ...{ db, experiment: keptFor, at },
    within: (one, state = at.facts) => kept(db, state, nameOf(one), () => ask(db, { experiment, trashed, ...one })),
  };
  const parts: Seqs[] = [];
  if (q?.trim()) parts.push(await search.within({ q }));
  if (status.length > 0) parts.push(await search.within({ status }));
  for (const one of tag) parts.push(await search.within({ tag: [one], rareTag: rest.rareTag === one ? one : undefined })); // prettier-ignore
  if (rest.without?.length) parts.push(await search.within({ without: rest.without }));
  if (query) parts.push(await ofQuery(query, search));
  return kept(db, whole, name, async () => (parts.length === 0 ? search.within({}) : everyOf(parts)));
}

interface Search {
  db: Db;
  experiment: Keeping;
  at: NonNullable<At>;
  /** Those that one test finds, kept for `state`: that of the facts, if nothing else is said. */
  within: (one: Matching, state?: State) => Promise<Seqs>;
}

/** A run that logs gets other metrics, and is heard of: all else of it stays as it was. */
function isLive(query: Query): boolean {
  if ('not' in query) return isLive(query.not);
  if ('or' in query) return query.or.some(isLive);
  if ('and' in query) return query.and.some(isLive);
  const { field } = query;
  return field.of === 'metric' || (field.of === 'run' && field.name === 'heard_at');
}

async function ofQuery(query: Query, search: Search): Promise<Seqs> {
  const each = async (parts: readonly Query[]): Promise<Seqs[]> => {
    const found: Seqs[] = [];
    for (const one of parts) found.push(await ofQuery(one, search));
    return found;
  };
  if ('not' in query) return lessThose(await search.within({}), await ofQuery(query.not, search));
  if ('or' in query) return someOf(await each(withLists(query.or)));
  if ('and' in query) return query.and.length === 0 ? search.within({}) : everyOf(await each(query.and));
  if (!isLive(query)) return search.within({ query });
  const bound = boundIn(query);
  const found = bound && (await ofEnds(bound, search));
  if (found) return found;
  const [ended, open] = [await search.within({ open: false, query }), await search.within({ open: true })];
  return open.length === 0 ? ended : someOf([ended, await search.within({ open: true, query }, search.at.live)]);
}

/** By what is known of the metric. Undefined: a changed rule is being counted, and a rank says nothing. */
async function ofEnds(bound: RankBound, { db, experiment, at, within }: Search): Promise<Seqs | undefined> {
  const { key } = bound;
  if (ruleFor(await keptRules(db, experiment), key).countedTo !== null) return undefined;
  const ended = everyOf([endsWithin(await readEnds(db, at.facts, { key, countedTo: null }), bound), await within({})]);
  const open = await within({ open: true });
  if (open.length === 0) return ended;
  return someOf([ended, everyOf([endsWithin(await readOpenEnds(db, at.live, key), bound), open])]);
}

/** NaN and the infinities by their names: JSON has none of them. */
function nameOf(one: Matching): string {
  return JSON.stringify(one, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value)); // prettier-ignore
}

async function kept(db: Db, at: State | undefined, name: string, find: () => Promise<Seqs>): Promise<Seqs> {
  const known = at && keptColumn<Seqs>(db, at, name);
  if (known) return known;
  const found = await find();
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
