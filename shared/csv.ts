// shared/csv.ts
// Purpose: rows of cells as CSV: RFC 4180 with CRLF, quoted where needed, text guarded.
// Why: what a cell is made of decides how it is written: text is guarded, numbers and times never.
// Relevant files: shared/cells.ts, exports/runs-writers.ts, exports/points-writers.ts

import { stringify } from 'csv-stringify/sync';
import { guard, numberText } from './cells.ts';

/** Text, a number, a time, or nothing. Nothing is an empty cell, empty text is `""`. */
export type Cell = string | number | Date | null;

export function csvLines(rows: Cell[][]): string {
  return stringify(rows, {
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]|^$/,
    cast: { string: guard, number: numberText, date: (date) => date.toISOString() },
  });
}

/** One row without its line end: what rows of the same series have in common in front. */
export function csvStart(cells: Cell[]): string {
  return csvLines([cells]).slice(0, -'\r\n'.length);
}
