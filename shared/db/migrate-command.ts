// shared/db/migrate-command.ts
// Purpose: `manage.ts migrate`: brings the database up to date, or says what is missing.
// Why: operators want to see and choose the moment.
// Relevant files: manage.ts, shared/db/migrate.ts

import { existsSync } from 'node:fs';
import type { Settings } from '../config.ts';
import { formatTime } from '../format.ts';
import { refuseNewer } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

export async function migrateCommand({ database }: Settings, statusOnly: boolean): Promise<void> {
  const existed = existsSync(database);
  if (statusOnly && !existed) {
    console.log(`${database} does not exist yet; "run" or "migrate" makes it.`);
    return;
  }
  const store = await openSqlite(database, { migrate: !statusOnly });
  const { migrations } = await store.status();
  await store.close();
  for (const { name, applied_at } of migrations) {
    console.log(`${name}  ${applied_at === null ? 'not applied' : `applied ${formatTime(applied_at)}`}`);
  }
  refuseNewer(migrations.map(({ name }) => name));
  if (!statusOnly) console.log(`${database} is up to date.`);
}
