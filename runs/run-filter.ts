// runs/run-filter.ts
// Purpose: the filter and order of a run list as SQL conditions with bound values.
// Why: table, API, exports and CLI mean the same runs by the same words.
// Relevant files: runs/list-queries.ts, runs/schemas.ts, tags/queries.ts

import { and, eq, inArray, isNotNull, isNull, notInArray, or, sql, type SQL } from 'drizzle-orm';
import { experiments, KeyKind, type ExperimentRow } from '../experiments/models.ts';
import { contains, isOneOf, mixedOrder } from '../shared/db/dialect.ts';
import { parseOrder, type Order, type OrderKey } from '../shared/db/paging.ts';
import { badField } from '../shared/errors.ts';
import { hasTag, taggedRuns } from '../tags/queries.ts';
import { runs, type RunStatus } from './models.ts';
import { notedRuns } from './search/notes-search.ts';
import { querySql } from './query/query-sql.ts';
import { orderField } from './query/order-text.ts';
import type { Query } from './query/leaves.ts';
import { readWhere, withoutOrder } from './query/where.ts';
import { valueOfRun } from './search/run-order.ts';
import { standingSql } from './rules/value-sql.ts';

/** Newest first. */
export const DEFAULT_ORDER = '-start_time';

export interface RunFilter {
  experiment?: number | undefined;
  /** Text in name, notes or tags. */
  q?: string | undefined;
  status?: RunStatus[] | undefined;
  /** In the query language (runs/query/parser.ts). */
  where?: string | undefined;
  /** The same as a tree, or a part of it. */
  query?: Query | undefined;
  /** `key` or `key=value`; all of them. */
  tag?: string[] | undefined;
  /** true: those in the trash instead of those that are not. */
  trashed?: boolean | undefined;
  /** Only those that go on; false: only those that have ended or gone quiet. */
  open?: boolean | undefined;
  /** Ids of runs that are left out. */
  without?: string[] | undefined;
  /** One of `tag` that only few runs have: the search begins with these. Found out by runs/list-queries.ts. */
  rareTag?: string | undefined;
  /** The numbers of all runs that match the rest, ascending, where they were found already. */
  found?: readonly number[] | undefined;
  /** The experiment, where what is found may be kept for the next who asks: committed data only, so never in a transaction. */
  keptFor?: ExperimentRow | undefined;
  /** One key, or several: the further ones order what is equal in those before. */
  order: string | readonly string[];
}

/** More are not named in a statement: a filter that finds so often soon has a page along any index. */
const NAMED_MAX = 5_000;

/** Nothing but the state, or the trash, is asked for: sums know how many runs that are. */
export function isPlain({ q, where, tag, without }: Omit<RunFilter, 'order'>): boolean {
  return !q?.trim() && !isAsked(where) && !tag?.length && !without?.length;
}

/** `areNamed`: the statement says by itself, by their numbers, which few runs it is about. */
export function runConditions(filter: Omit<RunFilter, 'order'>, areNamed = false): SQL | undefined {
  const {
    experiment,
    q,
    where,
    status,
    tag,
    trashed,
    open,
    without,
    rareTag,
    found,
    query = isAsked(where) ? queryOf(where) : undefined,
  } = filter;
  // The sign keeps the indexes of the experiment's runs out of it: SQLite walks over all of them rather than look up a few.
  const own = areNamed ? sql`+${runs.experiment_id}` : sql`${runs.experiment_id}`;
  const isLeft = without && without.length > 0 ? notInArray(runs.id, without) : undefined;
  const place = and(
    isNull(experiments.trashed_at),
    trashed ? isNotNull(runs.trashed_at) : isNull(runs.trashed_at),
    experiment === undefined ? undefined : sql`${own} = ${experiment}`,
    // Not as bound values: what is open has an index of its own, which is taken only where the statement says so.
    open === undefined ? undefined : open ? sql`${runs.settled} = 0` : sql`${runs.settled} = 1`,
    isLeft,
  );
  // The sign keeps the index of numbers out of it: each is looked up in the list, in whatever order the runs come.
  if (found && found.length <= NAMED_MAX) return and(place, isOneOf(sql`+${runs.seq}`, found));
  const text = q?.trim().toLowerCase();
  return and(
    place,
    text ? hasText(text, experiment, trashed) : undefined,
    query && querySql(query, (words) => hasText(words, experiment, trashed), experiment),
    status && status.length > 0 ? inArray(runs.status, status) : undefined,
    ...(tag ?? []).map((one) => (one === rareTag ? isTagged(one) : hasTag('run', sql`${runs.id}`, one))),
  );
}

/** Its condition as a tree; a 400 where it cannot be read. */
export function queryOf(where: string): Query {
  return readWhere(where, Date.now()).query;
}

/** A condition: an order alone finds all. */
export function isAsked(where: string | undefined): where is string {
  return withoutOrder(where ?? '').trim() !== '';
}

