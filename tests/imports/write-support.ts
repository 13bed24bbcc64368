// tests/imports/write-support.ts
// Purpose: imports into fresh folders, and looks at every row of the database afterwards.
// Why: "nothing twice" and "nothing half" mean all tables, not the ones a test thinks of.
// Relevant files: imports/write.ts, tests/imports/read-support.ts, tests/support/tracker.ts

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { importSource, type ImportOptions, type ImportSummary } from '../../imports/write.ts';
import { readSettings, type Settings } from '../../shared/config.ts';
import { openSqlite } from '../../shared/db/sqlite.ts';
import type { Store } from '../../shared/db/store.ts';
import { freshFolder } from '../support/tracker.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface Place {
  settings: Settings;
  store: Store;
  importFrom: (path: string, options?: ImportOptions) => Promise<ImportSummary>;
  rows: <T = Record<string, unknown>>(sql: string, ...values: unknown[]) => T[];
}

/** A data folder (with a space in its path) with an open database, removed after the test. */
export async function freshPlace(): Promise<Place> {
  const settings = readSettings({ data: freshFolder() }, {});
  const store = await openSqlite(settings.database);
  onTestFinished(async () => {
    await store.close();
    await rm(settings.data, { recursive: true, force: true });
  });
  return {
    settings,
    store,
    importFrom: (path, options) => importSource(store, settings.artifacts, () => openSource(path), options),
    rows: (sql, ...values) => rowsOf(settings.database, sql, ...values),
  };
}

export function rowsOf<T>(database: string, sql: string, ...values: unknown[]): T[] {
  const connection = new Database(database, { readonly: true });
  try {
    return connection.prepare(sql).all(...values) as T[];
  } finally {
    connection.close();
  }
}

/** Every row of every table. `without`: columns that hold the moment of the import. */
export function everyRow(database: string, without: string[] = []): Record<string, unknown[]> {
  const tables = rowsOf<{ name: string }>(
    database,
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'migrations' order by name`,
  );
  const read = (table: string): unknown[] => rowsOf<Record<string, unknown>>(database, `select * from ${table}`);
  const cut = (row: unknown): unknown =>
    Object.fromEntries(Object.entries(row as object).filter(([column]) => !without.includes(column)));
  return Object.fromEntries(tables.map(({ name }) => [name, read(name).map(cut)]));
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** `manage.ts …` as people call it, in a process of its own. */
export async function manage(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'manage.ts', ...args], { cwd: ROOT });
  const ended = { code: null as number | null, out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ended.err += text.toString()));
  ended.code = await new Promise((resolve) => child.on('close', resolve));
  return ended;
}
