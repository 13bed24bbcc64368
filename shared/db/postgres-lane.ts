// shared/db/postgres-lane.ts
// Purpose: one writer on PostgreSQL: what waits in it shares a transaction, where it must be with a savepoint for each.
// Why: as on SQLite one durable commit serves many requests and a bad one spoils only itself. Few journeys: what can be sent without an answer is.
// Relevant files: shared/db/postgres-writer.ts, shared/db/locks.ts, shared/db/underway.ts, shared/db/write-queue.ts

import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { Gathered } from './gathered.ts';
import { lastInto, runLast, type Last } from './last.ts';
import type { Beside, Db, Writer } from './store.ts';
import { isUndone } from './trouble.ts';
import { UnderWay } from './underway.ts';
import { answersRollback, begin, causeOf, commit, transactionOf } from './postgres-transaction.ts';

/** Requests and bytes that share a commit, so that the first one does not wait long. */
const GROUP_MAX = 256;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;

/** How often a group is tried that the server undid because of another transaction. */
const ATTEMPTS = 5;

const SAVEPOINT = 'savepoint job';

/** So many names that two writers never draw the same. */
const NAMES = 2 ** 48 - 1;

export interface Job {
  work: (tx: Db) => unknown;
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

/** Thrown by a request's work that cannot go on beside others. */
class NotAlone extends Error {}

/** Is told the experiments whose version moved, after their commit. */
export type Tell = (experimentIds: number[]) => void;

export class Lane {
  readonly #jobs: Job[] = [];
  #draining: Promise<void> | undefined;
  readonly #pool: Pool;
  readonly #tell: Tell;
  readonly #again: (job: Job) => void;
  #since: unknown;
  readonly #self: Writer = { epoch: 0, name: randomInt(NAMES) };
  /** A job of the last group failed: the next one had better have savepoints. */
  #isCareful = false;

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
      const mayShare = group.length === 1 || (!this.#isCareful && group.every(({ run }) => run !== undefined));
      if (!mayShare || !(await this.#tryTogether(client, group))) await this.#commitApart(client, group);
    } catch (error) {
      this.forget();
      await client.query('rollback').catch(() => (isBroken = true));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  /** Without savepoints, and nothing waited for that need not be. False: one of several failed, and nothing of any stays. */
  async #tryTogether(client: PoolClient, group: Job[]): Promise<boolean> {
    const sent = new UnderWay();
    const last: Last[] = [];
    const gathered = group.length > 1 ? new Gathered() : undefined;
    const settles: (() => void)[] = [];
    try {
      this.#meet(await begin(client, runsOf(group)));
      Object.assign(this.#self, { ahead: runsOf(group), left: new Map() });
      for (const job of group) {
        const value = await job.work(this.#transactionOf(client, job, sent, last, gathered));
        settles.push(() => job.resolve(value));
      }
      await gathered?.send(transactionOf(client, this.#self, sent));
      await this.#commitWith(client, last, sent);
    } catch (error) {
      const cause = await causeOf(error, sent);
      if (isUndone(cause)) throw cause;
      this.forget();
      if (!(await answersRollback(client))) throw cause;
      if (group[0] && group.length === 1) this.#refuse(group[0], cause);
      return group.length === 1;
    } finally {
      Object.assign(this.#self, { ahead: undefined, left: undefined });
    }
    for (const settle of settles) settle();
    return true;
  }

  /** A savepoint for each, so that a bad one spoils only itself. */
  async #commitApart(client: PoolClient, group: Job[]): Promise<void> {
    this.#meet(await begin(client, runsOf(group)));
    this.#isCareful = false;
    const outcomes: Outcome[] = [];
    for (const job of group) outcomes.push(await this.#runOne(client, job));
    const last = outcomes.flatMap((one) => one.last);
    await this.#commitWith(client, last, new UnderWay());
    for (const { settle } of outcomes) settle();
  }

  async #commitWith(client: PoolClient, last: Last[], sent: UnderWay): Promise<void> {
    await runLast(last, transactionOf(client, this.#self, sent));
    const committed = commit(client);
    sent.add(committed);
    await sent.arrive();
    this.#tell(await committed);
  }

  /** A server that was restarted may be another one, which knows less: an older copy, or a replica that was behind. */
  #meet(since: unknown): void {
    if (since !== this.#since) this.forget();
    this.#since = since;
  }

  /** What was read and written before may not be so any more. */
  forget(): void {
    this.#self.epoch += 1;
  }

  async #runOne(client: PoolClient, job: Job): Promise<Outcome> {
    const last: Last[] = [];
    const sent = new UnderWay();
    sent.add(client.query(SAVEPOINT));
    try {
      const value = await job.work(this.#transactionOf(client, job, sent, last));
      sent.add(client.query('release job'));
      await sent.arrive();
      return { last, settle: () => job.resolve(value) };
    } catch (error) {
      const cause = await causeOf(error, sent);
      if (isUndone(cause)) throw cause;
      this.#isCareful = true;
      this.forget();
      await client.query('rollback to job; release job');
      return { last: [], settle: () => this.#refuse(job, cause) };
    }
  }

  #refuse(job: Job, cause: unknown): void {
    if (cause instanceof NotAlone) this.#again(job);
    else job.reject(cause);
  }

  #transactionOf(client: PoolClient, job: Job, sent: UnderWay, last: Last[], gathered?: Gathered): Db {
    const tx = transactionOf(client, this.#self, sent);
    if (job.run === undefined) return tx;
    const alone = (): never => {
      throw new NotAlone();
    };
    const beside: Beside = { last: lastInto(last), alone, gathered };
    return Object.assign(gathered ? gathered.before(tx) : tx, { beside });
  }
}

/** The runs that the jobs only log into. */
function runsOf(group: Job[]): string[] {
  return [...new Set(group.flatMap(({ run }) => run ?? []))];
}
