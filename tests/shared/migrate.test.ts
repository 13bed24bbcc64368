// tests/shared/migrate.test.ts
// Purpose: migrations: a new file gets all of them once, a failing one leaves the old database, a newer database is refused.
// Why: an update must never cost anybody their runs.
// Relevant files: shared/db/migrate.ts, shared/db/sqlite.ts

import { execFile, fork } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listMigrations, migrateSqlite } from '../../shared/db/migrate.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import { useFolder } from '../support/use.ts';

const folder = useFolder();

const SQLITE = fileURLToPath(new URL('../../shared/db/sqlite.ts', import.meta.url));

const SCHEMA = fileURLToPath(new URL('../../shared/db/migrations/sqlite', import.meta.url));

function open(name: string): Database.Database {
  return new Database(path.join(folder, name));
}

function schemaOf(connection: Database.Database): unknown[] {
  return connection.prepare('select type, name, sql from sqlite_master order by name').all();
}

test('a new file gets every migration, once', async () => {
  const connection = open('new.db');
  const names = listMigrations(connection).map((migration) => migration.name);
  expect(names.length).toBeGreaterThan(0);
  expect(await migrateSqlite(connection)).toEqual(names);
  const schema = schemaOf(connection);
  expect(await migrateSqlite(connection)).toEqual([]);
  expect(schemaOf(connection)).toEqual(schema);
  expect(listMigrations(connection).every((migration) => migration.applied_at !== null)).toBe(true);
  expect(connection.pragma('foreign_keys', { simple: true })).toBe(1);
  connection.close();
});

test('every trigger that a migration makes is there after all of them', async () => {
  const files = readdirSync(SCHEMA).filter((name) => name.endsWith('.sql'));
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(SCHEMA, file), 'utf8').matchAll(/^CREATE TRIGGER [`"]?(\w+)/gim)].map(
      ([, name]) => name,
    ),
  );
  const connection = open('triggers.db');
  await migrateSqlite(connection);
  const there = connection.prepare("select name from sqlite_master where type = 'trigger'").pluck().all();
  // SQLite drops them silently with their table when a later migration makes it anew.
  expect(there.toSorted()).toEqual([...new Set(named)].sort());
  expect(there).toEqual(expect.arrayContaining(['run_notes_added', 'run_notes_changed', 'run_notes_removed']));
  connection.close();
});

test('a migration that fails leaves the database as it was', async () => {
  const connection = open('broken.db');
  connection.exec('create table runs (mine text); insert into runs values (1)');
  const before = schemaOf(connection);
  await expect(migrateSqlite(connection)).rejects.toThrow('already exists');
  expect(schemaOf(connection)).toEqual(before);
  expect(connection.prepare('select mine from runs').pluck().all()).toEqual(['1']);
  connection.close();
});

test('where SQLite has rolled back by itself, as on a full disk, it is the first error that is told', async () => {
  const connection = open('rolled-back.db');
  connection.exec('create table migrations (name text primary key, applied_at integer not null)');
  connection.exec("create trigger t before insert on migrations begin select raise(rollback, 'the real reason'); end");
  const before = schemaOf(connection);
  await expect(migrateSqlite(connection)).rejects.toThrow('the real reason');
  expect(connection.inTransaction).toBe(false);
  expect(schemaOf(connection)).toEqual(before);
  connection.close();
});

test('a database of a newer version is refused and named', async () => {
  const store = await openSqlite(path.join(folder, 'newer.db'));
  await store.close();
  const connection = open('newer.db');
  connection.exec("insert into migrations values ('9999_future', 1)");
  connection.close();
  await expect(openSqlite(path.join(folder, 'newer.db'))).rejects.toThrow(/newer version.*9999_future/);
});

test('migrate --status names the migration of a newer version and fails', async () => {
  const manage = ['--import', 'tsx', 'manage.ts', 'migrate', '--status', '--database', path.join(folder, 'newer.db')];
  const cwd = path.dirname(path.dirname(path.dirname(SQLITE)));
  const done = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, manage, { cwd }, (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    );
  });
  expect(done.code).toBe(1);
  expect(done.stdout).toMatch(/^0000_start {2}applied .*^9999_future {2}applied /ms);
  expect(done.stderr).toMatch(/newer version.*9999_future/);
});

test('an SQLite file of something else is refused and not touched', async () => {
  const mlflow = path.join(folder, 'mlflow.db');
  copyFileSync(fileURLToPath(new URL('../fixtures/mlflow/small.db', import.meta.url)), mlflow);
  const others = open('others.db');
  others.exec('create table migrations (id integer primary key, migration text, batch integer)');
  others.close();
  for (const file of [mlflow, path.join(folder, 'others.db')]) {
    const before = readFileSync(file);
    for (const migrate of [true, false])
      await expect(openSqlite(file, { migrate })).rejects.toThrow(
        /not of this tracker; bring an MLflow file in with "import"/,
      );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}-wal`)).toBe(false);
  }
  // One without tables is nobody's.
  writeFileSync(path.join(folder, 'empty.db'), '');
  await (await openSqlite(path.join(folder, 'empty.db'))).close();
});

test('two processes that start at once migrate once', async () => {
  const script = path.join(folder, 'open.mjs');
  const file = path.join(folder, 'both.db');
  writeFileSync(
    script,
    `const { openSqlite } = await import(${JSON.stringify(SQLITE)});
     const store = await openSqlite(${JSON.stringify(file)});
     await store.close();`,
  );
  const start = (): Promise<number | null> =>
    new Promise((resolve) => {
      const cwd = path.dirname(path.dirname(path.dirname(SQLITE)));
      fork(script, { execArgv: ['--import', 'tsx'], cwd }).once('exit', resolve);
    });
  expect(await Promise.all([start(), start(), start()])).toEqual([0, 0, 0]);
  const connection = open('both.db');
  const applied = connection.prepare('select count(*) from migrations').pluck().get();
  expect(applied).toBe(listMigrations(connection).length);
  connection.close();
});

test('notes that were there before they had an index are found by it', async () => {
  const connection = open('noted.db');
  await migrateSqlite(connection);
  const without = `drop trigger run_notes_added; drop trigger run_notes_changed; drop trigger run_notes_removed; drop table run_notes;
    delete from migrations where name = '0012_notes_search';
    insert into experiments (id, name, status, created_at, updated_at, last_activity_at) values (1, 'one', 'active', 1, 1, 1)`;
  connection.exec(without);
  const run = `insert into runs (id, experiment_id, number, name, status, heard_at, created_at, updated_at, notes)`;
  connection.exec(
    `${run} values ('a', 1, 1, 'a', 'finished', 1, 1, 1, 'Überlauf'), ('b', 1, 2, 'b', 'finished', 1, 1, 1, '')`,
  );
  expect(await migrateSqlite(connection)).toEqual(['0012_notes_search']);
  const find = (text: string): unknown => connection.prepare('select rowid from run_notes where run_notes match ?').pluck().all(text); // prettier-ignore
  expect([find('"übe"'), find('"aux"')]).toEqual([[1], []]);
  connection.exec("update runs set notes = 'other' where id = 'b'; delete from runs where id = 'a'");
  expect([find('"übe"'), find('"oth"')]).toEqual([[], [2]]);
  connection.close();
});

test('points are kept without a row id: the migration and its comment agree', () => {
  const connection = open('new.db');
  const sql = connection.prepare("select sql from sqlite_master where name = 'points'").pluck().get();
  expect(sql).toMatch(/without rowid/i);
  connection.close();
  expect(readFileSync(path.join(folder, 'new.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
});
