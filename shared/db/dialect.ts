// shared/db/dialect.ts
// Purpose: the few expressions that the two engines spell differently.
// Why: queries are written once; what cannot be said in SQL that both understand is here, and nowhere else.
// Relevant files: shared/db/columns.ts, shared/db/sqlite.ts, shared/db/migrations/postgres, runs/run-filter.ts, runs/buckets.ts

import { sql, type SQL } from 'drizzle-orm';
import { engine } from './columns.ts';
import { Engine } from './engine.ts';

export const onPostgres = engine === Engine.Postgres;

/** Orders by the number, where there is none by the text, texts after numbers. SQLite orders so by itself. */
export function mixedOrder(number: SQL, text: SQL): SQL {
  return onPostgres ? sql`mixed_order(${number}, ${text})` : sql`coalesce(${number}, ${text})`;
}

/** The column has the text in it, letter by letter: for columns kept in lower case. In SQLite ten times as fast as contains_ci. */
export function contains(column: unknown, text: string): SQL {
  return onPostgres ? sql`strpos(${column}, ${text}) > 0` : sql`instr(${column}, ${text}) > 0`;
}

/** The sum of a few doubles without rounding at each step; SQLite sums so by itself. The way by decimals is too slow for many. */
export function exactSum(value: string): string {
  return onPostgres ? `cast(sum(cast(cast(${value} as text) as numeric)) as double precision)` : `sum(${value})`;
}

/** Rows of `width` values, one after another, as PostgreSQL's arrays, one for each column: bound values for `unnest`. */
export function columnsOf(values: readonly (number | null)[], width: number): string[] {
  return Array.from({ length: width }, (_, column) => {
    const parts: (number | 'null')[] = [];
    for (let i = column; i < values.length; i += width) parts.push(values[i] ?? 'null');
    return `{${parts.join(',')}}`;
  });
}
