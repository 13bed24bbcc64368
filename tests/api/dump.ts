// tests/api/dump.ts
// Purpose: everything a tracker keeps, as text to compare: every row of every table, every artifact file.
// Why: "nothing was changed" is only shown by looking everywhere.
// Relevant files: tests/api/bad-requests.test.ts, shared/db/sqlite.ts

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

export function dumpOf(folder: string): Record<string, unknown[]> {
  const connection = new Database(path.join(folder, 'tracker.db'), { readonly: true });
  try {
    const tables = connection
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .pluck()
      .all() as string[];
    const rows = tables.map((name) => [name, connection.prepare(`select * from "${name}"`).all()] as const);
    const artifacts = path.join(folder, 'artifacts');
    const files = existsSync(artifacts) ? readdirSync(artifacts, { recursive: true }).map(String).sort() : [];
    return { ...Object.fromEntries(rows), files };
  } finally {
    connection.close();
  }
}
