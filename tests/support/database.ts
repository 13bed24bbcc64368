// tests/support/database.ts
// Purpose: the database of a data folder on the engine of this test run: its address, its settings, its rows, a look from outside.
// Why: one test speaks for both engines; on PostgreSQL each folder has a database of its own, quickly made from a template.
// Relevant files: tests/support/tracker.ts, tests/support/postgres-server.ts, tests/support/on-postgres.ts

import { createHash } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import type pg from 'pg';
import { inject } from 'vitest';
import { readSettings, type SettingFlags, type Settings } from '../../shared/config.ts';
import { engine } from '../../shared/db/columns.ts';
import { Engine } from '../../shared/db/engine.ts';
import { openStore } from '../../shared/db/open.ts';
import type { Store } from '../../shared/db/store.ts';
import { TEMPLATE, withClient } from './postgres-server.ts';

export const onPostgres = engine === Engine.Postgres;

/** Settings of a tracker whose data is in this folder. */
export async function settingsOf(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  flags: SettingFlags = {},
): Promise<Settings> {
  return readSettings({ port: '0', data: folder, ...flags }, { ...env, ...(await envOf(folder)) });
}

/** What a process must be told besides `--data`: its database, where that is not a file in the folder. */
export async function envOf(folder: string): Promise<{ DATABASE_URL?: string }> {
  return onPostgres ? { DATABASE_URL: await urlOf(folder) } : {};
}

export async function openAt(folder: string): Promise<Store> {
  return openStore(await settingsOf(folder));
}

const urls = new Map<string, Promise<string>>();

function urlOf(folder: string): Promise<string> {
  const key = path.resolve(folder);
  const url = urls.get(key) ?? withClient(inject('postgres'), (admin) => takeDatabase(admin, key));
  urls.set(key, url);
  return url;
}

/** One that another test gave back, or a new one. */
async function takeDatabase(admin: pg.Client, folder: string): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    `delete from free_databases where name = (select name from free_databases limit 1 for update skip locked) returning name`,
  );
  const name = rows[0]?.name ?? `tracker_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  if (rows.length === 0) await admin.query(`create database ${name} template ${TEMPLATE}`);
  const url = new URL(inject('postgres'));
  url.pathname = `/${name}`;
  return url.href;
}

/** The folder's database is not needed any more: emptied and given back, which is ten times quicker than making one. */
export async function giveBack(folder: string): Promise<void> {
  const key = path.resolve(folder);
  const url = await urls.get(key);
  if (url === undefined) return;
  urls.delete(key);
  await withClient(url, emptyAll);
  const name = new URL(url).pathname.slice(1);
  await withClient(inject('postgres'), (admin) => admin.query('insert into free_databases values ($1)', [name]));
}

/** Rows go from the tables that name others first; ids begin at 1 again. */
async function emptyAll(client: pg.Client): Promise<void> {
  const order = [
    'points',
    'rollups',
    'metrics',
    'params',
    'run_tags',
    'experiment_tags',
    'decisions',
    'tags',
    'artifacts',
    'run_datasets',
    'datasets',
  ];
  const names = [...order, 'dropped_contents', 'exports', 'runs', 'experiment_metrics', 'experiments'];
  const known = (await tablesIn(client)).filter((name) => name !== 'migrations');
  const missing = known.filter((name) => !names.includes(name));
  const deletes = [...missing, ...names].map((name) => `delete from "${name}"`);
  await client.query([...deletes, 'select setval(seqrelid, 1, false) from pg_sequence'].join('; '));
}

async function tablesIn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace order by relname",
  );
  return rows.map(({ name }) => name);
}

/** What another connection sees: committed rows only. `sql` with `?` marks. */
export async function rowsOf<T = Record<string, unknown>>(
  folder: string,
  sql: string,
  ...values: unknown[]
): Promise<T[]> {
  if (!onPostgres) return onFile(folder, (file) => file.prepare(sql).all(...values) as T[]);
  const { withNumberedMarks } = await import('../../shared/db/postgres-db.ts');
  return withClient(
    await urlOf(folder),
    async (client) => (await client.query(withNumberedMarks(sql), values)).rows as T[],
  );
}

/** Names of all tables but the list of migrations and the index of notes, which says nothing that is not in runs. */
export async function tablesOf(folder: string): Promise<string[]> {
  const names = onPostgres
    ? await withClient(await urlOf(folder), tablesIn)
    : onFile(
        folder,
        (file) =>
          file
            .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
            .pluck()
            .all() as string[],
      );
  return names.filter((name) => name !== 'migrations' && !name.startsWith('run_notes'));
}

function onFile<T>(folder: string, look: (file: Database.Database) => T): T {
  const file = new Database(path.join(folder, 'tracker.db'), { readonly: true });
  try {
    return look(file);
  } finally {
    file.close();
  }
}
