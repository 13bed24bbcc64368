// runs/point-rows.ts
// Purpose: points of a run's series as inserts into the table of points, in the way that each engine takes many rows best.
// Why: the hottest statement there is; it runs once for each point logged, so no object stands in between.
// Relevant files: runs/points.ts, runs/values.ts, shared/db/postgres-arrays.ts

import { onPostgres } from '../shared/db/dialect.ts';
import type { ManyRows } from '../shared/db/store.ts';
import { bigints, doubles } from '../shared/db/postgres-arrays.ts';
import type { Point } from './summary.ts';
import { Kind, toStored } from './values.ts';

/** Points of one series of a run. */
export interface SeriesPoints {
  no: number;
  points: Point[];
}

export interface Insert {
  sql: string;
  values: unknown[];
}

/** Rows in one statement. SQLite gains nothing beyond about 100; to PostgreSQL each statement is a journey. */
const ROWS_MAX = onPostgres ? 10_000 : 100;
/** Of which this one is no whole number. */
const [COLUMNS, VALUE] = [6, 4];
const INTO = 'into points (run_seq, no, step, timestamp, value, kind)';

/** Statements that store the points; `more` stands at their end. */
export function insertsOf(runSeq: number, series: SeriesPoints[], more: string): Generator<Insert> {
  return onPostgres ? arraysOf(runSeq, series, more) : rowsOf(runSeq, series, more);
}

/** What all rows of a long series share is bound once: binding is a fifth of what an insert costs. */
const ofOne = textsOf('(?1,?2,?,?,?,?)');
const ofSeveral = textsOf('(?,?,?,?,?,?)');

/** SQLite: a long series has full statements of its own; what is left of it, and short ones, share theirs. */
function* rowsOf(runSeq: number, series: SeriesPoints[], more: string): Generator<Insert> {
  let [shared, rows]: [unknown[], number] = [[], 0];
  for (const { no, points } of series) {
    let at = 0;
    while (points.length - at >= ROWS_MAX) {
      const own: unknown[] = [{ 1: runSeq, 2: no }];
      for (const end = at + ROWS_MAX; at < end; at++) pushRow(own, points[at] as Point);
      yield { sql: ofOne(ROWS_MAX, more), values: own };
    }
    for (; at < points.length; at++) {
      shared.push(runSeq, no);
      pushRow(shared, points[at] as Point);
      if (++rows < ROWS_MAX) continue;
      yield { sql: ofSeveral(rows, more), values: shared };
      [shared, rows] = [[], 0];
    }
  }
  if (rows > 0) yield { sql: ofSeveral(rows, more), values: shared };
}

/** As `toStored` says it, without its object. */
function pushRow(values: unknown[], { step, timestamp, value }: Point): void {
  if (value !== value) values.push(step, timestamp, 0, Kind.NaN);
  else if (value === 0) values.push(step, timestamp, 0, Object.is(value, -0) ? Kind.NegativeZero : Kind.Plain);
  else values.push(step, timestamp, value, Kind.Plain);
}

/**
 * Inserts with such rows, by how many and what stands at the end: a statement is found by its text, and one that is put
 * together anew is read whole for that. Without `more` the rows are known to be new. `or fail`: SQLite need not keep each
 * page as it was before the statement (in a file, beyond 64 KiB), so that it could undo a part of it; whoever writes
 * undoes all that a request did.
 */
function textsOf(row: string): (rows: number, more: string) => string {
  const texts = new Map<string, string[]>();
  return (rows, more) => {
    let known = texts.get(more);
    if (!known) texts.set(more, (known = []));
    const insert = more === '' ? 'insert or fail' : 'insert';
    return (known[rows] ??= `${insert} ${INTO} values ${Array(rows).fill(row).join(',')} ${more}`);
  };
}

/** Side by side in the list of columns: `from unnest(…)` would put all rows aside first. */
const ARRAYS = ['bigint', 'bigint', 'bigint', 'double precision', 'bigint'].map((type) => `unnest(?::${type}[])`);
const FROM_ARRAYS = `select ?::bigint, ${ARRAYS.join(', ')}`;

/** PostgreSQL: points of several runs. */
export const POINTS_OF_MANY: ManyRows = {
  sql: `insert ${INTO} select unnest(?::bigint[]), ${ARRAYS.join(', ')}`,
  values: (rows) =>
    Array.from({ length: COLUMNS }, (_, i) => (i === VALUE ? doubles : bigints)(rows.map((row) => row[i] ?? null))),
};

/** Rows for it. */
export function storedRows(runSeq: number, series: SeriesPoints[]): number[][] {
  return series.flatMap(({ no, points }) =>
    points.map(({ step, timestamp, value }) => {
      const stored = toStored(value);
      return [runSeq, no, step, timestamp, stored.value, stored.kind];
    }),
  );
}

/** PostgreSQL. */
function* arraysOf(runSeq: number, series: SeriesPoints[], more: string): Generator<Insert> {
  let columns = new Columns();
  for (const { no, points } of series) {
    for (const point of points) {
      columns.push(no, point);
      if (columns.no.length < ROWS_MAX) continue;
      yield columns.insert(runSeq, more);
      columns = new Columns();
    }
  }
  if (columns.no.length > 0) yield columns.insert(runSeq, more);
}

class Columns {
  readonly no: number[] = [];
  readonly #step: number[] = [];
  readonly #timestamp: number[] = [];
  readonly #value: number[] = [];
  readonly #kind: number[] = [];

  push(no: number, { step, timestamp, value }: Point): void {
    this.no.push(no);
    this.#step.push(step);
    this.#timestamp.push(timestamp);
    // As `pushRow`.
    this.#value.push(value !== value || value === 0 ? 0 : value);
    this.#kind.push(value !== value ? Kind.NaN : Object.is(value, -0) ? Kind.NegativeZero : Kind.Plain);
  }

  insert(runSeq: number, more: string): Insert {
    const arrays = [
      bigints(this.no),
      bigints(this.#step),
      bigints(this.#timestamp),
      doubles(this.#value),
      bigints(this.#kind),
    ];
    return { sql: `insert ${INTO} ${FROM_ARRAYS} ${more}`, values: [runSeq, ...arrays] };
  }
}
