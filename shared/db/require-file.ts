// shared/db/require-file.ts
// Purpose: the SQLite file that a command is about, or one line that says why there is none.
// Why: commands that look into the file can do nothing for PostgreSQL, which has its own tools.
// Relevant files: shared/db/doctor-command.ts, shared/db/backup-command.ts, shared/db/engine.ts

import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { engineOf, Engine } from './engine.ts';

export function requireFile(database: string): void {
  if (engineOf(database) === Engine.Postgres)
    throw new UserError('This command is about an SQLite file. PostgreSQL has pg_dump, pg_basebackup and pg_amcheck.');
  if (!existsSync(database)) throw new UserError(`There is no database at ${database}. Name its folder with --data.`);
}
