// mlflow/locations.ts
// Purpose: where clients find the files of runs, logged models and versions: the addresses that answers name.
// Why: an experiment may have been given a place of its own; all addresses follow from that, said once.
// Relevant files: mlflow/experiment-views.ts, mlflow/artifacts-routes.ts, mlflow/artifact-place.ts

import { experimentsById } from '../experiments/queries.ts';
import { findLoggedModel } from '../models/logged-queries.ts';
import type { LoggedModelRow, ModelVersionRow } from '../models/models.ts';
import { loggedIn } from '../models/version-queries.ts';
import { findRun } from '../runs/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { missing } from './errors.ts';
import { locationOf } from './experiment-views.ts';

/** Without a slash at the end; also of experiments that are gone, whose models may still be there. */
export async function locationsOf(db: Db, ids: number[]): Promise<(id: number) => string> {
  const rows = await experimentsById(db, [...new Set(ids)]);
  return (id) => locationOf(rows.get(id) ?? { id, artifact_location: null }).replace(/\/+$/, '');
}

export async function runUri(db: Db, id: string): Promise<string> {
  const run = await findRun(db, id);
  if (!run) throw missing(`Run with id=${id}`);
  return `${(await locationsOf(db, [run.experiment_id]))(run.experiment_id)}/${id}/artifacts`;
}

type Placed = Pick<LoggedModelRow, 'id' | 'experiment_id'>;

export function modelUri({ id, experiment_id }: Placed, location: (id: number) => string): string {
  return `${location(experiment_id)}/models/${id}/artifacts`;
}

export async function oneModelUri(db: Db, model: Placed): Promise<string> {
  return modelUri(model, await locationsOf(db, [model.experiment_id]));
}

/** Where the files of a version are: of a logged model's with the model. */
export async function versionUri(db: Db, { origin }: Pick<ModelVersionRow, 'origin'>): Promise<string> {
  const id = loggedIn(origin);
  const model = id === undefined ? undefined : await findLoggedModel(db, id);
  return model ? oneModelUri(db, model) : origin;
}
