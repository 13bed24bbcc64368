// tests/api/dump.ts
// Purpose: everything a tracker keeps, as text to compare: every row of every table, every artifact file.
// Why: "nothing was changed" is only shown by looking everywhere.
// Relevant files: tests/api/bad-requests.test.ts, tests/imports/write-support.ts, tests/support/database.ts

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { everyRow } from '../imports/write-support.ts';

export async function dumpOf(folder: string): Promise<Record<string, unknown[]>> {
  const artifacts = path.join(folder, 'artifacts');
  const files = existsSync(artifacts) ? readdirSync(artifacts, { recursive: true }).map(String).sort() : [];
  return { ...(await everyRow(folder)), files };
}
