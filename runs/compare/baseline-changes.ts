// runs/compare/baseline-changes.ts
// Purpose: makes a run or a group of runs the baseline of its experiment, or takes that back.
// Why: there is one; the new one takes the place of the one before, which is given back for Undo.
// Relevant files: runs/compare/baseline-queries.ts, runs/compare/baseline-routes.ts, runs/models.ts, experiments/models.ts

import { raiseVersion } from '../../experiments/touch-changes.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { badField } from '../../shared/errors.ts';
import { requireRun } from '../queries.ts';
import { baselineOf, type Baseline } from './baseline-queries.ts';
import { canBeBaseline } from './baseline-words.ts';
import { readGroup } from './selection.ts';

/** One of the two, or none. */
export interface BaselineChoice {
  run?: string | undefined;
  group?: string | undefined;
}

export interface BaselineChange {
  was: BaselineChoice;
  now: Baseline | null;
}

/**
 * `isUndo`: a group that has lost its runs meanwhile comes back, too. Errors: a run of another experiment, a filter that cannot
 * be read, finds nothing or moves with time (400 each).
 */
export async function setBaseline(
  tx: Db,
  id: number,
  { run, group }: BaselineChoice,
  { isUndo = false } = {},
): Promise<BaselineChange> {
  const experiment = await requireExperiment(tx, id);
  const before = await baselineOf(tx, experiment);
  if (run !== undefined && (await requireRun(tx, run)).experiment_id !== id)
    throw badField('run', 'must be a run of this experiment');
  if (group !== undefined) await checkGroup(tx, id, group, isUndo);
  await tx.execute('delete from baselines where experiment_id = ?', [id]);
  await tx.execute('update experiments set baseline_group = ? where id = ?', [group ?? null, id]);
  if (run !== undefined) await tx.execute('insert into baselines (experiment_id, run_id) values (?, ?)', [id, run]);
  await raiseVersion(tx, id);
  return {
    was: { run: before?.run?.id, group: before?.group?.where },
    now: await baselineOf(tx, await requireExperiment(tx, id)),
  };
}

async function checkGroup(tx: Db, id: number, where: string, mayBeEmpty: boolean): Promise<void> {
  if (where.trim() === '') throw badField('group', 'must be a filter: params.optimizer = adam and params.lr = 0.1');
  if (!canBeBaseline(where))
    throw badField('group', 'must not move with time: a baseline stays what it is until somebody changes it');
  const { total } = await readGroup(tx, `${id}:${where}`, 'group');
  if (total === 0 && !mayBeEmpty) throw badField('group', 'no run matches this filter');
}
