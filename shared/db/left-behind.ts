// shared/db/left-behind.ts
// Purpose: what a start finds that a clean stop would not have left: a write-ahead log beside the file.
// Why: after a crash people want to read that it was noticed, and that nothing is lost.
// Relevant files: manage.ts, shared/db/sqlite.ts, runs/artifacts/folder-contents.ts

import { statSync } from 'node:fs';
import { formatBytes } from '../format.ts';
import { engineOf, Engine } from './engine.ts';

/** To be asked before the database is opened. */
export function findLog(database: string): string | undefined {
  if (engineOf(database) === Engine.Postgres) return undefined;
  const bytes = sizeOf(`${database}-wal`);
  if (bytes === 0) return undefined;
  return (
    `The last stop was not a clean one, or another process uses the database too: what was acknowledged has been ` +
    `taken over from its log of ${formatBytes(bytes)}.`
  );
}

/** 0 where it cannot be looked at: opening the database says why. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
