// runs/purge-rows.ts
// Purpose: deletes the first so many rows of a run, series or experiment, along a table's primary key.
// Why: no engine-neutral `delete … limit`; a range of the key touches the pages of these rows and no others.
// Relevant files: runs/purge-changes.ts, runs/models.ts, experiments/models.ts

import type { Db } from '../shared/db/store.ts';

/** The primary keys of the tables with many rows for each run. */
const KEYS = {
  points: ['run_seq', 'no', 'step', 'timestamp', 'value', 'kind'],
  rollups: ['run_seq', 'no', 'level', 'from_step', 'from_time'],
  superseded_points: ['run_seq', 'attempt', 'no', 'step', 'timestamp', 'value', 'kind'],
  attempt_begins: ['run_seq', 'key', 'attempt'],
  run_attempts: ['run_seq', 'no'],
  log_keys: ['run_seq', 'key'],
} as const;

/** Removes the first `limit` rows (in the order of the key) that belong to `of`, the key's first columns; returns how many. */
export async function removeFirst(
  tx: Db,
  table: keyof typeof KEYS,
  of: { run_seq: number; no?: number },
  limit: number,
): Promise<number> {
  const given = Object.entries(of);
  const where = given.map(([column]) => `${column} = ?`).join(' and ');
  const values = given.map(([, value]) => value);
  const rest = KEYS[table].slice(given.length);
  const columns = rest.join(', ');
  const { rows } = await tx.execute<Record<string, number | string>>(
    `select ${columns} from ${table} where ${where} order by ${columns} limit 1 offset ?`,
    [...values, limit],
  );
  const [next] = rows;
  const before = next ? ` and (${columns}) < (${rest.map(() => '?').join(', ')})` : '';
  const { changes } = await tx.execute(`delete from ${table} where ${where}${before}`, [
    ...values,
    ...(next ? rest.map((column) => next[column]) : []),
  ]);
  return changes;
}

/** The same for a table of few and wide rows; `key`: the columns of its primary key after that of `of`. */
export async function removeSome(
  tx: Db,
  table: 'params' | 'experiment_values' | 'experiment_keys' | 'experiment_metrics',
  of: { run_id: string } | { experiment_id: number },
  key: readonly string[],
  limit: number,
): Promise<number> {
  const [[column, value] = ['', '']] = Object.entries(of) as [string, string | number][];
  const columns = [column, ...key].join(', ');
  const { changes } = await tx.execute(
    `delete from ${table} where (${columns}) in (select ${columns} from ${table} where ${column} = ? limit ?)`,
    [value, limit],
  );
  return changes;
}
