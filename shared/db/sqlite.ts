// shared/db/sqlite.ts
// Purpose: opens the SQLite file: one reading and one writing connection, migrations, status, a clean close.
// Why: readers on their own connection see committed data only, however long a write awaits.
// Relevant files: shared/db/store.ts, shared/db/write-queue.ts, shared/db/changes.ts, shared/db/migrate.ts

import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { ChangeFeed, noteChanges } from './changes.ts';
import { Engine } from './engine.ts';
import { FactJournal, journalFacts } from './fact-journal.ts';
import { listMigrations, migrateSqlite, refuseForeign } from './migrate.ts';
import type { Db, OpenOptions, Snapshot, Store, StoreStatus, Writer } from './store.ts';
import { addFunctions } from './functions.ts';
import { WriteQueue, type Control, type Enter } from './write-queue.ts';

export async function openSqlite(file: string, { migrate = true }: OpenOptions = {}): Promise<Store> {
  mkdirSync(path.dirname(file), { recursive: true });
  const writer = connect(file);
  if (migrate) await migrateSqlite(writer);
  // From here on the queue waits for locks; SQLite would do it on the thread that answers everybody.
  writer.pragma('busy_timeout = 0');
  const reader = connect(file);
  reader.pragma('query_only = on');
  // Readers wait for nothing but a database that another process keeps for itself alone.
  reader.pragma('busy_timeout = 1000');
  const snapshots = new Set<Snapshot>();
  const changes = new ChangeFeed();
  // A database that is behind may have no such table yet; nothing is written there.
  const noteIfHeard = migrate ? noteChanges(writer, changes) : () => undefined;
  const journal = new FactJournal();
  const noteIfWanted = migrate ? journalFacts(writer, journal) : () => undefined;
  const noteIfNeeded = (): void => {
    noteIfHeard();
    noteIfWanted();
  };
  const queue = queueOn(writer, changes, journal, noteIfNeeded);
  return {
    engine: Engine.Sqlite,
    read: Object.assign(asDb(reader), { factChanges: journal }),
    write: (work, scope) => queue.add(work, scope),
    changes,
    snapshot: async () => {
      const opened = openSnapshot(file);
      const close = (): Promise<void> => {
        snapshots.delete(snapshot);
        return opened.close();
      };
      const snapshot: Snapshot = { db: opened.db, close };
      snapshots.add(snapshot);
      return snapshot;
    },
    status: () => Promise.resolve(status(reader, file)),
    close: async () => {
      await queue.idle();
      for (const snapshot of snapshots) await snapshot.close();
      reader.close();
      writer.pragma('wal_checkpoint(truncate)');
      writer.close();
    },
  };
}

/** Moves the writer's epoch when another process has written since, and when something is undone. */
function queueOn(
  writer: Database.Database,
  changes: ChangeFeed,
  journal: FactJournal,
  noteIfNeeded: () => void,
): WriteQueue {
  const version = writer.prepare('pragma data_version').pluck();
  const controls = statementsOf(writer, false);
  const tx = asDb(writer);
  let seen: unknown;
  const self: Writer = { epoch: 0, noteRun: (seq) => journal.note(seq) };
  const left = new Map<string, unknown>();
  const forget = (): void => {
    self.epoch += 1;
    left.clear();
  };
  const control: Control = (text) => {
    // First: on a full disk SQLite has rolled back by itself, and the statement fails because there is nothing to undo.
    if (text.startsWith('rollback')) {
      forget();
      journal.undo();
    }
    if (text.startsWith('begin')) noteIfNeeded();
    controls(text).run();
    if (text.startsWith('begin')) journal.begin();
    if (text === 'commit') {
      journal.commit();
      changes.tell();
    }
    const now = text.startsWith('begin') ? version.get() : seen;
    if (now !== seen) forget();
    seen = now;
  };
  const enter: Enter = ({ run, isOfOneRun = run !== undefined }, group) => {
    self.group = group;
    if (!isOfOneRun || left.size > LEFT_MAX) left.clear();
    self.left = isOfOneRun ? left : undefined;
  };
  return new WriteQueue(Object.assign(tx, { writer: self }), control, enter);
}

/** Runs that log while nothing else is written. */
const LEFT_MAX = 1_000;

