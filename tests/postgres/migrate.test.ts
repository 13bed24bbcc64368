// tests/postgres/migrate.test.ts
// Purpose: migrating PostgreSQL: at once by several, all or nothing, never a database of something else; the same tables as the models.
// Why: several app processes start together, and a model that changes without its migration is found here.
// Relevant files: shared/db/migrate-postgres.ts, shared/db/migrations/postgres, shared/db/columns.ts

import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { is } from 'drizzle-orm';
import { expect, inject, it, onTestFinished } from 'vitest';
import * as experiments from '../../experiments/models.ts';
import * as exports from '../../exports/models.ts';
import * as runs from '../../runs/models.ts';
import { openPostgres } from '../../shared/db/postgres.ts';
import * as tags from '../../tags/models.ts';
import { manage } from '../imports/write-support.ts';
import { withClient } from '../support/postgres-server.ts';

/** A database without anything in it. */
async function emptyDatabase(): Promise<string> {
  const name = `empty_${Math.random().toString(36).slice(2)}`;
  await withClient(inject('postgres'), (admin) => admin.query(`create database ${name} template template0`));
  onTestFinished(() =>
    withClient(inject('postgres'), (admin) => admin.query(`drop database ${name} with (force)`)).then(() => undefined),
  );
  const url = new URL(inject('postgres'));
  url.pathname = `/${name}`;
  return url.href;
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  return withClient(url, async (client) => (await client.query(sql)).rows as T[]);
}

it('several that start at once migrate once, and find everything applied', async () => {
  const url = await emptyDatabase();
  const stores = await Promise.all([1, 2, 3].map(() => openPostgres(url)));
  for (const store of stores) {
    const { migrations, engineVersion, bytes } = await store.status();
    expect(migrations.length).toBeGreaterThan(1);
    for (const { applied_at } of migrations) expect(applied_at).toEqual(expect.any(Number));
    expect(engineVersion).toMatch(/^\d+\.\d+/);
    expect(bytes).toBeGreaterThan(1_000_000);
    await store.close();
  }
});

it('one that fails half-way leaves the database as it was', async () => {
  const url = await emptyDatabase();
  // What the migration wants to make near its end is there already.
  await ask(url, 'create function fold(text) returns text language sql return $1');
  await expect(openPostgres(url)).rejects.toThrow('already exists');
  expect(await ask(url, `select table_name from information_schema.tables where table_schema = 'public'`)).toEqual([]);
});

it('a database of something else, of a newer version, or none at all is refused in one line', async () => {
  const foreign = await emptyDatabase();
  await ask(foreign, 'create table orders (id int)');
  await expect(openPostgres(foreign)).rejects.toThrow('holds tables of something else (orders …)');
  expect(await ask(foreign, `select count(*) as n from pg_class where relname = 'migrations'`)).toEqual([{ n: 0 }]);
  const newer = await emptyDatabase();
  await (await openPostgres(newer)).close();
  await ask(newer, `insert into migrations values ('9999_future', 1)`);
  await expect(openPostgres(newer)).rejects.toThrow(/newer version.*9999_future/);
  const wrong = new URL(newer);
  wrong.password = 'wrong-one';
  const failing = openPostgres(wrong.href);
  await expect(failing).rejects.toThrow(
    /^PostgreSQL at postgres:\/\/postgres@127\.0\.0\.1:\d+\/\w+ cannot be used: password/,
  );
  await expect(failing).rejects.not.toThrow('wrong-one');
});

it('the commands take --database, and migrate --status changes nothing', async () => {
  const url = await emptyDatabase();
  const status = await manage('migrate', '--status', '--database', url);
  expect(status).toMatchObject({ code: 0, err: '' });
  expect(status.out).toMatch(/^(\w+ {2}not applied\n)+$/);
  const applied = await manage('migrate', '--database', url);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toMatch(
    /^(\w+ {2}applied .+ UTC\n)+postgres:\/\/postgres@127\.0\.0\.1:\d+\/\w+ is up to date\.\n$/,
  );
  const doctor = await manage('doctor', '--database', url);
  expect(doctor.code).toBe(1);
  expect(doctor.err).toMatch(/^This command is about an SQLite file\..*\n$/);
});

it('the migrated tables are those of the models: columns, keys, indexes', async () => {
  const models = [experiments, exports, runs, tags].flatMap((file) => Object.values(file) as unknown[]);
  const url = await emptyDatabase();
  await (await openPostgres(url)).close();
  const tables = models.filter((value) => is(value, PgTable));
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    const { name, columns, indexes } = getTableConfig(table);
    const found = await ask<{ name: string; required: boolean }>(
      url,
      `select column_name as name, is_nullable = 'NO' as required from information_schema.columns where table_name = '${name}' order by 1`,
    );
    const wanted = columns.map((column) => ({ name: column.name, required: column.notNull }));
    expect(found, name).toEqual(wanted.sort((a, b) => (a.name < b.name ? -1 : 1)));
    const made = await ask<{ name: string }>(
      url,
      `select indexname as name from pg_indexes where tablename = '${name}'`,
    );
    const names = made.map((index) => index.name).filter((index) => !/_pk(ey)?$/.test(index));
    expect(names.sort(), name).toEqual(indexes.map(({ config }) => config.name).sort());
  }
  const parts = `select p.relname as name, count(*) as n from pg_inherits i join pg_class p on p.oid = i.inhparent
    where p.relkind = 'p' group by 1 order by 1`;
  expect(await ask(url, parts)).toEqual(['metrics', 'points', 'rollups'].map((name) => ({ name, n: 16 })));
});
