// shared/db/open.ts
// Purpose: opens the database that the settings name, on the engine that its address means.
// Why: server and commands know `Store` only; each engine's driver is loaded where it is used.
// Relevant files: shared/db/sqlite.ts, shared/db/postgres.ts, shared/db/engine.ts, shared/config.ts, manage.ts

import type { Settings } from '../config.ts';
import { UserError } from '../errors.ts';
import { engine } from './columns.ts';
import { engineOf, Engine } from './engine.ts';
import type { OpenOptions, Store } from './store.ts';

export async function openStore({ database }: Settings, options: OpenOptions = {}): Promise<Store> {
  if (engineOf(database) !== engine) {
    throw new UserError(
      `This process was started for ${engine}: set DATABASE_URL before it starts to use ${database}.`,
    );
  }
  if (engine === Engine.Postgres) return (await import('./postgres.ts')).openPostgres(database, options);
  return (await import('./sqlite.ts')).openSqlite(database, options);
}
