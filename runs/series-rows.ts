// runs/series-rows.ts
// Purpose: the rows of series in `metrics`: read, begun, and written again as they grow, on both engines.
// Why: each batch writes them, so each way of writing has its own prepared text and no value is bound that did not move.
// Relevant files: runs/series-state.ts, runs/summary.ts, runs/rollups.ts, shared/db/gathered.ts

import { rowTexts } from '../shared/db/marks.ts';
import { onPostgres } from '../shared/db/dialect.ts';
import { bigints, doubles } from '../shared/db/postgres-arrays.ts';
import type { Db, ManyRows } from '../shared/db/store.ts';
import type { Chunk } from './chunks.ts';
import type { LoggedRun, metrics } from './models.ts';
import type { Rolled } from './rollups.ts';
import { fromRow, type Summary } from './summary.ts';
import { toStored } from './values.ts';

type StoredRow = typeof metrics.$inferSelect;

export interface SeriesState {
  no: number;
  summary: Summary;
  rolled: Rolled;
  /** The chunks of all points that are not in roll-ups, the last one open; null: not known, they are read back when needed. */
  tail: Chunk[] | null;
  /** So many points must wait for a roll-up before the tail is read back again. */
  reread_at: number;
}

/** Rows of the series with these keys, as many as there are. */
export async function readRows(tx: Db, runSeq: number, keys: string[]): Promise<StoredRow[]> {
  // A power of two of marks, the last key again and again: few shapes of the statement, each prepared once.
  const width = 2 ** Math.ceil(Math.log2(keys.length));
  const padded = Array.from({ length: width }, (_, i) => keys[Math.min(i, keys.length - 1)]);
  const marks = Array(width).fill('?').join(',');
  const { rows } = await tx.execute<StoredRow>(
    `select * from metrics where run_seq = ? and key in (${marks})`,
    [runSeq, ...padded],
  ); // prettier-ignore
  return rows;
}

/** What ingest begins with: the points behind the roll-ups are read back when they are needed. */
export function stateOf(row: StoredRow): SeriesState {
  return { no: row.no, summary: fromRow(row), rolled: rolledOf(row), tail: null, reread_at: 0 };
}

function rolledOf({ rolled_count, rolled_step, rolled_time }: StoredRow): Rolled {
  const hasSome = rolled_step !== null && rolled_time !== null;
  return { count: rolled_count, to: hasSome ? { step: rolled_step, timestamp: rolled_time } : null };
}

const SUMMARY_COLUMNS = [
  'count', 'first_step', 'first_time', 'first_value', 'first_kind', 'last_step', 'last_time', 'last_value', 'last_kind',
  'min_value', 'min_step', 'max_value', 'max_step', 'mean', 'nonfinite_count', 'nonfinite_step',
] as const; // prettier-ignore
const COLUMNS = [...SUMMARY_COLUMNS, 'rolled_count', 'rolled_step', 'rolled_time'];

const INSERT = rowTexts(
  `insert into metrics (run_seq, no, experiment_id, key, ${COLUMNS.join(', ')})`,
  COLUMNS.length + 4,
);
/** Rows in one insert: beyond about 100 nothing is gained. */
const ROWS_AT_ONCE = 100;
const IS_REAL = /value$|^mean$/;
const ARRAYS = [...COLUMNS, 'no'];
const updateFrom = (names: string[], run: string): string =>
  `update metrics set ${COLUMNS.map((name) => `${name} = new.${name}`).join(', ')}
  from unnest(${names.map((name) => (IS_REAL.test(name) ? '?::double precision[]' : '?::bigint[]')).join(', ')})
    as new (${names.join(', ')})
  where metrics.run_seq = ${run} and metrics.no = new.no`;
const UPDATE_ALL = updateFrom(ARRAYS, '?');
const UPDATE = `update metrics set ${COLUMNS.map((name) => `${name} = ?`).join(', ')} where run_seq = ? and no = ?`;

