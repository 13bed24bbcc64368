// shared/db/many-rows.ts
// Purpose: many rows of bound values as the source of an insert: marks on SQLite, one array for each column on PostgreSQL.
// Why: PostgreSQL reads and plans a statement of 1,500 marks anew each time, which costs more than storing its rows.
// Relevant files: runs/ingest.ts, runs/tally-changes.ts, shared/db/marks.ts, shared/db/dialect.ts

import { onPostgres } from './dialect.ts';
import { rowMarks } from './marks.ts';

/** Rows in one insert. SQLite gains nothing beyond about 100; to PostgreSQL each statement is a journey. */
export const ROWS_AT_ONCE = onPostgres ? 2_500 : 250;

export type ColumnType = 'bigint' | 'double precision' | 'text';

/** What stands after `insert into … (…)`, and its values. At least one row, each with a value for each type. */
export function rowsOf(
  types: readonly ColumnType[],
  rows: readonly (readonly unknown[])[],
): { source: string; values: unknown[] } {
  if (!onPostgres) return { source: `values ${rowMarks(rows.length, types.length)}`, values: rows.flat() };
  return {
    source: `select ${types.map((type) => `unnest(?::${type}[])`).join(', ')}`,
    values: types.map((_, at) => rows.map((row) => row[at])),
  };
}

/** The list in pieces that are stored at once. */
export function* pieces<T>(list: readonly T[], size = ROWS_AT_ONCE): Generator<T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
