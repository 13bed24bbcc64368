// shared/heavy/serve.ts
// Purpose: the worker's side: runs a job by its name on a snapshot of the SQLite file and sends what it gives.
// Why: a job that ends, fails or is no longer wanted always closes its snapshot.
// Relevant files: worker.ts, shared/heavy/threads.ts, shared/heavy/wire.ts, shared/db/sqlite.ts

import { constants, getPriority, setPriority } from 'node:os';
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

/** How much nicer than the thread that answers: with a third of its share where both want the same core. */
const NICER = 5;

/** On Linux `0` is the calling thread alone; elsewhere it is the whole process, which must stay as it is. */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, Math.min(getPriority(0) + NICER, constants.priority.PRIORITY_LOW));
  } catch {
    // Forbidden where it runs: it reads all the same.
  }
}

export function serveJobs(jobs: HeavyJob<never, unknown>[]): RunTask {
  giveWay();
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
