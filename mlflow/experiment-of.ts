// mlflow/experiment-of.ts
// Purpose: the experiment that a request names; experiment 0 is always there, and becomes a row when it is written into.
// Why: clients that were told nothing log into experiment 0, which no page shows before that.
// Relevant files: mlflow/experiment-routes.ts, mlflow/run-routes.ts, experiments/queries.ts

import { createExperiment } from '../experiments/changes.ts';
import { findByName, findByNameAnywhere, findExperiment } from '../experiments/queries.ts';
import type { ExperimentRow } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { tagsOfExperiments } from '../tags/queries.ts';
import { invalid, missing } from './errors.ts';
import { DEFAULT_ID, DEFAULT_NAME, experimentView, virtualDefault, type ExperimentView } from './experiment-views.ts';

/** In the trash or not; null: experiment 0, in which nothing is yet. */
export async function findMeant(db: Db, id: number): Promise<ExperimentRow | null> {
  const row = await findExperiment(db, id);
  if (row && row.purge_at === null) return row;
  if (id !== DEFAULT_ID || row) throw missing(`Experiment with id=${id}`);
  // Somebody made, or imported, one of this name before any client asked for experiment 0.
  return (await findByName(db, DEFAULT_NAME)) ?? null;
}

/** In the trash or not: what is to change. */
export async function requireMeant(tx: Db, id: number, now: number): Promise<ExperimentRow> {
  return (await findMeant(tx, id)) ?? createExperiment(tx, { id: DEFAULT_ID, name: DEFAULT_NAME }, now);
}

/** One that takes changes and runs. */
export async function requireActive(tx: Db, id: number, now: number): Promise<ExperimentRow> {
  const row = await requireMeant(tx, id, now);
  if (row.trashed_at !== null)
    throw invalid(`The experiment ${id} must be in the 'active' state. Its current state is 'deleted'.`);
  return row;
}

export async function readExperiment(db: Db, id: number): Promise<ExperimentView> {
  return viewOf(db, await findMeant(db, id));
}

/** In the trash or not. */
export async function readByName(db: Db, name: string): Promise<ExperimentView> {
  const row = await findByNameAnywhere(db, name);
  if (row) return viewOf(db, row);
  if (name !== DEFAULT_NAME || (await findExperiment(db, DEFAULT_ID)))
    throw missing(`Experiment with name=${JSON.stringify(name)}`);
  return virtualDefault();
}

async function viewOf(db: Db, row: ExperimentRow | null): Promise<ExperimentView> {
  if (!row) return virtualDefault();
  return experimentView(row, (await tagsOfExperiments(db, [row.id])).get(row.id));
}