function isTagged(text: string): SQL {
  return sql`${runs.id} in (${taggedRuns(text)})`;
}

/**
 * Names are looked at along an index, notes are found by one; tags are searched once, not for each run, by their different
 * values, of which there are few. (In the trash tags are not summed up, and are looked at one by one.)
 */
function hasText(text: string, experiment: number | undefined, trashed: boolean | undefined): SQL {
  const inExperiment = (column: SQL): SQL => (experiment === undefined ? sql`` : sql`and ${column} = ${experiment}`);
  const noted = notedRuns(text, inExperiment(sql`n.experiment_id`));
  // Joined by `cross join`, which says to SQLite in which order: from the few to the many.
  const values = sql`select distinct t.id, v.value from tags t cross join experiment_keys k cross join experiment_values v
    where t.trashed_at is null and k.kind = ${KeyKind.Tag} and k.key = cast(t.id as text) ${inExperiment(sql`k.experiment_id`)}
      and v.experiment_id = k.experiment_id and v.kind = k.kind and v.key = k.key
      and (contains_ci(t.key, ${text}) or contains_ci(v.value, ${text}))`;
  const tagged = sql`select r.seq from (${values}) found cross join run_tags h cross join runs r
    where h.tag_id = found.id and h.value = found.value and r.id = h.run_id`;
  const taggedInTrash = sql`select r.seq from runs r cross join run_tags h cross join tags t
    where r.trashed_at is not null and h.run_id = r.id and t.id = h.tag_id and t.trashed_at is null and (contains_ci(t.key, ${text}) or contains_ci(h.value, ${text}))`;
  return sql`(${or(
    contains(runs.name_folded, text),
    sql`${runs.seq} in (${noted})`,
    sql`${runs.seq} in (${trashed ? taggedInTrash : tagged})`,
    /^[0-9a-f]{32}$/.test(text) ? eq(runs.id, text) : undefined,
  )})`;
}

const COLUMNS = new Map<string, SQL>(
  Object.entries({
    name: sql`${runs.name_folded}`,
    status: sql`${runs.status}`,
    number: sql`${runs.number}`,
    experiment: sql`lower(${experiments.name})`,
    start_time: sql`${runs.start_time}`,
    end_time: sql`${runs.end_time}`,
    duration: sql`(${runs.end_time} - ${runs.start_time})`,
    created_at: sql`${runs.created_at}`,
  }),
);

export const RUN_ORDER_FIELDS = [...COLUMNS.keys()];

/** What a filter says itself ("order by …"), else what is asked for beside it. */
export function orderOf({ where, order }: Pick<RunFilter, 'where' | 'order'>): RunFilter['order'] {
  const own = where === undefined || withoutOrder(where) === where ? [] : readWhere(where, Date.now()).order;
  return own.length > 0 ? own : order;
}

/** By one key, or by several of them; none: the newest first. */
export function runOrder(order: RunFilter['order']): Order {
  const [first, ...then] = orderKeys(order).map(orderKey);
  return { ...(first ?? orderKey(DEFAULT_ORDER)), id: sql`${runs.id}`, then };
}

/** Each field once: after it has ordered, it orders nothing any more. */
export function orderKeys(order: RunFilter['order']): string[] {
  const keys = [order].flat();
  const fields = keys.map((key) => parseOrder(key).field);
  return keys.filter((_, place) => fields.indexOf(fields[place] ?? '') === place);
}

/** By a column, `params.KEY` (as numbers, text after them) or `metrics.KEY` (the value that counts; NaN and missing come last). */
function orderKey(order: string): OrderKey {
  const { field, descending } = parseOrder(order);
  const by = COLUMNS.get(field) ?? byParam(field) ?? byMetric(field) ?? byField(field);
  if (!by)
    throw badField(
      '?order',
      `must be one of ${RUN_ORDER_FIELDS.join(', ')}, params.KEY, metrics.KEY or another field of filters, with - in front for descending`,
    );
  return { by, descending };
}

/** Any other field of the query language: `tags.team`, `min(metrics.loss)`, `heard`. */
function byField(text: string): SQL | undefined {
  const field = orderField(text);
  return field && sql`(select ${valueOfRun(field)} from runs r where r.seq = ${runs.seq})`;
}

function byParam(field: string): SQL | undefined {
  if (!field.startsWith('params.')) return undefined;
  const key = field.slice('params.'.length);
  return sql`(select ${mixedOrder(sql`p.number`, sql`p.value`)} from params p where p.run_id = ${runs.id} and p.key = ${key})`;
}

function byMetric(field: string): SQL | undefined {
  if (!field.startsWith('metrics.')) return undefined;
  const key = field.slice('metrics.'.length);
  return sql`(select ${sql.raw(standingSql('m', 'runs'))} from metrics m where m.run_seq = ${runs.seq} and m.key = ${key})`;
}
