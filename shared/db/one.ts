// shared/db/one.ts
// Purpose: the row that a statement must have returned.
// Why: an insert … returning without its row is a fault to be seen at once, not a 0 that is stored somewhere.
// Relevant files: experiments/changes.ts, runs/changes.ts, runs/ingest.ts, tags/changes.ts

/** The first row; throws where there is none. */
export function one<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('The database returned no row where it must return one.');
  return row;
}
