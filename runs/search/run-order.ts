// runs/search/run-order.ts
// Purpose: the order of a search as columns to select and to order by.
// Why: numbers, then NaN, then what has no such value, in both directions; ties by start, newest first, then by id.
// Relevant files: runs/search/search-queries.ts, runs/search/run-fields.ts

import { sql, type SQL } from 'drizzle-orm';
import { onPostgres } from '../../shared/db/dialect.ts';
import type { OrderKey } from '../../shared/search/condition.ts';
import { runSource, type RunField } from './run-fields.ts';

export type OrderField = Exclude<RunField, { of: 'dataset' }>;
export type RunOrder = OrderKey<OrderField>[];

interface Term {
  by: SQL;
  direction: SQL;
}

const ASC = sql.raw('asc nulls last');
const DESC = sql.raw('desc nulls last');

/** `value as o0, … ` and `o0 desc nulls last, …`: said by their names, so that each is computed once for a run. */
export interface OrderSql {
  columns: SQL;
  by: SQL;
}

/** `first`: what stands for the first key (an index has it already). `noneUnstarted`: every run has a start time. */
export function orderSql(
  order: RunOrder,
  { first, noneUnstarted }: { first?: SQL; noneUnstarted?: boolean },
): OrderSql {
  const terms = order.flatMap((key, i) => (i === 0 && first ? { by: first, direction: direction(key) } : termsOf(key)));
  const hasStart = order.some(({ field }) => field.of === 'run' && field.name === 'start_time');
  const start = noneUnstarted && order.length === 0 ? newestByIndex() : [{ by: sql`r.start_time`, direction: DESC }];
  const all = [...terms, ...(hasStart ? [] : start), { by: sql`r.id`, direction: sql.raw('asc') }];
  const name = (i: number): SQL => sql.raw(`o${i}`);
  return {
    columns: sql.join(
      all.map(({ by }, i) => sql`${by} as ${name(i)}`),
      sql`, `,
    ),
    by: sql.join(
      all.map((term, i) => sql`${name(i)} ${term.direction}`),
      sql`, `,
    ),
  };
}

/** PostgreSQL walks `runs_experiment` backwards only when the order names both columns, nulls first. */
function newestByIndex(): Term[] {
  const trashed = { by: sql`r.trashed_at`, direction: sql.raw('desc') };
  return [...(onPostgres ? [trashed] : []), { by: sql`r.start_time`, direction: sql.raw('desc') }];
}

/** The value of `r`, the run, that it is ordered by; null for NaN. Of several the largest. */
export function valueOfRun(field: OrderField): SQL {
  const { column, from, isNan, isMany } = runSource(field, false);
  if (!from) return column;
  const value = isNan ? sql`case when not ${isNan} then ${column} end` : column;
  return isMany ? sql`(select max(${value}) from ${from})` : sql`(select ${value} from ${from})`;
}

function termsOf(key: OrderKey<OrderField>): Term[] {
  const { from, isNan } = runSource(key.field, false);
  const value = { by: valueOfRun(key.field), direction: direction(key) };
  return from && isNan ? [value, { by: sql`(select 1 from ${from})`, direction: ASC }] : [value];
}

function direction({ descending }: OrderKey<OrderField>): SQL {
  return descending ? DESC : ASC;
}
