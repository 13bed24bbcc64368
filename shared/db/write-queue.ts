// shared/db/write-queue.ts
// Purpose: one writer: takes all writes that wait into one transaction, where it must be with a savepoint for each; bounded.
// Why: one durable commit (fsync) serves many requests, a bad request spoils only itself, and reads never wait for a lock.
// Relevant files: shared/db/sqlite.ts, shared/db/store.ts, shared/db/waiting-room.ts, runs/ingest.ts

import { setTimeout } from 'node:timers/promises';
import { lastInto, runLast, type Last } from './last.ts';
import type { Db, Lasting, WriteScope } from './store.ts';
import { WaitingRoom } from './waiting-room.ts';

interface Job {
  work: (tx: Db) => unknown;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  scope: WriteScope;
}

/** Tells who waits for a job what became of it. */
type Settle = () => void;

/** Statements on the writing connection: `begin immediate`, `commit`, `savepoint …`. */
export type Control = (statement: string) => void;

/** Told what a job is about before it runs; `group`: it shares a commit with others that only log. */
export type Enter = (scope: WriteScope, group?: Lasting) => void;

/** At most so many requests, and so many bytes of them, share a commit: the first one and everybody else must not wait long. */
const GROUP_MAX = 256;
const GROUP_BYTES_MAX = 1024 * 1024;

/** How long writes wait for another process that holds the database, ms. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 20;

export class WriteQueue {
  #jobs: Job[] = [];
  readonly #room = new WaitingRoom();
  #draining: Promise<void> | undefined;
  readonly #tx: Db;
  readonly #control: Control;
  readonly #enter: Enter;
  /** A job of the last group failed: the next one had better have savepoints. */
  #isCareful = false;

  constructor(tx: Db, control: Control, enter: Enter = () => undefined) {
    this.#tx = tx;
    this.#control = control;
    this.#enter = enter;
  }

  /** Rejects at once, with a 503, while too much waits already. A single request of any size finds room in an empty queue. */
  add<T>(work: (tx: Db) => Promise<T> | T, scope: WriteScope = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = this.#room.enter(scope.bytes ?? 0);
      const settled =
        <V>(tell: (value: V) => void) =>
        (value: V): void => {
          leave();
          tell(value);
        };
      this.#jobs.push({ work, resolve: settled(resolve as (value: unknown) => void), reject: settled(reject), scope });
      this.#draining ??= this.#drain();
    });
  }

  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together share the commit.
    await nextTurn();
    while (this.#jobs.length > 0) {
      try {
        if (!this.#beginAtOnce()) await this.#begin();
      } catch (error) {
        // All that wait, not one group after another: the last one would be told minutes later.
        for (const job of this.#jobs.splice(0)) job.reject(error);
        continue;
      }
      const committing = this.#commitGroup();
      if (committing) await committing;
      // Between two groups everybody else has a turn: pages, and requests that will share the next commit.
      if (this.#jobs.length > 0) await nextTurn();
    }
    this.#draining = undefined;
  }

  /** SQLite's own waiting would stop the whole process: reads, too. */
  async #begin(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!this.#beginAtOnce(performance.now() >= until)) await setTimeout(RETRY_MS);
  }

  /** False: another process holds the database. `isLast`: then that is thrown. */
  #beginAtOnce(isLast = false): boolean {
    try {
      this.#control('begin immediate');
      return true;
    } catch (error) {
      if (isLast || !isBusy(error)) throw error;
      return false;
    }
  }

  /** Nothing is waited for where one job is alone and waits for nothing itself. */
  #commitGroup(): Promise<void> | undefined {
    const group = this.#takeGroup();
    const [job] = group;
    if (!job || group.length > 1) return this.#commit(group, this.#runAll(group));
    try {
      const value = this.#run(job);
      if (isPromise(value)) return this.#commit(group, settled(job, value));
      this.#control('commit');
      job.resolve(value);
    } catch (error) {
      this.#fail(group, error);
    }
    return undefined;
  }

  async #commit(group: Job[], running: Promise<Settle[]>): Promise<void> {
    try {
      const settles = await running;
      this.#control('commit');
      for (const settle of settles) settle();
    } catch (error) {
      this.#fail(group, error);
    }
  }

  async #runAll(group: Job[]): Promise<Settle[]> {
    return (await this.#runTogether(group)) ?? (await this.#runApart(group));
  }

  #fail(group: Job[], error: unknown): void {
    this.#rollback();
    for (const job of group) job.reject(error);
  }

  #takeGroup(): Job[] {
    let [count, bytes] = [0, 0];
    while (count < this.#jobs.length && count < GROUP_MAX && bytes < GROUP_BYTES_MAX)
      bytes += this.#jobs[count++]?.scope.bytes ?? 0;
    return this.#jobs.splice(0, count);
  }

  /**
   * Without savepoints, which cost SQLite a copy of each page that is changed: where all only log.
   * Undefined: they do not, or one of them failed; nothing of it stays, and they can run again.
   */
  async #runTogether(group: Job[]): Promise<Settle[] | undefined> {
    if (this.#isCareful || group.some(({ scope }) => scope.run === undefined)) return undefined;
    const last: Last[] = [];
    const lasting = { last: lastInto(last) };
    const settles: Settle[] = [];
    try {
      for (const job of group) {
        const value = this.#run(job, lasting);
        // What is done already need not wait a turn.
        settles.push(settleOf(job, isPromise(value) ? await value : value));
      }
      if (last.length > 0) await runLast(last, this.#tx);
      return settles;
    } catch {
      // Again, each by itself.
    }
    this.#rollback();
    await this.#begin();
    return undefined;
  }

  /** A savepoint for each, so that a bad one spoils only itself. */
  async #runApart(group: Job[]): Promise<Settle[]> {
    const settles: Settle[] = [];
    this.#isCareful = false;
    for (const job of group) {
      this.#control('savepoint job');
      try {
        settles.push(settleOf(job, await this.#run(job)));
      } catch (error) {
        this.#isCareful = true;
        this.#undo(error);
        settles.push(() => job.reject(error));
      }
      this.#control('release job');
    }
    return settles;
  }

  #run({ work, scope }: Job, group?: Lasting): unknown {
    this.#enter(scope, group);
    return work(this.#tx);
  }

  /** Where SQLite has undone everything by itself (disk full, I/O error), that is what all of the group are told. */
  #undo(error: unknown): void {
    try {
      this.#control('rollback to job');
    } catch {
      throw error;
    }
  }

  #rollback(): void {
    try {
      this.#control('rollback');
    } catch {
      // SQLite has already rolled back by itself (disk full, I/O error): there is nothing left to undo.
    }
  }
}

/** Also what Drizzle builds, which runs only when it is awaited. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

async function settled(job: Job, value: PromiseLike<unknown>): Promise<Settle[]> {
  return [settleOf(job, await value)];
}

function settleOf(job: Job, value: unknown): Settle {
  return () => job.resolve(value);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `SQLITE_BUSY` and its finer kinds: another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
