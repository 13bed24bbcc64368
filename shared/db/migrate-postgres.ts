// shared/db/migrate-postgres.ts
// Purpose: applies the SQL files of PostgreSQL, in order, under an advisory lock, in one transaction.
// Why: several app processes start at once, and a half-applied migration must leave the old database behind.
// Relevant files: shared/db/postgres.ts, shared/db/migrations.ts, shared/db/migrations/postgres, shared/db/drizzle.postgres.config.ts

import type { ClientBase, Pool } from 'pg';
import { UserError } from '../errors.ts';
import { Engine } from './engine.ts';
import { MIGRATION_LOCK } from './locks.ts';
import { Migrations, type MigrationState } from './migrations.ts';

const migrations = new Migrations(Engine.Postgres);

/** Applies what is missing. Throws `UserError` on a database of something else or from a newer version. */
export async function migratePostgres(client: ClientBase): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select ${MIGRATION_LOCK}`);
    await refuseForeign(client);
    await client.query('create table if not exists migrations (name text primary key, applied_at bigint not null)');
    for (const name of migrations.pending(await appliedAt(client))) await apply(client, name);
    await client.query('commit');
  } catch (error) {
    // A connection that is gone has rolled back by itself; its error is the one to be told.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

export async function listMigrations(client: Pool): Promise<MigrationState[]> {
  return migrations.states(await appliedAt(client));
}

async function apply(client: ClientBase, name: string): Promise<void> {
  for (const statement of migrations.statementsOf(name)) await client.query(statement);
  await client.query('insert into migrations (name, applied_at) values ($1, $2)', [name, Date.now()]);
}

async function appliedAt(client: ClientBase | Pool): Promise<Map<string, number>> {
  if (!(await columnsOf(client)).has('applied_at')) return new Map();
  const { rows } = await client.query<{ name: string; applied_at: number }>('select name, applied_at from migrations');
  return new Map(rows.map((row) => [row.name, row.applied_at]));
}

async function refuseForeign(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' limit 3",
  );
  if (rows.length === 0 || (await columnsOf(client)).has('applied_at')) return;
  throw new UserError(
    `The database holds tables of something else (${rows.map(({ name }) => name).join(', ')} …). ` +
      'Make an empty one for the tracker and name it in DATABASE_URL.',
  );
}

/** Of our table; other programs keep one of this name too, with other columns. */
async function columnsOf(client: ClientBase | Pool): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = 'migrations'",
  );
  return new Set(rows.map(({ name }) => name));
}
