// shared/heavy/serve.ts
// Purpose: the worker's side: runs a job by its name on a snapshot of the SQLite file and sends what it gives.
// Why: a job that ends, fails or is no longer wanted always closes its snapshot.
// Relevant files: worker.ts, shared/heavy/threads.ts, shared/heavy/wire.ts, shared/db/sqlite.ts

import type { MessagePort } from 'node:worker_threads';
import { openSnapshot } from '../db/sqlite.ts';
import type { HeavyJob } from './job.ts';
import { sendRead } from './wire.ts';

export interface Task {
  /** The SQLite file. */
  file: string;
  job: string;
  args: unknown;
  port: MessagePort;
}

export type RunTask = (task: Task) => Promise<void>;

export function serveJobs(jobs: HeavyJob<never, unknown>[]): RunTask {
  return async ({ file, job: name, args, port }) => {
    const job = jobs.find((one) => one.name === name);
    if (!job) throw new Error(`There is no heavy read ${name}: name it in worker.ts.`);
    let close = async (): Promise<void> => undefined;
    try {
      await sendRead(port, async () => {
        const snapshot = openSnapshot(file);
        close = () => snapshot.close();
        return job.open(snapshot.db, args as never);
      });
    } finally {
      await close();
    }
  };
}
