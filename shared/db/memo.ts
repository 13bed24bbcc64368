// shared/db/memo.ts
// Purpose: keeps what was computed for one version of an experiment until that version moves.
// Why: sums over all runs of an experiment are asked for by every view of its pages and change only when it changes.
// Relevant files: runs/table/table.ts, experiments/list-page.ts, experiments/models.ts

import type { Db } from './store.ts';

/** Entries kept for each database; the oldest go first. */
export const ENTRIES_MAX = 500;

interface Entry {
  version: number;
  value: Promise<unknown>;
}

const kept = new WeakMap<Db, Map<string, Entry>>();

/** `compute()` for `name`, or what it gave before for the same `version`. A failed computation is not kept. */
export function memo<T>(db: Db, name: string, version: number, compute: () => Promise<T>): Promise<T> {
  const entries = kept.get(db) ?? new Map<string, Entry>();
  kept.set(db, entries);
  const known = entries.get(name);
  if (known?.version === version) return known.value as Promise<T>;
  const value = compute();
  const entry = { version, value };
  entries.delete(name);
  entries.set(name, entry);
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES_MAX) break;
    entries.delete(oldest);
  }
  // By then another version may have taken its place.
  value.catch(() => entries.get(name) === entry && entries.delete(name));
  return value;
}
