// shared/db/backup-command.ts
// Purpose: `manage.ts backup FILE`: a copy of the database as it is at one moment, also while a server writes.
// Why: copying a file that is being written gives one that cannot be read.
// Relevant files: manage.ts, shared/db/sqlite.ts, README.md

import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Settings } from '../config.ts';
import { UserError } from '../errors.ts';
import { formatBytes } from '../format.ts';
import { requireFile } from './require-file.ts';

/** Pages in one step: between two steps the server may write. */
const PAGES = 2_000;

export async function backupCommand({ database }: Settings, target: string): Promise<void> {
  requireFile(database);
  if (existsSync(target)) throw new UserError(`${target} is there already: name a new file.`);
  // Whatever happens, the name that was asked for is a whole copy or is not there.
  const part = `${target}.part`;
  try {
    const from = new Database(database, { readonly: true, fileMustExist: true });
    try {
      await copy(from, part);
    } finally {
      from.close();
    }
    check(part);
    renameSync(part, target);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
  }
  console.log(`${database} → ${target}: ${formatBytes(statSync(target).size)}, every page is sound.`);
}

/** In a read transaction of its own: what is written meanwhile would make it begin again and again. */
async function copy(from: Database.Database, part: string): Promise<void> {
  from.exec('begin');
  from.prepare('select 1 from sqlite_master').get();
  await from.backup(part, { progress: () => PAGES });
}

function check(file: string): void {
  const copied = new Database(file);
  try {
    // One file, without a log beside it.
    copied.pragma('journal_mode = delete');
    const said = copied.pragma('integrity_check(1)', { simple: true });
    if (said !== 'ok') {
      throw new UserError(
        `The copy is not sound, and so is the database: ${String(said)}. Ask manage.ts doctor what can be saved.`,
      );
    }
  } finally {
    copied.close();
  }
}
