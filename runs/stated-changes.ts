// runs/stated-changes.ts
// Purpose: sets what a client says of its run as it says it: any state after any other, any end, name, notes, parent.
// Why: MLflow's clients resume ended runs and name parents that are not here; our own API asks for what makes sense.
// Relevant files: runs/changes.ts, runs/tally-changes.ts, mlflow/run-writes.ts

import { touchExperiment } from '../experiments/touch-changes.ts';
import { fold } from '../shared/db/functions.ts';
import type { Db } from '../shared/db/store.ts';
import type { RunRow } from './models.ts';
import { HEARD_PRECISION_MS } from './ingest.ts';
import { isSettled, rankAgain, settleIfEnded } from './ranking-changes.ts';
import { moveState } from './tally-changes.ts';

/** Only what is there changes. */
export type StatedRun = Partial<Pick<RunRow, 'name' | 'status' | 'end_time' | 'notes' | 'parent_id'>>;

/** The run as it is afterwards; `run` is as it was. */
export async function stateRun(tx: Db, run: RunRow, stated: StatedRun, now: number): Promise<RunRow> {
  if (Object.keys(stated).length === 0) return run;
  const folded = stated.name === undefined ? {} : { name_folded: fold(stated.name) };
  const status = stated.status ?? run.status;
  const isMoved = status !== run.status;
  const settles = isMoved && isSettled({ ...run, status });
  const changed = { ...stated, ...folded, ...(settles && { settled: 1 }), updated_at: now };
  const columns = Object.keys(changed).map((name) => `${name} = ?`);
  await tx.execute(`update runs set ${columns.join(', ')} where seq = ?`, [...Object.values(changed), run.seq]);
  if (isMoved) await moveState(tx, run, status);
  if (settles) await rankAgain(tx, run.seq);
  else if (isMoved) await settleIfEnded(tx, { ...run, status });
  await touchExperiment(tx, run.experiment_id, now, { precision: HEARD_PRECISION_MS });
  return { ...run, ...changed };
}
