// runs/series-state.ts
// Purpose: what ingest knows of a run's series: number, summary, roll-ups, the chunks of its tail; read, kept, written.
// Why: a run logs to the same series again and again; reading its summaries for each batch would cost as much as storing it.
// Relevant files: runs/ingest.ts, runs/summary.ts, runs/rollups.ts, shared/db/store.ts

import type { ManyRows } from '../shared/db/gathered.ts';
import { rowTexts } from '../shared/db/marks.ts';
import { one } from '../shared/db/one.ts';
import { onPostgres } from '../shared/db/dialect.ts';
import { bigints, doubles } from '../shared/db/postgres-arrays.ts';
import type { Db, Writer } from '../shared/db/store.ts';
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

type States = Map<string, SeriesState>;

interface KeptRun {
  states: States;
  /** It has no other series. */
  isWhole: boolean;
}

interface Kept {
  epoch: number;
  runs: Map<number, KeptRun>;
  series: number;
}

/** Series kept in memory by a writer; the runs that were logged to longest ago go first. */
const KEPT_MAX = onPostgres ? 1_500 : 5_000;

const kept = new WeakMap<Writer, Kept>();

/** What is kept of a run. Nothing of it may be used or stay when the transaction fails: the writer's epoch moves then. */
function keptOf(tx: Db, runSeq: number): KeptRun {
  if (!tx.writer) return { states: new Map(), isWhole: false };
  const { epoch } = tx.writer;
  let all = kept.get(tx.writer);
  if (all?.epoch !== epoch) all = { epoch, runs: new Map(), series: 0 };
  kept.set(tx.writer, all);
  const own = all.runs.get(runSeq) ?? { states: new Map<string, SeriesState>(), isWhole: false };
  all.runs.delete(runSeq);
  all.runs.set(runSeq, own);
  for (const [oldest, { states }] of all.runs) {
    if ((all.series <= KEPT_MAX && all.runs.size <= KEPT_MAX) || oldest === runSeq) break;
    all.runs.delete(oldest);
    all.series -= states.size;
  }
  return own;
}

/** What is kept of the run's series, as it is; they are changed where `writeStates` or `writeGrown` follows. */
export function keptStates(tx: Db, runSeq: number): ReadonlyMap<string, SeriesState> {
  return keptOf(tx, runSeq).states;
}

/** The run was made in this transaction: it has no series, so none is looked for. */
export function knowNoSeries(tx: Db, runSeq: number): void {
  keptOf(tx, runSeq).isWhole = true;
}

/**
 * PostgreSQL has many writers, and the run says whose memory of it is true: that of the last one that wrote its series.
 * Only when another one did since is anything read again.
 */
async function takeOver(tx: Db, run: LoggedRun): Promise<void> {
  const name = tx.writer?.name;
  if (name === undefined || (run.kept_by === name && run.read_in === tx)) return;
  forgetSeries(tx, run.seq);
  await tx.send('update runs set kept_by = ? where seq = ?', [name, run.seq]);
  Object.assign(run, { kept_by: name, read_in: tx });
}

/** The states of the keys that the run has; keys it does not have are left out. */
export async function statesOf(tx: Db, run: LoggedRun, keys: string[]): Promise<States> {
  await takeOver(tx, run);
  const own = keptOf(tx, run.seq);
  const missing = own.isWhole ? [] : keys.filter((key) => !own.states.has(key));
  for (let start = 0; start < missing.length; start += KEYS_AT_ONCE) {
    for (const row of await readRows(tx, run.seq, missing.slice(start, start + KEYS_AT_ONCE)))
      keep(tx, own, row.key, { no: row.no, summary: fromRow(row), rolled: rolledOf(row), tail: null, reread_at: 0 });
  }
  return own.states;
}

/** The run is gone for ever. */
export function forgetSeries(tx: Db, runSeq: number): void {
  const all = tx.writer && kept.get(tx.writer);
  if (!all) return;
  all.series -= all.runs.get(runSeq)?.states.size ?? 0;
  all.runs.delete(runSeq);
}

function keep(tx: Db, { states }: KeptRun, key: string, state: SeriesState): void {
  states.set(key, state);
  const all = tx.writer && kept.get(tx.writer);
  if (all) all.series += 1;
}

const KEYS_AT_ONCE = 256;

async function readRows(tx: Db, runSeq: number, keys: string[]): Promise<StoredRow[]> {
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

/** A series that begins. */
export interface NewSeries extends Pick<SeriesState, 'summary' | 'tail'> {
  key: string;
}

/** New series of the run, kept from now on; in the order in which they are given. */
export async function addSeries(tx: Db, run: LoggedRun, series: NewSeries[]): Promise<SeriesState[]> {
  if (series.length === 0) return [];
  const kept = keptOf(tx, run.seq);
  const first = await nextNumber(tx, run.seq, kept);
  const states = series.map(({ key, summary, tail }, i) => {
    const state = { no: first + i, summary, rolled: { count: 0, to: null }, tail, reread_at: 0 };
    return { key, state };
  });
  for (let start = 0; start < states.length; start += ROWS_AT_ONCE) {
    const some = states.slice(start, start + ROWS_AT_ONCE);
    const values: unknown[] = [];
    for (const { key, state } of some)
      values.push(run.seq, state.no, run.experiment_id, key, ...valuesOf(state.summary, state.rolled));
    await tx.send(INSERT(some.length), values);
  }
  for (const { key, state } of states) keep(tx, kept, key, state);
  return states.map(({ state }) => state);
}

async function nextNumber(tx: Db, runSeq: number, { states, isWhole }: KeptRun): Promise<number> {
  if (isWhole) return 1 + [...states.values()].reduce((most, { no }) => Math.max(most, no), 0);
  const { rows } = await tx.execute<{ next: number }>(
    'select coalesce(max(no), 0) + 1 as next from metrics where run_seq = ?',
    [runSeq],
  );
  return one(rows).next;
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
