// runs/series-state.ts
// Purpose: what a writer keeps in memory of a run's series: number, summary, roll-ups, the chunks of its tail; read where it is not known.
// Why: a run logs to the same series again and again; reading its summaries for each batch would cost as much as storing it.
// Relevant files: runs/series-rows.ts, runs/ingest-points.ts, runs/ingest-usual.ts, shared/db/store.ts

import { one } from '../shared/db/one.ts';
import { onPostgres } from '../shared/db/dialect.ts';
import type { Db, Writer } from '../shared/db/store.ts';
import type { LoggedRun } from './models.ts';
import { insertRows, readRows, stateOf, type SeriesState } from './series-rows.ts';

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
      keep(tx, own, row.key, stateOf(row));
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
  await insertRows(tx, run, states);
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
