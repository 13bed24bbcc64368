// runs/kept-columns.ts
// Purpose: columns of an experiment's runs (what they are grouped by, what a metric came to) kept until its version moves.
// Why: another filter, order or pivot of the same runs asks for the same columns; reading them is most of the work.
// Relevant files: runs/groups/groups.ts, runs/groups/group-queries.ts, shared/db/memo.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';

/** Values in all columns together: some 20 MB. A column that is larger than this is not kept. */
const VALUES_MAX = 400_000;

interface Column {
  version: number;
  size: number;
  value: unknown;
}

const kept = new WeakMap<Db, Map<string, Column>>();

type Of = Pick<ExperimentRow, 'id' | 'version'>;

/**
 * The column as it was read for this version, or undefined. A version is read before its columns: what was written in between
 * makes a column newer than its version says, never older.
 */
export function keptColumn<T>(db: Db, { id, version }: Of, name: string): T | undefined {
  const column = kept.get(db)?.get(`${id} ${name}`);
  return column?.version === version ? (column.value as T) : undefined;
}

/** `size`: how many values it holds. What was asked for least lately goes first. */
export function keepColumn<T>(db: Db, { id, version }: Of, name: string, value: T, size: number): T {
  const columns = kept.get(db) ?? new Map<string, Column>();
  kept.set(db, columns);
  columns.delete(`${id} ${name}`);
  if (size <= VALUES_MAX) columns.set(`${id} ${name}`, { version, size, value });
  let sum = 0;
  for (const [key, column] of [...columns].reverse()) {
    sum += column.size;
    if (sum > VALUES_MAX) columns.delete(key);
  }
  return value;
}
