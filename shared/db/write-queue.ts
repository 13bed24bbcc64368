// shared/db/write-queue.ts
// Purpose: one writer: takes all writes that wait into one transaction, a savepoint for each; bounded.
// Why: one durable commit (fsync) serves many requests, a bad request spoils only itself, and reads never wait for a lock.
// Relevant files: shared/db/sqlite.ts, shared/db/store.ts, shared/db/waiting-room.ts, runs/ingest.ts

import { setTimeout } from 'node:timers/promises';
import type { Db, WriteScope } from './store.ts';
import { WaitingRoom } from './waiting-room.ts';

interface Job {
  work: (tx: Db) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  scope: WriteScope;
}

interface Outcome {
  job: Job;
  settle: () => void;
}

/** Statements on the writing connection: `begin immediate`, `commit`, `savepoint …`. */
export type Control = (statement: string) => void;

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
  readonly #enter: (scope: WriteScope) => void;

  /** `enter`: told what a job is about before it runs. */
  constructor(tx: Db, control: Control, enter: (scope: WriteScope) => void = () => undefined) {
    this.#tx = tx;
    this.#control = control;
    this.#enter = enter;
  }

  /** Rejects at once, with a 503, while too much waits already. A single request of any size finds room in an empty queue. */
  async add<T>(work: (tx: Db) => Promise<T>, scope: WriteScope = {}): Promise<T> {
    const leave = this.#room.enter(scope.bytes ?? 0);
    const done = new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject, scope });
      this.#draining ??= this.#drain();
    });
    return done.finally(leave);
  }

  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together share the commit.
    await nextTurn();
    while (this.#jobs.length > 0) {
      try {
        await this.#begin();
      } catch (error) {
        // All that wait, not one group after another: the last one would be told minutes later.
        for (const job of this.#jobs.splice(0)) job.reject(error);
        continue;
      }
      await this.#commitGroup();
      // Between two groups everybody else has a turn: pages, and requests that will share the next commit.
      await nextTurn();
    }
    this.#draining = undefined;
  }

  /** SQLite's own waiting would stop the whole process: reads, too. */
  async #begin(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return this.#control('begin immediate');
      } catch (error) {
        if (!isBusy(error) || performance.now() >= until) throw error;
        await setTimeout(RETRY_MS);
      }
    }
  }

  async #commitGroup(): Promise<void> {
    const group: Job[] = [];
    let bytes = 0;
    try {
      const outcomes: Outcome[] = [];
      do {
        const job = this.#jobs.shift();
        if (!job) break;
        group.push(job);
        bytes += job.scope.bytes ?? 0;
        this.#enter(job.scope);
        const isAlone = group.length === 1 && this.#jobs.length === 0;
        outcomes.push(isAlone ? await this.#runAlone(job) : await this.#runOne(job));
        if (isAlone) break;
      } while (group.length < GROUP_MAX && bytes < GROUP_BYTES_MAX);
      this.#control('commit');
      for (const { settle } of outcomes) settle();
    } catch (error) {
      this.#rollback();
      for (const job of group) job.reject(error);
    }
  }

  /** Needs no savepoint: what it throws undoes the whole transaction, which is its own. */
  async #runAlone(job: Job): Promise<Outcome> {
    const value = await job.work(this.#tx);
    return { job, settle: () => job.resolve(value) };
  }

  async #runOne(job: Job): Promise<Outcome> {
    this.#control('savepoint job');
    try {
      const value = await job.work(this.#tx);
      this.#control('release job');
      return { job, settle: () => job.resolve(value) };
    } catch (error) {
      this.#control('rollback to job');
      this.#control('release job');
      return { job, settle: () => job.reject(error) };
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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `SQLITE_BUSY` and its finer kinds: another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
