// tests/imports/write-support.ts
// Purpose: imports into fresh folders, and looks at every row of the database afterwards.
// Why: "nothing twice" and "nothing half" mean all tables, not the ones a test thinks of.
// Relevant files: imports/write.ts, tests/imports/read-support.ts, tests/support/database.ts

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { importSource, type ImportOptions, type ImportSummary } from '../../imports/write.ts';
import type { Settings } from '../../shared/config.ts';
import { openStore } from '../../shared/db/open.ts';
import type { Store } from '../../shared/db/store.ts';
import { envOf, giveBack, rowsOf, settingsOf, tablesOf } from '../support/database.ts';
import { freshFolder } from '../support/tracker.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface Place {
  settings: Settings;
  store: Store;
  importFrom: (path: string, options?: ImportOptions) => Promise<ImportSummary>;
  rows: <T = Record<string, unknown>>(sql: string, ...values: unknown[]) => Promise<T[]>;
}

/** A data folder (with a space in its path) with an open database, removed after the test. */
export async function freshPlace(): Promise<Place> {
  const settings = await settingsOf(freshFolder());
  const store = await openStore(settings);
  onTestFinished(async () => {
    await store.close();
    await giveBack(settings.data);
    await rm(settings.data, { recursive: true, force: true });
  });
  return {
    settings,
    store,
    importFrom: (path, options) => importSource(store, settings.artifacts, () => openSource(path), options),
    rows: (sql, ...values) => rowsOf(settings.data, sql, ...values),
  };
}

/** Every row of every table. `without`: columns that hold the moment of the import. */
export async function everyRow(folder: string, without: string[] = []): Promise<Record<string, unknown[]>> {
  const cut = (row: object): object =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !without.includes(column)));
  const read = async (table: string): Promise<object[]> => {
    const rows = (await rowsOf<object>(folder, `select * from ${table}`)).map(cut);
    // A table has no order of its own.
    return rows
      .map((row) => ({ row, text: JSON.stringify(row) }))
      .sort((one, other) => (one.text < other.text ? -1 : 1))
      .map(({ row }) => row);
  };
  const tables = await tablesOf(folder);
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await read(table)] as const)));
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** `manage.ts …` as people call it, in a process of its own, on the database of the folder that `--data` names. */
export async function manage(...args: string[]): Promise<Ended> {
  const data = args.includes('--data') ? args[args.indexOf('--data') + 1] : undefined;
  const env = { ...process.env, ...(data === undefined ? {} : await envOf(data)) };
  const child = spawn(process.execPath, ['--import', 'tsx', 'manage.ts', ...args], { cwd: ROOT, env });
  const ended = { code: null as number | null, out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ended.err += text.toString()));
  ended.code = await new Promise((resolve) => child.on('close', resolve));
  return ended;
}
