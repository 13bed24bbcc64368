// runs/search/ranked-search.ts
// Purpose: searches that the index of metrics (`metrics_rank`) can answer: ordered by a metric, or bounded by one.
// Why: of a hundred thousand runs the first hundred are read along it, or the few that pass the bound, not all.
// Relevant files: runs/search/search-queries.ts, runs/search/run-order.ts, runs/ranking-changes.ts

import { sql, type SQL } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import type { Condition } from '../../shared/search/condition.ts';
import type { RunField } from './run-fields.ts';
import { orderSql } from './run-order.ts';
import type { Places, RunSearch } from './run-search.ts';

export const NEWEST = sql`(select max(seq) from runs) as newest`;

/**
 * The keys of the experiment whose ranks are last values: these are what is searched and ordered by here, whatever else a
 * rule says that counts.
 */
async function rankedByLast(db: Db, experiment: number, keys: string[]): Promise<Set<string>> {
  const others = await db.execute<{ key: string }>(
    ...bound(sql`select key from metric_rules where experiment_id = ${experiment} and ${isOneOf(sql`key`, keys)}
      and (takes <> 'last' or counted_to is not null)`),
  );
  const ruled = new Set(others.rows.map(({ key }) => key));
  return new Set(keys.filter((key) => !ruled.has(key)));
}

/**
 * Ordered by a metric's last value: settled runs stand in the index, the open ones are put in between. `isComplete`: the
 * filter wants a number of it, so that those without one, which stand in no index, need not be looked for.
 */
export async function ranked(
  db: Db,
  search: RunSearch,
  { single }: Places,
  matches: SQL,
): Promise<{ query: SQL; isComplete: boolean } | undefined> {
  const field = search.order[0]?.field;
  if (single === undefined || field?.of !== 'metric' || field.value !== 'last') return undefined;
  if (!(await rankedByLast(db, single, [field.key])).has(field.key)) return undefined;
  const wanted = search.offset + search.limit + 1;
  const bounds = boundsOf(search.where).filter(({ key }) => key === field.key);
  const settled = orderSql(search.order, { first: sql`m.rank_value` });
  const open = orderSql(search.order, { first: sql`m.last_value` });
  const query = sql`select seq, ${NEWEST} from (
      select * from (select r.seq, ${settled.columns} from metrics m cross join runs r
        where ${isRanked(single, field.key, bounds)} and r.seq = m.run_seq and ${matches}
        order by ${settled.by} limit ${wanted}) settled
      union all select r.seq, ${open.columns} from runs r cross join metrics m
        where ${isOpen(single)} and m.run_seq = r.seq and m.key = ${field.key} and m.last_kind <> 1 and ${matches}) found
    order by ${settled.by} limit ${search.limit + 1} offset ${search.offset}`;
  return { query, isComplete: bounds.length > 0 };
}

/** So many may pass a bound for a search to begin with them; of so many runs it is quicker to look at all. */
const FEW = 1_000;
const MANY = 5 * FEW;

/** The numbers of few runs among which all that match are, by the index of a metric that the filter bounds. */
export async function selective(db: Db, { where }: RunSearch, { single, runs }: Places): Promise<SQL | undefined> {
  if (single === undefined || runs < MANY) return undefined;
  const keys = [...new Set(boundsOf(where).map((one) => one.key))];
  for (const key of keys.length === 0 ? [] : await rankedByLast(db, single, keys)) {
    const passes = isRanked(
      single,
      key,
      boundsOf(where).filter((one) => one.key === key),
    );
    const few = sql`select m.run_seq as seq from metrics m where ${passes}`;
    const { rows } = await db.execute(...bound(sql`${few} limit ${FEW + 1}`));
    if (rows.length <= FEW) return sql`${few} union all select r.seq from runs r where ${isOpen(single)}`;
  }
  return undefined;
}

function isRanked(experiment: number, key: string, bounds: Bound[]): SQL {
  const passes = bounds.map(({ op, value }) => sql` and m.rank_value ${sql.raw(op)} ${value}`);
  return sql`m.experiment_id = ${experiment} and m.key = ${key} and m.rank_value is not null${sql.join(passes)}`;
}

/** Literally as in the partial index. */
function isOpen(experiment: number): SQL {
  return sql`r.experiment_id = ${experiment} and r.settled = 0 and r.trashed_at is null`;
}

interface Bound {
  key: string;
  op: '=' | '<' | '<=' | '>' | '>=';
  value: number;
}

/** What a run must pass in any case: tests of last values that are joined by `and` only. */
function boundsOf(condition: Condition<RunField>): Bound[] {
  if ('and' in condition) return condition.and.flatMap(boundsOf);
  if (!('field' in condition) || condition.field.of !== 'metric' || condition.field.value !== 'last') return [];
  const { field, test } = condition;
  if (!('value' in test) || typeof test.value !== 'number' || test.op === '!=') return [];
  return [{ key: field.key, op: test.op, value: test.value }];
}
