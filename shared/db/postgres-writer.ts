// shared/db/postgres-writer.ts
// Purpose: writes on PostgreSQL: some lanes for logs, one for all else; what waits in a lane shares a transaction.
// Why: as on SQLite one durable commit serves many requests and a bad one spoils only itself; different runs log in parallel.
// Relevant files: shared/db/postgres.ts, shared/db/locks.ts, shared/db/write-queue.ts, shared/db/waiting-room.ts

import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { BEGIN_ALONE, beginFor } from './locks.ts';
import { asDb } from './postgres-db.ts';
import type { Db, WriteScope } from './store.ts';
import { isUndone } from './trouble.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Transactions of this process that log at the same time. */
const LANES = 4;
/** At most so many connections write. */
export const WRITERS = LANES + 1;

/** Requests and bytes that share a commit, so that the first one does not wait long. */
const GROUP_MAX = 256;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;

/** How often a group is tried that the server undid because of another transaction. */
const ATTEMPTS = 5;

interface Job {
  work: (tx: Db) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  /** undefined: it must be alone. */
  run: string | undefined;
  bytes: number;
}

interface Outcome {
  settle: () => void;
  /** What a request that went well left to be done last. */
  last: Last[];
}

interface Last {
  key: number;
  amount: number;
  work: (sum: number) => Promise<unknown>;
}

/** Thrown by a request's work that cannot go on beside others. */
class NotAlone extends Error {}

/** Is told the experiments whose version moved, after their commit. */
type Tell = (experimentIds: number[]) => void;

export class PostgresWriter {
  readonly #lanes: Lane[];
  readonly #alone: Lane;
  readonly #room = new WaitingRoom();

  constructor(pool: Pool, tell: Tell) {
    this.#alone = new Lane(pool, tell, (job) => this.#again(job));
    this.#lanes = Array.from({ length: LANES }, () => new Lane(pool, tell, (job) => this.#again(job)));
  }

  async write<T>(work: (tx: Db) => Promise<T>, { run, bytes = 0 }: WriteScope = {}): Promise<T> {
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

class Lane {
  readonly #jobs: Job[] = [];
  #draining: Promise<void> | undefined;
  readonly #pool: Pool;
  readonly #tell: Tell;
  readonly #again: (job: Job) => void;

  constructor(pool: Pool, tell: Tell, again: (job: Job) => void) {
    this.#pool = pool;
    this.#tell = tell;
    this.#again = again;
  }

  add(job: Job): void {
    this.#jobs.push(job);
    this.#draining ??= this.#drain();
  }

  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together share the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#jobs.length > 0) await this.#commit(this.#takeGroup());
    this.#draining = undefined;
  }

  #takeGroup(): Job[] {
    let count = 0;
    let bytes = 0;
    for (const job of this.#jobs) {
      bytes += job.bytes;
      if (count > 0 && (count >= GROUP_MAX || bytes > GROUP_BYTES_MAX)) break;
      count += 1;
    }
    return this.#jobs.splice(0, count);
  }

  async #commit(group: Job[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#tryCommit(group);
      } catch (error) {
        if (isUndone(error) && attempt < ATTEMPTS) await setTimeout(Math.random() * 20 * attempt);
        else return group.forEach((job) => job.reject(error));
      }
    }
  }

  async #tryCommit(group: Job[]): Promise<void> {
    const client = await this.#pool.connect();
    let isBroken = false;
    try {
      const runs = group.flatMap((job) => job.run ?? []);
      await client.query(runs.length === 0 ? BEGIN_ALONE : beginFor(runs));
      const outcomes: Outcome[] = [];
      for (const job of group) outcomes.push(await this.#runOne(client, job));
      await runLast(outcomes);
      this.#tell(await commit(client));
      for (const { settle } of outcomes) settle();
    } catch (error) {
      await client.query('rollback').catch(() => (isBroken = true));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  async #runOne(client: PoolClient, job: Job): Promise<Outcome> {
    const last: Last[] = [];
    await client.query('savepoint job');
    try {
      const value = await job.work(transactionOf(client, job, last));
      await client.query('release job');
      return { last, settle: () => job.resolve(value) };
    } catch (error) {
      if (isUndone(error)) throw error;
      await client.query('rollback to job; release job');
      const settle = (): void => (error instanceof NotAlone ? this.#again(job) : job.reject(error));
      return { last: [], settle };
    }
  }
}

const dbs = new WeakMap<PoolClient, Db>();

function transactionOf(client: PoolClient, job: Job, last: Last[]): Db {
  const db = dbs.get(client) ?? asDb(client);
  dbs.set(client, db);
  if (job.run === undefined) return db;
  const beside: Db['beside'] = {
    last: (key, amount, work) => void last.push({ key, amount, work }),
    alone: () => {
      throw new NotAlone();
    },
  };
  return Object.assign(Object.create(db) as Db, { beside });
}

async function runLast(outcomes: Outcome[]): Promise<void> {
  const sums = new Map<number, Last>();
  for (const { key, amount, work } of outcomes.flatMap(({ last }) => last))
    sums.set(key, { key, work, amount: amount + (sums.get(key)?.amount ?? 0) });
  for (const { amount, work } of [...sums.values()].sort((a, b) => a.key - b.key)) await work(amount);
}

/** Returns the experiments whose version moved: a trigger notes them, see the migration. */
async function commit(client: PoolClient): Promise<number[]> {
  const answers = await client.query("select current_setting('tracker.moved', true) as moved; commit");
  const [moved, done] = answers as unknown as { rows: { moved: string | null }[]; command: string }[];
  if (done?.command !== 'COMMIT') throw new Error('The transaction was undone where it should have been committed.');
  return [...new Set((moved?.rows[0]?.moved ?? '').split(' ').filter(Boolean).map(Number))];
}
