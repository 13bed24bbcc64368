// runs/compare/baseline-changes.ts
// Purpose: makes a run the baseline of its experiment, or takes that back.
// Why: there is one; the new one takes the place of the one before.
// Relevant files: runs/compare/baseline-queries.ts, runs/compare/baseline-routes.ts, runs/models.ts

import { raiseVersion } from '../../experiments/changes.ts';
import type { Db } from '../../shared/db/store.ts';
import type { RunRow } from '../models.ts';

export async function setBaseline(tx: Db, run: RunRow, isBaseline: boolean): Promise<void> {
  const { id, experiment_id: experiment } = run;
  await tx.execute(`delete from baselines where experiment_id = ?${isBaseline ? '' : ' and run_id = ?'}`, [
    experiment,
    ...(isBaseline ? [] : [id]),
  ]);
  if (isBaseline) await tx.execute('insert into baselines (experiment_id, run_id) values (?, ?)', [experiment, id]);
  await raiseVersion(tx, experiment);
}
