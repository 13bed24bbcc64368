// imports/target.ts
// Purpose: decides which experiment here the runs of a source's experiment go to.
// Why: an import that is run again must find what it made before, also renamed or in the trash, and make it once only.
// Relevant files: imports/queries.ts, imports/write.ts, experiments/imported-changes.ts

import { insertImportedExperiment } from '../experiments/imported-changes.ts';
import { ExperimentStatus } from '../experiments/models.ts';
import { findByName, findExperiment } from '../experiments/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { UserError } from '../shared/errors.ts';
import { experimentsHolding, findTrashedByName, knownRunIds } from './queries.ts';
import type { SourceExperiment } from './records.ts';

export type ExperimentFacts = Omit<SourceExperiment, 'runs'>;

export interface Target {
  id: number;
  trashed_at: number | null;
}

/** Where an experiment's runs go: `ensure` finds it, or makes it with the first run that is new. */
export interface Home {
  ensure: (tx: Db, activity: number) => Promise<Target>;
  readonly wasMade: boolean;
  /** When the source's experiment went to the trash. */
  readonly trashedAt: number | null;
}

/**
 * `into`: the experiment the user asked for. Otherwise the live one of the same name, then one that holds runs of this
 * experiment already. A deleted one only ever meets its own runs.
 */
async function findTarget(db: Db, facts: ExperimentFacts, ids: string[], into?: string): ReturnType<typeof findByName> {
  if (into !== undefined) return findByName(db, into);
  if (facts.trashed_at !== null) return (await experimentsHolding(db, ids))[0];
  const sameName = await findByName(db, facts.name);
  return sameName ?? (await experimentsHolding(db, ids)).find((holder) => holder.trashed_at === null);
}

/** Not removed for ever since it was found. */
async function staysHere(tx: Db, id: number): Promise<boolean> {
  return (await findExperiment(tx, id))?.purge_at === null;
}

export function homeOf(facts: ExperimentFacts, ids: string[], importedAt: number, into?: string): Home {
  let target: Target | undefined;
  let wasMade = false;
  return {
    async ensure(tx, activity) {
      target ??= await findTarget(tx, facts, ids, into);
      if (target && (await staysHere(tx, target.id))) return target;
      if (target) throw new UserError('The experiment that runs were being imported into was removed for ever.');
      wasMade = true;
      const named = { name: into ?? '', description: '', created_at: null, trashed_at: null, tags: {} };
      const made = into === undefined ? facts : named;
      const times = { created_at: made.created_at ?? importedAt, last_activity_at: activity };
      return (target = await insertImportedExperiment(tx, { ...made, ...times }));
    },
    get wasMade() {
      return wasMade;
    },
    trashedAt: facts.trashed_at,
  };
}

/** An experiment without runs is made unless one of its name is here, live or (the same one) in the trash. */
export async function needsMaking(db: Db, { name, created_at }: ExperimentFacts): Promise<boolean> {
  if (await findByName(db, name)) return false;
  return created_at === null || !(await findTrashedByName(db, name, created_at));
}

/** Before anything is written. Errors: UserError when new runs would go to an archived experiment. */
export async function checkTarget(db: Db, facts: ExperimentFacts, ids: string[], into?: string): Promise<void> {
  const target = await findTarget(db, facts, ids, into);
  if (target?.status !== ExperimentStatus.Archived) return;
  if ((await knownRunIds(db, ids)).size === ids.length) return;
  throw new UserError(
    `Experiment ${JSON.stringify(target.name)} is archived and takes no new runs. ` +
      'Set its status to active, or import into another with --experiment.',
  );
}
