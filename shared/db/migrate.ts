// shared/db/migrate.ts
// Purpose: applies the SQL files made by drizzle-kit, in order, under a lock, in one transaction.
// Why: two processes may start at once, and a half-applied migration must leave the old database behind.
// Relevant files: shared/db/sqlite.ts, shared/db/migrations/sqlite, shared/db/drizzle.config.ts

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { addFunctions } from './functions.ts';

const FOLDER = fileURLToPath(new URL('./migrations/sqlite/', import.meta.url));

interface Journal {
  entries: { idx: number; tag: string }[];
}

export interface MigrationState {
  name: string;
  applied_at: number | null;
}

function journal(): string[] {
  const { entries } = JSON.parse(readFileSync(`${FOLDER}meta/_journal.json`, 'utf8')) as Journal;
  return entries.sort((a, b) => a.idx - b.idx).map((entry) => entry.tag);
}

/** Those that are known here, then those that a newer version applied. */
export function listMigrations(connection: Database.Database): MigrationState[] {
  const applied = appliedAt(connection);
  const names = [...journal(), ...unknown(applied.keys())];
  return names.map((name) => ({ name, applied_at: applied.get(name) ?? null }));
}

/** Throws `UserError` when one of the migrations is not known here. */
export function refuseNewer(names: Iterable<string>): void {
  const newer = unknown(names);
  if (newer.length > 0) {
    throw new UserError(
      `This database was written by a newer version (migration ${newer.join(', ')} is not known here). ` +
        'Start the newer version, or use another data folder.',
    );
  }
}

/** Reads only. Throws `UserError` on a database that holds tables of something else; an empty one is fine. */
export function refuseForeign(connection: Database.Database, file: string): void {
  const count = (sql: string): unknown => connection.prepare(sql).pluck().get();
  if (count("select count(*) from sqlite_master where type = 'table'") === 0) return;
  // Other programs keep a table of this name too, with other columns.
  if (count("select count(*) from pragma_table_info('migrations') where name in ('name', 'applied_at')") === 2) return;
  throw new UserError(
    `${file} is an SQLite file, but not of this tracker; bring an MLflow file in with "import". ` +
      'Choose another file with --database.',
  );
}

/** Applies what is missing; returns the names of what was applied. Throws `UserError` on a database from a newer version. */
export function migrateSqlite(connection: Database.Database): Promise<string[]> {
  if (pending(connection).length === 0) return Promise.resolve([]);
  addFunctions(connection);
  connection.pragma('foreign_keys = off');
  connection.exec('begin immediate');
  try {
    // Read again under the lock: another process may have migrated while we waited for it.
    const names = pending(connection);
    connection.exec('create table if not exists migrations (name text primary key, applied_at integer not null)');
    for (const name of names) apply(connection, name);
    connection.exec('commit');
    return Promise.resolve(names);
  } catch (error) {
    // SQLite has rolled back by itself where the disk is full or fails: then that is the error to be told.
    if (connection.inTransaction) connection.exec('rollback');
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  } finally {
    connection.pragma('foreign_keys = on');
  }
}

function apply(connection: Database.Database, name: string): void {
  for (const statement of readFileSync(`${FOLDER}${name}.sql`, 'utf8').split('--> statement-breakpoint')) {
    connection.exec(statement);
  }
  connection.prepare('insert into migrations (name, applied_at) values (?, ?)').run(name, Date.now());
}

function unknown(names: Iterable<string>): string[] {
  const known = journal();
  return [...names].filter((name) => !known.includes(name));
}

function pending(connection: Database.Database): string[] {
  const known = journal();
  const applied = appliedAt(connection);
  refuseNewer(applied.keys());
  return known.filter((name) => !applied.has(name));
}

function appliedAt(connection: Database.Database): Map<string, number> {
  const exists = connection.prepare("select 1 from sqlite_master where type = 'table' and name = 'migrations'").get();
  if (!exists) return new Map();
  const rows = connection.prepare('select name, applied_at from migrations').all() as {
    name: string;
    applied_at: number;
  }[];
  return new Map(rows.map((row) => [row.name, row.applied_at]));
}
