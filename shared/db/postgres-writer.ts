// shared/db/postgres-writer.ts
// Purpose: writes on PostgreSQL: some lanes for logs, one for all else.
// Why: different runs log in parallel; what is not a log is alone, as on SQLite with its one writer.
// Relevant files: shared/db/postgres.ts, shared/db/postgres-lane.ts, shared/db/locks.ts, shared/db/waiting-room.ts

import type { Pool } from 'pg';
import { Lane, type Job, type Tell } from './postgres-lane.ts';
import type { Db, WriteScope } from './store.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Transactions of this process that log at the same time. */
const LANES = 4;
/** At most so many connections write. */
export const WRITERS = LANES + 1;

export class PostgresWriter {
  readonly #lanes: Lane[];
  readonly #alone: Lane;
  readonly #room = new WaitingRoom();

  constructor(pool: Pool, tell: Tell) {
    this.#alone = new Lane(pool, tell, (job) => this.#again(job));
    this.#lanes = Array.from({ length: LANES }, () => new Lane(pool, tell, (job) => this.#again(job)));
    // The one before may have been lost, and with it what a lane believes to be in the database.
    pool.on('connect', () => [this.#alone, ...this.#lanes].forEach((lane) => lane.forget()));
  }

  async write<T>(work: (tx: Db) => Promise<T> | T, { run, bytes = 0 }: WriteScope = {}): Promise<T> {
    const leave = this.#room.enter(bytes);
    try {
      const done = new Promise<unknown>((resolve, reject) => this.#add({ work, resolve, reject, run, bytes }));
      return (await done) as T;
    } finally {
      leave();
    }
  }

  async idle(): Promise<void> {
    // Logs first: they may leave work for the other.
    for (const lane of [...this.#lanes, this.#alone]) await lane.idle();
  }

  #add(job: Job): void {
    // A run keeps to its lane: in two it would wait for itself.
    const lane = job.run === undefined ? this.#alone : this.#lanes[placeOf(job.run) % LANES];
    lane?.add(job);
  }

  #again(job: Job): void {
    this.#add({ ...job, run: undefined });
  }
}

function placeOf(run: string): number {
  let sum = 0;
  for (let i = 0; i < run.length; i++) sum = (sum * 31 + run.charCodeAt(i)) >>> 0;
  return sum;
}
