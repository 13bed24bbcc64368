// shared/db/migrate-command.ts
// Purpose: `manage.ts migrate`: brings the database up to date, or says what is missing.
// Why: operators want to see and choose the moment.
// Relevant files: manage.ts, shared/db/open.ts, shared/db/migrations.ts

import { existsSync } from 'node:fs';
import type { Settings } from '../config.ts';
import { formatTime } from '../format.ts';
import { engineOf, Engine } from './engine.ts';
import { Migrations } from './migrations.ts';
import { openStore } from './open.ts';

export async function migrateCommand(settings: Settings, statusOnly: boolean): Promise<void> {
  const { database } = settings;
  if (statusOnly && engineOf(database) === Engine.Sqlite && !existsSync(database)) {
    console.log(`${database} does not exist yet; "run" or "migrate" makes it.`);
    return;
  }
  const store = await openStore(settings, { migrate: !statusOnly });
  const { migrations, location } = await store.status();
  await store.close();
  for (const { name, applied_at } of migrations) {
    console.log(`${name}  ${applied_at === null ? 'not applied' : `applied ${formatTime(applied_at)}`}`);
  }
  new Migrations(store.engine).refuseNewer(migrations.map(({ name }) => name));
  if (!statusOnly) console.log(`${location} is up to date.`);
}
