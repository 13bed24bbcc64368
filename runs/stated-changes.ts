// runs/stated-changes.ts
// Purpose: sets what a client says of its run as it says it: any state after any other, any end, name, notes, parent.
// Why: MLflow's clients resume ended runs and name parents that are not here; our own API asks for what makes sense.
// Relevant files: runs/changes.ts, runs/tally-changes.ts, mlflow/run-writes.ts

import { touchExperiment } from '../experiments/changes.ts';
import { fold } from '../shared/db/functions.ts';
import type { Db } from '../shared/db/store.ts';
import type { RunRow } from './models.ts';
import { settleIfEnded } from './ranking-changes.ts';
import { moveState } from './tally-changes.ts';

/** Only what is there changes. */
export type StatedRun = Partial<Pick<RunRow, 'name' | 'status' | 'end_time' | 'notes' | 'parent_id'>>;

/** The run as it is afterwards; `run` is as it was. */
export async function stateRun(tx: Db, run: RunRow, stated: StatedRun, now: number): Promise<RunRow> {
  if (Object.keys(stated).length === 0) return run;
  const folded = stated.name === undefined ? {} : { name_folded: fold(stated.name) };
  const changed = { ...stated, ...folded, updated_at: now };
  const columns = Object.keys(changed).map((name) => `${name} = ?`);
  await tx.execute(`update runs set ${columns.join(', ')} where seq = ?`, [...Object.values(changed), run.seq]);
  if (stated.status !== undefined && stated.status !== run.status) {
    await moveState(tx, run, stated.status);
    await settleIfEnded(tx, { ...run, status: stated.status });
  }
  await touchExperiment(tx, run.experiment_id, now);
  return { ...run, ...changed };
}
