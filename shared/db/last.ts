// shared/db/last.ts
// Purpose: what requests that share a commit leave to be done last, once for each key with the sums of their amounts.
// Why: a row that all of them change (their experiment) is changed once a commit, and locked for a moment only.
// Relevant files: shared/db/store.ts, shared/db/write-queue.ts, shared/db/postgres-lane.ts, experiments/changes.ts

import type { Db, Lasting } from './store.ts';

export interface Last {
  key: number;
  amounts: number[];
  work: Parameters<Lasting['last']>[2];
}

/** What puts it into `list`. */
export function lastInto(list: Last[]): Lasting['last'] {
  return (key, amounts, work) => void list.push({ key, amounts, work });
}

export async function runLast(all: Last[], tx: Db): Promise<void> {
  const sums = new Map<number, Last>();
  for (const { key, amounts, work } of all) {
    const before = sums.get(key)?.amounts;
    sums.set(key, { key, work, amounts: amounts.map((amount, place) => amount + (before?.[place] ?? 0)) });
  }
  for (const { amounts, work } of [...sums.values()].sort((a, b) => a.key - b.key)) await work(tx, amounts);
}
