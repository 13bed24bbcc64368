// shared/db/migrate.ts
// Purpose: applies the SQL files made by drizzle-kit, in order, under a lock, in one transaction.
// Why: two processes may start at once, and a half-applied migration must leave the old database behind.
// Relevant files: shared/db/sqlite.ts, shared/db/migrations.ts, shared/db/migrations/sqlite, shared/db/drizzle.config.ts

import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { Engine } from './engine.ts';
import { addFunctions } from './functions.ts';
import { Migrations, type MigrationState } from './migrations.ts';

const migrations = new Migrations(Engine.Sqlite);

export function listMigrations(connection: Database.Database): MigrationState[] {
  return migrations.states(appliedAt(connection));
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
  if (migrations.pending(appliedAt(connection)).length === 0) return Promise.resolve([]);
  addFunctions(connection);
  connection.pragma('foreign_keys = off');
  connection.exec('begin immediate');
  try {
    // Read again under the lock: another process may have migrated while we waited for it.
    const names = migrations.pending(appliedAt(connection));
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
  for (const statement of migrations.statementsOf(name)) connection.exec(statement);
  connection.prepare('insert into migrations (name, applied_at) values (?, ?)').run(name, Date.now());
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
