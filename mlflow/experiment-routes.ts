// mlflow/experiment-routes.ts
// Purpose: MLflow's calls for experiments, all but their search.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/experiment-views.ts, experiments/changes.ts

import { z } from 'zod';
import { createExperiment } from '../experiments/changes.ts';
import { findByName } from '../experiments/queries.ts';
import type { App } from '../shared/http/types.ts';
import { taken } from './errors.ts';
import { NOTE_TAG } from './experiment-views.ts';
import { list, pair, recordOf, required, text } from './fields.ts';
import { serve } from './serve.ts';

const NAME_MAX = 500;
const TAG_MAX = 20_000;

const createBody = z.object({
  name: required(NAME_MAX),
  artifact_location: text(2_000).optional(),
  tags: list(pair(TAG_MAX)),
});

export function installExperiments(app: App): void {
  const { store } = app;

  serve(app, 'POST', '/2.0/mlflow/experiments/create', createBody, async ({ name, tags }) => {
    const { [NOTE_TAG]: description = '', ...others } = recordOf(tags);
    const { id } = await store.write(async (tx) => {
      if (await findByName(tx, name)) throw taken(`Experiment ${JSON.stringify(name)} already exists.`);
      return createExperiment(tx, { name, description, tags: others }, Date.now());
    });
    return { experiment_id: String(id) };
  });
}
