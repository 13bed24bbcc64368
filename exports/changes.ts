// exports/changes.ts
// Purpose: the row that an export leaves: begun, then complete or broken.
// Why: what was handed out can be proven later: how many rows and bytes, and their sha256.
// Relevant files: exports/models.ts, exports/produce.ts, exports/routes.ts

import { eq } from 'drizzle-orm';
import type { Db } from '../shared/db/store.ts';
import { exportLog, ExportState } from './models.ts';

export interface Begun {
  what: string;
  format: string;
  url: string;
}

/** What was written. Of a broken export: as far as it came, without a sha256. */
export interface Outcome {
  state: ExportState;
  rows: number;
  bytes: number;
  sha256: string | null;
}

export async function beginExport(tx: Db, begun: Begun, now: number): Promise<number> {
  const rows = await tx
    .insert(exportLog)
    .values({ ...begun, state: ExportState.Writing, created_at: now })
    .returning({ id: exportLog.id });
  return rows[0]?.id ?? 0;
}

export async function endExport(tx: Db, id: number, outcome: Outcome): Promise<void> {
  await tx.update(exportLog).set(outcome).where(eq(exportLog.id, id));
}

/** At start: what was being written when the last server died is broken. One of a command that still runs ends itself. */
export async function breakUnfinished(tx: Db): Promise<void> {
  await tx.update(exportLog).set({ state: ExportState.Broken }).where(eq(exportLog.state, ExportState.Writing));
}