/** Also what worker threads read (shared/heavy/serve.ts). */
export function openSnapshot(file: string): Snapshot {
  const connection = connect(file);
  connection.pragma('query_only = on');
  // An export reads each page of the file once: there is nothing to keep in a cache.
  connection.pragma('cache_size = -1000');
  connection.exec('begin');
  // `begin` alone sees nothing yet; the first read fixes the state.
  connection.prepare('select 1 from sqlite_master').get();
  return { db: asDb(connection), close: async () => void connection.close() };
}

function connect(file: string): Database.Database {
  const connection = new Database(file);
  connection.pragma('busy_timeout = 10000');
  // Before anything is written, and journal_mode writes.
  refuseForeign(connection, file);
  connection.pragma('journal_mode = wal');
  connection.pragma('synchronous = full');
  connection.pragma('foreign_keys = on');
  connection.pragma('cache_size = -32000');
  addFunctions(connection);
  return connection;
}

/** Prepared statements kept for each connection; the one asked for least lately goes first. */
const STATEMENTS_MAX = 500;

/**
 * Prepared as it will be planned once: a plain `limit ?` is looked at while planning, so SQLite plans the statement anew
 * each time that it is bound, even to the same number. Through a cast it does not.
 */
function preparing(connection: Database.Database): (text: string) => Database.Statement {
  const prepare = connection.prepare.bind(connection) as (text: string) => Database.Statement;
  return (text) => prepare(text.replaceAll('limit ?', 'limit cast(? as bigint)'));
}

/** `prepare` that gives a text's statement again: what Drizzle builds is prepared once, not for each request. */
function keepStatements(connection: Database.Database): void {
  const kept = new Map<string, Database.Statement>();
  const prepare = preparing(connection);
  connection.prepare = ((text: string) => {
    const statement = kept.get(text) ?? prepare(text);
    kept.delete(text);
    kept.set(text, statement);
    if (kept.size > STATEMENTS_MAX) kept.delete(kept.keys().next().value ?? '');
    // Drizzle asks for rows as arrays, others for objects: each sets what it wants.
    return statement.reader ? statement.raw(false).pluck(false) : statement;
  }) as Database.Database['prepare'];
}

/** The same for texts of which each is asked in one way only, so that nothing is set anew; what was asked lately stays. */
function statementsOf(connection: Database.Database, asArrays: boolean): (text: string) => Database.Statement {
  let [recent, older] = [new Map<string, Database.Statement>(), new Map<string, Database.Statement>()];
  const prepare = preparing(connection);
  const made = (text: string): Database.Statement => {
    const statement = prepare(text);
    return asArrays ? statement.raw() : statement;
  };
  return (text) => {
    const known = recent.get(text);
    if (known) return known;
    const statement = older.get(text) ?? made(text);
    if (recent.size >= STATEMENTS_MAX / 2) [recent, older] = [new Map<string, Database.Statement>(), recent];
    recent.set(text, statement);
    return statement;
  };
}

function asDb(connection: Database.Database): Db {
  const [asObjects, asArrays] = [statementsOf(connection, false), statementsOf(connection, true)];
  keepStatements(connection);
  const execute: Db['execute'] = <Row>(text: string, values: readonly unknown[]) => {
    try {
      const statement = asObjects(text);
      if (statement.reader) return Promise.resolve({ rows: statement.all(...values) as Row[], changes: 0 });
      return Promise.resolve({ rows: [], changes: statement.run(...values).changes });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const atOnce: Db['atOnce'] = (text, values) => void asObjects(text).run(...values);
  const send: Db['send'] = (text, values) => execute(text, values).then(nothing);
  const arrays: Db['arrays'] = async <Row extends unknown[]>(text: string, values: readonly unknown[]) =>
    asArrays(text).all(...values) as Row[];
  return Object.assign(drizzle(connection), { execute, send, atOnce, arrays }) as unknown as Db;
}

function nothing(): void {}

function status(connection: Database.Database, file: string): StoreStatus {
  const { version } = connection.prepare('select sqlite_version() as version').get() as { version: string };
  return {
    engine: Engine.Sqlite,
    engineVersion: version,
    location: file,
    bytes: ['', '-wal'].reduce(
      (sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0),
      0,
    ),
    migrations: listMigrations(connection),
  };
}
