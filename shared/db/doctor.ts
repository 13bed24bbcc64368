// shared/db/doctor.ts
// Purpose: examines the SQLite file itself: sizes, pages, references, free disk.
// Why: a damaged file must be told apart from wrong data in a sound one, before anything else is asked of it.
// Relevant files: shared/db/doctor-command.ts, shared/db/findings.ts, shared/db/salvage.ts

import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { formatBytes } from '../format.ts';
import { findingOf, Level, type Finding } from './findings.ts';

/** A log larger than this was kept by a reader that does not end. */
const WAL_NOTED = 256 * 1024 * 1024;
const DISK_NOTED = 512 * 1024 * 1024;

/** Reads only; a server may be running on the file. */
export function* examineFile(file: string): Generator<Finding> {
  yield sizes(file);
  let connection: Database.Database | undefined;
  try {
    connection = new Database(file, { readonly: true, fileMustExist: true });
    connection.prepare('select 1 from sqlite_master').get();
  } catch (error) {
    connection?.close();
    yield { level: Level.Bad, what: 'file', text: `cannot be read: ${(error as Error).message}` };
    return;
  }
  yield structure(connection);
  yield references(connection);
  connection.close();
}

function sizes(file: string): Finding {
  const bytes = (suffix: string): number => statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0;
  const { bavail, bsize } = statfsSync(path.dirname(file));
  const free = bavail * bsize;
  const log = bytes('-wal');
  const isNoted = log > WAL_NOTED || free < DISK_NOTED;
  return {
    level: isNoted ? Level.Note : Level.Ok,
    what: 'space',
    text: `${formatBytes(bytes(''))} in the file, ${formatBytes(log)} in its write-ahead log, ${formatBytes(free)} free on the disk`,
  };
}

function structure(connection: Database.Database): Finding {
  const { rows, error } = rowsOf<{ integrity_check: string }>(connection, 'pragma integrity_check(100)');
  const faults = rows.flatMap((row) => row.integrity_check.split('\n')).filter((text) => text !== 'ok');
  return findingOf('structure', 'every page and index of the file is sound', 'faults in the file', [
    ...faults,
    ...error,
  ]);
}

function references(connection: Database.Database): Finding {
  const { rows, error } = rowsOf<{ table: string; parent: string }>(connection, 'pragma foreign_key_check');
  const kinds = new Map<string, number>();
  for (const { table, parent } of rows) {
    const kind = `${table} → ${parent}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const places = [...kinds].map(([kind, count]) => `${kind}: ${count} rows name one that is not there`);
  return findingOf('references', 'every row that another one names is there', 'kinds of dangling references', [
    ...places,
    ...error,
  ]);
}

/** The check itself breaks off at a page that is too far gone; what it has found until then counts. */
function rowsOf<Row>(connection: Database.Database, sql: string): { rows: Row[]; error: string[] } {
  const rows: Row[] = [];
  try {
    for (const row of connection.prepare(sql).iterate()) rows.push(row as Row);
    return { rows, error: [] };
  } catch (error) {
    return { rows, error: [`the check broke off: ${(error as Error).message}`] };
  }
}
