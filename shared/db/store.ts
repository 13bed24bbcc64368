// shared/db/store.ts
// Purpose: what the features know of the database: `read` for queries, `write` for a transaction, `close`.
// Why: no query may depend on the engine or on better-sqlite3 being synchronous.
// Relevant files: shared/db/sqlite.ts, shared/db/write-queue.ts, shared/db/columns.ts

import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Changes } from './changes.ts';
import type { Engine } from './engine.ts';
import type { FactChanges } from './fact-journal.ts';

/**
 * A connection for queries, Drizzle's builders under the SQLite types. Always `await` what it returns.
 * The `async` result kind is a promise to callers: on SQLite the answer is there at once, on PostgreSQL later.
 */
export type Db = Pick<
  BaseSQLiteDatabase<'async', unknown>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'all' | 'get' | 'run' | 'with' | '$count'
> & {
  /** Runs SQL text with bound values through a cached prepared statement: for the hot paths of runs/ only. */
  execute<Row>(sqlText: string, values: readonly unknown[]): Promise<{ rows: Row[]; changes: number }>;
  /**
   * The same for a write whose answer nobody looks at. It may still be under way when this resolves; the transaction
   * waits for it, and is undone when it fails.
   */
  send(sqlText: string, values: readonly unknown[]): Promise<void>;
  /** SQLite: the same, and done when it returns; throws. For what is worth doing without a single promise. */
  atOnce?(sqlText: string, values: readonly unknown[]): void;
  /** As `execute` for reads of millions of rows: each as an array, which costs half as much as an object. */
  arrays<Row extends unknown[]>(sqlText: string, values: readonly unknown[]): Promise<Row[]>;
  /** For readers of committed data, where one process writes (SQLite): which runs changed since something was read. */
  factChanges?: FactChanges;
  /** Of a transaction: who writes it. Undefined: nothing may be concluded from what was read before. */
  writer?: Writer;
  /** Of a transaction that others write beside (PostgreSQL, while it only logs into its run): what they share needs care. */
  beside?: Beside;
};

/** Transactions of one writer come one after the other. */
export interface Writer {
  /**
   * Moves when something was undone, or (SQLite) written by another process. What was read or written before stays true
   * while it stands and no other writer has written the same.
   */
  epoch: number;
  /**
   * While a request runs that is about one run only (`WriteScope.run`, `isOfOneRun`): what such requests left here for the
   * next one, by run. Emptied by whatever else is written, and by what is undone; on PostgreSQL at the end of their
   * transaction.
   */
  left?: Map<string, unknown> | undefined;
  /** SQLite, while requests that only log share a commit: what they all change is done last. */
  group?: Lasting | undefined;
  /**
   * PostgreSQL, while requests that only log share a transaction: their runs. The first of them may read what all need of
   * these in one go, and put it into `left`.
   */
  ahead?: string[] | undefined;
  /** SQLite: what the run counts by changed, though it stays in its state (shared/db/fact-journal.ts). */
  noteRun?: (seq: number) => void;
  /** PostgreSQL: its name among the writers of all processes. Undefined: there is no other. */
  name?: number;
}

export interface Lasting {
  /**
   * Runs `work` last, once for each key with the sums of the amounts, in the order of keys: for a row that all of them
   * change, so that it is locked for the moment of the commit only and none waits for another in a circle.
   */
  last(key: number, amounts: number[], work: (tx: Db, sums: number[]) => Promise<unknown>): void;
}

/** Of the hot paths: whole numbers, doubles and nulls. */
export type NumberRow = readonly (number | null)[];

/** A statement that writes any number of rows; it is the same object for all that use it. */
export interface ManyRows {
  sql: string;
  /** What is bound: for each column of the rows an array. */
  values: (rows: NumberRow[]) => unknown[];
}

/** Where rows wait that are written at the end, those of all requests that share the transaction in one statement. */
export interface Gathering {
  /** False: they are too many to wait, and whoever asks writes them. */
  take(into: ManyRows, count: number, rows: () => NumberRow[]): boolean;
}

export interface Beside extends Lasting {
  /** Where rows may wait that the request does not read again, for those of the others. */
  gathered?: Gathering | undefined;
  /** Gives this attempt up; the store does the work again with nobody beside it. */
  alone(): never;
}

/** What a transaction is about, so that others need not wait for it where the engine has more than one writer. */
export interface WriteScope {
  /** It only logs into this run (id). */
  run?: string;
  /** It makes or changes one run, nothing of any other, and puts nothing into the trash: what logging left stays true. */
  isOfOneRun?: boolean;
  /** Size of the request that it stores: what waits in memory is bounded by the sum. */
  bytes?: number;
}

export interface StoreStatus {
  engine: Engine;
  engineVersion: string;
  location: string;
  bytes: number;
  migrations: { name: string; applied_at: number | null }[];
}

/** A connection of its own that sees the database as it was when it was opened, whatever is written meanwhile. */
export interface Snapshot {
  db: Db;
  /** Always call it: an open snapshot keeps the write-ahead log from being emptied. Twice is fine. */
  close(): Promise<void>;
}

export interface Store {
  readonly engine: Engine;
  /** Committed data only; never sees a transaction that is still open. */
  readonly read: Db;
  /**
   * Runs `work` in a transaction: all of it is durable when the promise resolves, none of it when it rejects. Rejects
   * with a 503 problem at once while too much waits already. Work that waits for nothing (`Db.atOnce`) gives no promise.
   */
  write<T>(work: (tx: Db) => Promise<T> | T, scope?: WriteScope): Promise<T>;
  /** Which experiments changed, after each commit: of this process on SQLite, of all processes on PostgreSQL. */
  readonly changes: Changes;
  /** For reads that take long and must fit together: exports. */
  snapshot(): Promise<Snapshot>;
  status(): Promise<StoreStatus>;
  /** Lets waiting writes end, writes the WAL back into the file and closes. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Apply what is missing (the server, import and seed do); otherwise a database that is behind is an error. */
  migrate?: boolean;
}