/** Rows of series that begin. */
export async function insertRows(
  tx: Db,
  run: Pick<LoggedRun, 'seq' | 'experiment_id'>,
  series: { key: string; state: SeriesState }[],
): Promise<void> {
  for (let start = 0; start < series.length; start += ROWS_AT_ONCE) {
    const some = series.slice(start, start + ROWS_AT_ONCE);
    const values: unknown[] = [];
    for (const { key, state } of some)
      values.push(run.seq, state.no, run.experiment_id, key, ...valuesOf(state.summary, state.rolled));
    await tx.send(INSERT(some.length), values);
  }
}

type Row = readonly (number | null)[];

function columnsOf(names: readonly string[], rows: Row[]): Buffer[] {
  return names.map((name, i) => {
    const column = rows.map((row) => row[i] ?? null);
    return IS_REAL.test(name) ? doubles(column) : bigints(column);
  });
}

const NAMES_OF_MANY = [...ARRAYS, 'run_seq'];

/** Those of several runs; a series that stands there twice is written as it was last. */
const STATES_OF_MANY: ManyRows = {
  sql: updateFrom(NAMES_OF_MANY, 'new.run_seq'),
  values: (rows) =>
    columnsOf(NAMES_OF_MANY, [...new Map(rows.map((row) => [row.slice(COLUMNS.length).join(), row])).values()]),
};

/** On PostgreSQL in one statement, of several requests where they share a transaction: to it each one is a journey. */
export async function writeStates(tx: Db, runSeq: number, states: SeriesState[]): Promise<void> {
  if (onPostgres && states.length > 0) {
    const rows = states.map(({ no, summary, rolled }) => [...valuesOf(summary, rolled), no]);
    const waits = tx.beside?.gathered?.take(STATES_OF_MANY, rows.length, () => rows.map((row) => [...row, runSeq]));
    if (!waits) await tx.send(UPDATE_ALL, [...columnsOf(ARRAYS, rows), runSeq]);
    return;
  }
  for (const { no, summary, rolled } of states) {
    const values = valuesOf(summary, rolled);
    values.push(runSeq, no);
    await tx.send(UPDATE, values);
  }
}

const GROWN = [
  'count', 'last_step', 'last_time', 'last_value', 'last_kind', 'min_value', 'min_step', 'max_value', 'max_step', 'mean',
  'nonfinite_count', 'nonfinite_step',
]; // prettier-ignore
const UPDATE_GROWN = `update metrics set ${GROWN.map((name) => `${name} = ?`).join(', ')} where run_seq = ? and no = ?`;

/** SQLite, without waiting: the summary of a series that grew at its end only; binding is half of what the rest costs. */
export function writeGrown(
  { atOnce }: Pick<Required<Db>, 'atOnce'>,
  runSeq: number,
  { no, summary }: SeriesState,
): void {
  const { count, last, min, max, mean, nonfinite_count, nonfinite_step } = summary;
  const end = toStored(last.value);
  // prettier-ignore
  atOnce(UPDATE_GROWN, [
    count, last.step, last.timestamp, end.value, end.kind, min?.value ?? null, min?.step ?? null,
    max?.value ?? null, max?.step ?? null, mean, nonfinite_count, nonfinite_step, runSeq, no,
  ]);
}

/** In the order of `COLUMNS`, as `toRow` has them; written out, because this runs for each series of each batch. */
function valuesOf(summary: Summary, rolled: Rolled): (number | null)[] {
  const { count, first, last, min, max, mean, nonfinite_count, nonfinite_step } = summary;
  const [one, end] = [toStored(first.value), toStored(last.value)];
  // prettier-ignore
  return [
    count, first.step, first.timestamp, one.value, one.kind, last.step, last.timestamp, end.value, end.kind,
    min?.value ?? null, min?.step ?? null, max?.value ?? null, max?.step ?? null, mean,
    nonfinite_count, nonfinite_step, rolled.count, rolled.to?.step ?? null, rolled.to?.timestamp ?? null,
  ];
}
