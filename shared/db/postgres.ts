// shared/db/postgres.ts
// Purpose: opens a PostgreSQL database: pools for reads, writes and snapshots, migrations, status, a clean close.
// Why: for teams that outgrow one machine; features see the same `Store` as on SQLite.
// Relevant files: shared/db/store.ts, shared/db/postgres-db.ts, shared/db/postgres-writer.ts, shared/db/postgres-changes.ts

import pg from 'pg';
import { UserError } from '../errors.ts';
import { Engine } from './engine.ts';
import { listMigrations, migratePostgres } from './migrate-postgres.ts';
import { PostgresChanges } from './postgres-changes.ts';
import { asDb } from './postgres-db.ts';
import { PostgresWriter, WRITERS } from './postgres-writer.ts';
import type { OpenOptions, Snapshot, Store, StoreStatus } from './store.ts';

/** Connections of a process. An export keeps a snapshot for as long as somebody loads it down; the next one waits. */
const READERS = 10;
const SNAPSHOTS = 5;
/** A new connection makes writers forget what they keep in memory of series: they rest for so long before one ends. */
const WRITER_REST_MS = 10 * 60_000;
/** How long a request waits for a connection, ms. */
const PATIENCE_MS = 10_000;

export async function openPostgres(url: string, { migrate = true }: OpenOptions = {}): Promise<Store> {
  const config = { connectionString: url, application_name: 'tracker', keepAlive: true };
  await prepare(config, url, migrate);
  const readers = poolOf(config, READERS);
  const writers = poolOf({ ...config, pipeline: true, idleTimeoutMillis: WRITER_REST_MS }, WRITERS);
  const snapshots = poolOf(config, SNAPSHOTS);
  const open = new Set<Snapshot>();
  const changes = new PostgresChanges(config, readers);
  const writer = new PostgresWriter(writers, changes.tell);
  return {
    engine: Engine.Postgres,
    read: asDb(readers),
    write: (work, scope) => writer.write(work, scope),
    changes,
    snapshot: async () => {
      const snapshot = await openSnapshot(snapshots, () => open.delete(snapshot));
      open.add(snapshot);
      return snapshot;
    },
    status: () => status(readers, url),
    close: async () => {
      await writer.idle();
      for (const snapshot of open) await snapshot.close();
      await changes.close();
      for (const pool of [readers, writers, snapshots]) await pool.end();
    },
  };
}

/** Says in one line what is wrong with the address, the password or the database. */
async function prepare(config: pg.ClientConfig, url: string, migrate: boolean): Promise<void> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new UserError(`PostgreSQL at ${locationOf(url)} cannot be used: ${reasonOf(error)}`);
  }
  try {
    if (migrate) await migratePostgres(client);
  } finally {
    await client.end();
  }
}

/** Node gathers what it met at several addresses of one name in an error without words. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

function poolOf(config: pg.PoolConfig, max: number): pg.Pool {
  const pool = new pg.Pool({ ...config, max, connectionTimeoutMillis: PATIENCE_MS });
  // A connection that is lost while nobody uses it is replaced by the pool; one in use fails the query that uses it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function openSnapshot(pool: pg.Pool, onClose: () => void): Promise<Snapshot> {
  const client = await pool.connect();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    onClose();
    const isBroken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.release(isBroken);
  };
  try {
    // `begin` alone sees nothing yet; the first read fixes the state.
    await client.query('begin isolation level repeatable read read only; select 1');
  } catch (error) {
    await close();
    throw error;
  }
  return { db: asDb(client), close };
}

async function status(pool: pg.Pool, url: string): Promise<StoreStatus> {
  const { rows } = await pool.query<{ version: string; bytes: number }>(
    "select current_setting('server_version') as version, pg_database_size(current_database()) as bytes",
  );
  return {
    engine: Engine.Postgres,
    engineVersion: rows[0]?.version ?? '',
    location: locationOf(url),
    bytes: rows[0]?.bytes ?? 0,
    migrations: await listMigrations(pool),
  };
}

/** Without the password, which may stand in two places. */
export function locationOf(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  parsed.searchParams.delete('password');
  return parsed.href;
}
