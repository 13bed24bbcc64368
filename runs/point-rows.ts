// runs/point-rows.ts
// Purpose: points of a run's series as an insert into the table of points, in the way that each engine takes many rows best.
// Why: the hottest statement there is; it runs once for each point logged, so no object stands in between.
// Relevant files: runs/points.ts, runs/values.ts, shared/db/postgres-arrays.ts

import { onPostgres } from '../shared/db/dialect.ts';
import { bigints, doubles } from '../shared/db/postgres-arrays.ts';
import type { SeriesPoints } from './points.ts';
import { Kind } from './values.ts';

export interface Insert {
  sql: string;
  values: unknown[];
}

/** Rows in one statement. SQLite gains nothing beyond about 100; to PostgreSQL each statement is a journey. */
const ROWS_MAX = onPostgres ? 10_000 : 100;
const WIDTH = 6;
const INTO = 'insert into points (run_seq, no, step, timestamp, value, kind)';

/** Statements that store the points; `more` stands at their end. */
export function* insertsOf(runSeq: number, series: SeriesPoints[], more: string): Generator<Insert> {
  let values: number[] = [];
  for (const { no, points } of series) {
    for (const { step, timestamp, value } of points) {
      // As `toStored` says it, without its object.
      if (value !== value) values.push(runSeq, no, step, timestamp, 0, Kind.NaN);
      else if (value === 0) values.push(runSeq, no, step, timestamp, 0, Object.is(value, -0) ? Kind.NegativeZero : 0);
      else values.push(runSeq, no, step, timestamp, value, Kind.Plain);
      if (values.length < ROWS_MAX * WIDTH) continue;
      yield insertOf(runSeq, values, more);
      values = [];
    }
  }
  if (values.length > 0) yield insertOf(runSeq, values, more);
}

function insertOf(runSeq: number, values: number[], more: string): Insert {
  return onPostgres ? fromArrays(runSeq, values, more) : { sql: textOf(values.length / WIDTH, more), values };
}

/** By what stands at their end, by rows: the statement is found by its text, and a text that is put together anew is read whole for that. */
const texts = new Map<string, string[]>();

function textOf(rows: number, more: string): string {
  let known = texts.get(more);
  if (!known) texts.set(more, (known = []));
  return (known[rows] ??= `${INTO} values ${Array(rows).fill('(?,?,?,?,?,?)').join(',')} ${more}`);
}

/** Side by side in the list of columns: `from unnest(…)` would put all rows aside first. */
const ARRAYS = ['bigint', 'bigint', 'bigint', 'double precision', 'bigint'].map((type) => `unnest(?::${type}[])`);
const FROM_ARRAYS = `select ?::bigint, ${ARRAYS.join(', ')}`;

function fromArrays(runSeq: number, values: number[], more: string): Insert {
  const column = (at: number): number[] => {
    const column = new Array<number>(values.length / WIDTH);
    for (let row = 0; row < column.length; row++) column[row] = values[row * WIDTH + at] ?? 0;
    return column;
  };
  const [no, step, timestamp, value, kind] = [column(1), column(2), column(3), column(4), column(5)];
  const arrays = [bigints(no), bigints(step), bigints(timestamp), doubles(value), bigints(kind)];
  return { sql: `${INTO} ${FROM_ARRAYS} ${more}`, values: [runSeq, ...arrays] };
}
