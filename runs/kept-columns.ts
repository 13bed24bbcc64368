// runs/kept-columns.ts
// Purpose: columns of an experiment's runs (what they are grouped by, what a metric came to) kept until the experiment changes.
// Why: another filter, order or pivot of the same runs asks for the same columns; reading them is most of the work.
// Relevant files: runs/param-columns-queries.ts, runs/ends-queries.ts, runs/found-queries.ts, shared/db/memo.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';

/** Of all columns together. A column that is larger than this is not kept. */
const BYTES_MAX = 32 * 1024 * 1024;

/** What a number, or a reference, takes in an array. */
export const VALUE_BYTES = 8;

/** A state of an experiment. */
export interface State {
  id: number;
  at: number;
}

type Of = Pick<ExperimentRow, 'id' | 'version' | 'logged'>;

/** Of all but the metrics and times of runs that go on: it stands while they log. */
export function factsOf({ id, version, logged }: Of): State {
  return { id, at: version - logged };
}

/** Of everything. */
export function stateOf({ id, version }: Of): State {
  return { id, at: version };
}

interface Column {
  at: number;
  bytes: number;
  value: unknown;
}

interface Kept {
  /** What was asked for least lately first. */
  columns: Map<string, Column>;
  /** Of all of them together. */
  bytes: number;
}

const kept = new WeakMap<Db, Kept>();

/**
 * The column as it was read for this state, or undefined. A state is read before its columns: what was written in between
 * makes a column newer than its state says, never older.
 */
export function keptColumn<T>(db: Db, { id, at }: State, name: string): T | undefined {
  const columns = kept.get(db)?.columns;
  const column = columns?.get(`${id} ${name}`);
  if (!columns || column?.at !== at) return undefined;
  columns.delete(`${id} ${name}`);
  columns.set(`${id} ${name}`, column);
  return column.value as T;
}

/** More are not looked up one by one. */
const CHANGED_MAX = 1_000;

/**
 * The same; where it was read for an earlier state of the facts, with what `patch` makes of it for the runs (ascending) that
 * changed since, if that is known. Undefined: it is to be read anew.
 */
export async function columnNow<T>(
  db: Db,
  state: State,
  name: string,
  patch: (before: T, changed: readonly number[]) => Promise<{ value: T; bytes: number }>,
): Promise<T | undefined> {
  const column = kept.get(db)?.columns.get(`${state.id} ${name}`);
  if (!column || column.at === state.at) return keptColumn(db, state, name);
  const changed = db.factChanges?.between(state.id, column.at, state.at);
  if (!changed || changed.length > CHANGED_MAX) return undefined;
  if (changed.length === 0) {
    column.at = state.at;
    return keptColumn(db, state, name);
  }
  const { value, bytes } = await patch(column.value as T, changed);
  return keepColumn(db, state, name, value, bytes);
}

/** Names and values of all columns of an experiment whose names begin so, of whichever state they are. */
export function columnsBefore<T>(db: Db, id: number, start: string): { name: string; value: T }[] {
  return [...(kept.get(db)?.columns ?? [])].flatMap(([key, { value }]) =>
    key.startsWith(`${id} ${start}`) ? [{ name: key.slice(`${id} `.length), value: value as T }] : [],
  );
}

/** What an entry takes beside its name and value. */
const ENTRY_BYTES = 200;

/** `size`: the bytes of its value. */
export function keepColumn<T>(db: Db, { id, at }: State, name: string, value: T, size: number): T {
  const all = kept.get(db) ?? { columns: new Map<string, Column>(), bytes: 0 };
  kept.set(db, all);
  const bytes = size + 2 * name.length + ENTRY_BYTES;
  drop(all, `${id} ${name}`);
  if (bytes > BYTES_MAX) return value;
  all.columns.set(`${id} ${name}`, { at, bytes, value });
  all.bytes += bytes;
  for (const key of all.columns.keys()) {
    if (all.bytes <= BYTES_MAX) break;
    drop(all, key);
  }
  return value;
}

function drop(all: Kept, key: string): void {
  all.bytes -= all.columns.get(key)?.bytes ?? 0;
  all.columns.delete(key);
}
