// shared/db/many-rows.ts
// Purpose: many rows of bound values as the source of an insert: marks on SQLite, one array for each column on PostgreSQL.
// Why: PostgreSQL reads and plans a statement of 1,500 marks anew each time, which costs more than storing its rows.
// Relevant files: runs/ingest.ts, runs/tally-changes.ts, shared/db/marks.ts, shared/db/dialect.ts

import { onPostgres } from './dialect.ts';
import { rowTexts } from './marks.ts';

/** Rows in one insert. SQLite gains nothing beyond about 100; to PostgreSQL each statement is a journey. */
const ROWS_AT_ONCE = onPostgres ? 2_500 : 250;

export type ColumnType = 'bigint' | 'double precision' | 'text';

type Rows = readonly (readonly unknown[])[];

/**
 * An insert: `head` is `insert into … (…)`, `tail` what stands behind its rows. Gives its text and its values for at least
 * one row, each with a value for each type.
 */
export function insertOf(
  head: string,
  types: readonly ColumnType[],
  tail = '',
): (rows: Rows) => [text: string, values: unknown[]] {
  if (onPostgres) {
    const text = `${head} select ${types.map((type) => `unnest(?::${type}[])`).join(', ')} ${tail}`;
    return (rows) => [text, types.map((_, at) => rows.map((row) => row[at]))];
  }
  const texts = rowTexts(head, types.length, tail);
  return (rows) => {
    const values: unknown[] = [];
    for (const row of rows) values.push(...row);
    return [texts(rows.length), values];
  };
}

/** The list in pieces that are stored at once. */
export function* pieces<T>(list: readonly T[], size = ROWS_AT_ONCE): Generator<T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
