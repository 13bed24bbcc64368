// shared/heavy/inline.ts
// Purpose: heavy reads on this thread, each on a snapshot of its own.
// Why: a command has nobody else to answer; with PostgreSQL the work is done by its server.
// Relevant files: shared/heavy/job.ts, shared/heavy/threads.ts, exports/command.ts

import type { Store } from '../db/store.ts';
import type { HeavyJob, HeavyRead, HeavyReads } from './job.ts';

export function inlineReads(store: Store): HeavyReads {
  const reads = new Set<HeavyRead<unknown>>();
  return {
    open: async <Args, Head>(job: HeavyJob<Args, Head>, args: Args) => {
      const snapshot = await store.snapshot();
      try {
        const opened = await job.open(snapshot.db, args);
        const close = (): Promise<void> => {
          reads.delete(read);
          return snapshot.close();
        };
        const read = { ...opened, close };
        reads.add(read);
        return read;
      } catch (error) {
        await snapshot.close();
        throw error;
      }
    },
    close: async () => {
      for (const read of reads) await read.close();
    },
  };
}
