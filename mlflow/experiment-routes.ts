// mlflow/experiment-routes.ts
// Purpose: MLflow's calls for experiments, all but their search.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/experiment-of.ts, mlflow/experiment-writes.ts

import { z } from 'zod';
import type { App } from '../shared/http/types.ts';
import { readByName, readExperiment } from './experiment-of.ts';
import { createOne, deleteOne, deleteTag, renameOne, restoreOne, setTag } from './experiment-writes.ts';
import { experimentId, freePair, key, list, pair, required, text } from './fields.ts';
import { serve } from './serve.ts';

const NAME_MAX = 500;
const TAG_MAX = 20_000;

const byId = z.object({ experiment_id: experimentId });
const byName = z.object({ experiment_name: required(NAME_MAX) });
const createBody = z.object({
  name: required(NAME_MAX),
  artifact_location: text(2_000).optional(),
  tags: list(freePair(text(TAG_MAX))),
});
const updateBody = byId.extend({ new_name: required(NAME_MAX) });
const tagBody = byId.extend(pair(text(TAG_MAX)).shape);
const deleteTagBody = byId.extend({ key });

export function installExperiments(app: App): void {
  const { store } = app;

  serve(app, 'POST', '/2.0/mlflow/experiments/create', createBody, async (asked) => {
    const { id } = await store.write((tx) => createOne(tx, asked, Date.now()));
    return { experiment_id: String(id) };
  });

  serve(app, 'GET', '/2.0/mlflow/experiments/get', byId, async ({ experiment_id }) => ({
    experiment: await readExperiment(store.read, experiment_id),
  }));

  serve(app, 'GET', '/2.0/mlflow/experiments/get-by-name', byName, async ({ experiment_name }) => ({
    experiment: await readByName(store.read, experiment_name),
  }));

  serve(app, 'POST', '/2.0/mlflow/experiments/update', updateBody, async ({ experiment_id, new_name }) => {
    await store.write((tx) => renameOne(tx, experiment_id, new_name, Date.now()));
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/experiments/delete', byId, async ({ experiment_id }) => {
    await store.write((tx) => deleteOne(tx, experiment_id, Date.now()));
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/experiments/restore', byId, async ({ experiment_id }) => {
    await restoreOne(store, experiment_id, Date.now());
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/experiments/set-experiment-tag', tagBody, async ({ experiment_id, key, value }) => {
    await store.write((tx) => setTag(tx, experiment_id, { key, value }, Date.now()));
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/experiments/delete-experiment-tag', deleteTagBody, async (asked) => {
    await store.write((tx) => deleteTag(tx, asked.experiment_id, asked.key, Date.now()));
    return {};
  });
}
