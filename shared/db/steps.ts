// shared/db/steps.ts
// Purpose: does long work in many short transactions, each of which holds the writer for a few milliseconds.
// Why: who changes a thousand rows at once must not keep everybody waiting who logs.
// Relevant files: shared/db/store.ts, runs/purge.ts, runs/table/bulk-changes.ts

import type { Db, Store } from './store.ts';

/** After this time a transaction begins no new part. */
const STEP_MS = 8;

/** Until when, on the clock of `performance.now()`, a step that begins now may begin new parts. */
export function stepEnd(): number {
  return performance.now() + STEP_MS;
}

/**
 * `work` on all items, `size` of them at a time, as many times in one transaction as there is time for. What fails ends
 * it: the transactions before stay.
 */
export async function writeInSteps<T>(
  store: Pick<Store, 'write'>,
  items: readonly T[],
  size: number,
  work: (tx: Db, some: T[]) => Promise<unknown>,
): Promise<void> {
  for (let done = 0; done < items.length;) {
    done = await store.write(async (tx) => {
      const end = stepEnd();
      let next = done;
      do {
        await work(tx, items.slice(next, next + size));
        next += size;
      } while (next < items.length && performance.now() < end);
      return next;
    });
  }
}
