// runs/imported-changes.ts
// Purpose: what an import changes of a run besides its data: the row with its own times, its end, when it was heard of.
// Why: an imported run happened then, not now; a run that people here have ended or trashed stays as they left it.
// Relevant files: runs/changes.ts, runs/ingest.ts, imports/write-run.ts

import { eq } from 'drizzle-orm';
import { takeRunNumber } from '../experiments/touch-changes.ts';
import { fold } from '../shared/db/functions.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { RunStatus, runs, type RunRow } from './models.ts';
import { settleIfEnded } from './ranking-changes.ts';
import { isFinal } from './status.ts';
import { countState, moveState } from './tally-changes.ts';

/** Times are ms since the epoch. `parent_id` may name a run that is not here, or not yet. */
export type ImportedRun = Pick<
  RunRow,
  'id' | 'name' | 'status' | 'start_time' | 'end_time' | 'parent_id' | 'notes' | 'trashed_at'
>;

/** `isWhole` false: more of it follows in later transactions, so that an ended run goes in as running until it is all here. */
export async function insertImportedRun(
  tx: Db,
  run: ImportedRun,
  experimentId: number,
  { heardAt, isWhole }: { heardAt: number; isWhole: boolean },
): Promise<RunRow> {
  const { id, name, start_time, parent_id, notes, trashed_at } = run;
  const staysOpen = !isWhole && isFinal(run.status);
  const status = staysOpen ? RunStatus.Running : run.status;
  const rows = await tx
    .insert(runs)
    .values({
      ...{ id, name, start_time, parent_id, notes, trashed_at, status },
      name_folded: fold(name),
      settled: Number(status !== RunStatus.Running && trashed_at === null),
      experiment_id: experimentId,
      number: await takeRunNumber(tx, experimentId),
      end_time: staysOpen ? null : run.end_time,
      heard_at: heardAt,
      created_at: start_time ?? heardAt,
      updated_at: heardAt,
    })
    .returning();
  const row = one(rows);
  await countState(tx, row, trashed_at !== null, 1);
  return row;
}

/** A run that is still open here gets the later state it has elsewhere; true when that changed something. */
export async function advanceImportedRun(tx: Db, here: RunRow, run: ImportedRun): Promise<boolean> {
  const isLater = here.status !== run.status && run.status !== RunStatus.Scheduled;
  if (isFinal(here.status) || !isLater) return false;
  await tx
    .update(runs)
    .set({ status: run.status, start_time: here.start_time ?? run.start_time, end_time: run.end_time })
    .where(eq(runs.id, here.id));
  await moveState(tx, here, run.status);
  await settleIfEnded(tx, { ...here, status: run.status });
  return true;
}

/** Logging says "heard of now"; an import knows better. */
export async function setRunTimes(tx: Db, id: string, times: { heard_at: number; updated_at: number }): Promise<void> {
  await tx.update(runs).set(times).where(eq(runs.id, id));
}
