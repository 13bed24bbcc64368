// decisions/changes.ts
// Purpose: what changes decisions: add, edit, trash, restore.
// Why: each moves the version of its experiment, whose page shows them.
// Relevant files: decisions/queries.ts, decisions/models.ts, experiments/changes.ts

import { eq } from 'drizzle-orm';
import { raiseVersion } from '../experiments/touch-changes.ts';
import { requireExperiment } from '../experiments/queries.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { decisions, type DecisionRow, type DecisionStatus } from './models.ts';
import { findDecision, requireDecision } from './queries.ts';

export interface NewDecision {
  hypothesis: string;
  status: DecisionStatus;
  verdict: string;
  url: string;
  numbers: string;
}

export async function addDecision(tx: Db, experiment: number, made: NewDecision, now: number): Promise<DecisionRow> {
  await requireExperiment(tx, experiment);
  const times = { created_at: now, updated_at: now };
  const rows = await tx
    .insert(decisions)
    .values({ experiment_id: experiment, ...made, ...times })
    .returning();
  await raiseVersion(tx, experiment);
  return one(rows);
}

/** What is left out stays. The address and the numbers are of the time when it was made and never change. */
export type DecisionChange = {
  [Field in 'hypothesis' | 'status' | 'verdict']?: NewDecision[Field] | undefined;
};

export async function editDecision(tx: Db, id: number, change: DecisionChange, now: number): Promise<DecisionRow> {
  const { hypothesis, status, verdict, experiment_id } = await requireDecision(tx, id);
  await requireExperiment(tx, experiment_id);
  await tx
    .update(decisions)
    .set({
      hypothesis: change.hypothesis ?? hypothesis,
      status: change.status ?? status,
      verdict: change.verdict ?? verdict,
      updated_at: now,
    })
    .where(eq(decisions.id, id));
  await raiseVersion(tx, experiment_id);
  return requireDecision(tx, id);
}

/** `at` null: back from the trash. */
export async function trashDecision(tx: Db, id: number, at: number | null): Promise<DecisionRow> {
  const row = await findDecision(tx, id);
  if (!row) throw notFound(`Decision ${id}`);
  await requireExperiment(tx, row.experiment_id);
  if ((row.trashed_at === null) !== (at === null)) {
    await tx.update(decisions).set({ trashed_at: at }).where(eq(decisions.id, id));
    await raiseVersion(tx, row.experiment_id);
  }
  return { ...row, trashed_at: row.trashed_at !== null && at !== null ? row.trashed_at : at };
}
