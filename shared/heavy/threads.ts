// shared/heavy/threads.ts
// Purpose: heavy reads of an SQLite file in worker threads, started when the first one is asked for.
// Why: better-sqlite3 works on the thread that calls it; the thread that answers everybody must not be it.
// Relevant files: shared/heavy/job.ts, shared/heavy/wire.ts, worker.ts, shared/setup/compiled.js

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { Problem } from '../errors.ts';
import type { HeavyJob, HeavyRead, HeavyReads } from './job.ts';
import type { Task } from './serve.ts';
import { receiveRead } from './wire.ts';

/** One core is left to the thread that answers. */
export const THREADS = Math.min(4, Math.max(1, availableParallelism() - 1));
/** A slow receiver costs no time, so reads share a thread: a download over a slow line keeps few others waiting. */
export const READS_A_THREAD = 16;
/** With those that wait for a place. */
export const READS_MAX = 8 * READS_A_THREAD;
/** Idle threads end: the memory of a server at rest stays small. */
const IDLE_MS = 10_000;

export function threadedReads(file: string): HeavyReads {
  const reads = new Set<HeavyRead<unknown>>();
  let pool: Promise<Piscina> | undefined;
  /** Of a thread that could not start or died at rest: what waits for it is told, and the next read starts anew. */
  const onTrouble = async (error: unknown): Promise<void> => {
    console.error(error);
    const broken = pool;
    pool = undefined;
    await (await broken)?.destroy();
  };
  return {
    open: async <Args, Head>(job: HeavyJob<Args, Head>, args: Args) => {
      if (reads.size >= READS_MAX)
        throw new Problem(503, 'Too many large downloads are under way. Try again when one has ended.');
      const { port1: ours, port2: theirs } = new MessageChannel();
      let failure: unknown;
      const read: HeavyRead<unknown> = {
        head: undefined,
        pieces: NOTHING,
        close: async () => {
          reads.delete(read);
          ours.close();
          await ended;
        },
      };
      reads.add(read);
      const task: Task = { file, job: job.name, args, port: theirs };
      // Ends when the worker has closed its snapshot, or is dead.
      const ended = (pool ??= startPool(onTrouble))
        .then((running) => running.run(task, { transferList: [theirs] }))
        .catch((error: unknown) => {
          failure = error;
          ours.close();
        });
      try {
        return Object.assign(read, await receiveRead<Head>(ours, () => failure));
      } catch (error) {
        await read.close();
        throw error;
      }
    },
    close: async () => {
      await Promise.all([...reads].map((read) => read.close()));
      await (await pool)?.destroy();
    },
  };
}

const NOTHING: HeavyRead<unknown>['pieces'] = (async function* () {})();

async function startPool(onTrouble: (error: unknown) => Promise<void>): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    ...workerEntry(),
    minThreads: 0,
    maxThreads: THREADS,
    concurrentTasksPerWorker: READS_A_THREAD,
    idleTimeout: IDLE_MS,
    // What is young is a page of rows: more room would only be memory.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
    // A thread of its own for each read as long as there are threads; then the one with the fewest.
    loadBalancer: (_task, threads) => {
      const [idlest] = threads.toSorted((a, b) => a.currentUsage - b.currentUsage);
      if (!idlest) return null;
      const mayShare = threads.length === THREADS && idlest.currentUsage < READS_A_THREAD;
      return idlest.currentUsage === 0 || mayShare ? idlest : null;
    },
  });
  return pool.on('error', (error) => void onTrouble(error));
}

/** Beside us where the tracker runs compiled (shared/setup/compiled.js); else the source, which tsx translates. */
function workerEntry(): { filename: string; execArgv: string[] } {
  const compiled = path.join(import.meta.dirname, 'worker.cjs');
  if (existsSync(compiled)) return { filename: compiled, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { filename: path.join(import.meta.dirname, '../../worker.ts'), execArgv: ['--import', tsx] };
}
