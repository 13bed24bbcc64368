// shared/db/write-queue.ts
// Purpose: one writer: takes all writes that wait into one transaction, a savepoint for each.
// Why: one durable commit (fsync) serves many requests, a bad request spoils only itself, and reads never wait for a lock.
// Relevant files: shared/db/sqlite.ts, shared/db/store.ts, runs/ingest.ts

import { setTimeout } from 'node:timers/promises';
import type { Db } from './store.ts';

interface Job {
  work: (tx: Db) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

interface Outcome {
  job: Job;
  settle: () => void;
}

/** Statements on the writing connection: `begin immediate`, `commit`, `savepoint …`. */
export type Control = (statement: string) => void;

/** At most this many requests share a commit, so that the first one does not wait for ever. */
const GROUP_MAX = 256;

/** How long writes wait for another process that holds the database, ms. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 20;

export class WriteQueue {
  #jobs: Job[] = [];
  #draining: Promise<void> | undefined;
  readonly #tx: Db;
  readonly #control: Control;

  constructor(tx: Db, control: Control) {
    this.#tx = tx;
    this.#control = control;
  }

  add<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together share the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#jobs.length > 0) {
      try {
        await this.#begin();
      } catch (error) {
        // All that wait, not one group after another: the last one would be told minutes later.
        for (const job of this.#jobs.splice(0)) job.reject(error);
        continue;
      }
      await this.#commitGroup(this.#jobs.splice(0, GROUP_MAX));
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

  async #commitGroup(group: Job[]): Promise<void> {
    try {
      const outcomes: Outcome[] = [];
      for (const job of group) outcomes.push(await this.#runOne(job));
      this.#control('commit');
      for (const { settle } of outcomes) settle();
    } catch (error) {
      this.#rollback();
      for (const job of group) job.reject(error);
    }
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

/** `SQLITE_BUSY` and its finer kinds: another process holds the lock. */
export function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}
