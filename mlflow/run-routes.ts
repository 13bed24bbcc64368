// mlflow/run-routes.ts
// Purpose: MLflow's calls for a run itself: create, get.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/run-facts.ts, mlflow/run-views.ts, runs/changes.ts

import { z } from 'zod';
import { createRun } from '../runs/changes.ts';
import { findRun } from '../runs/queries.ts';
import type { RunRow } from '../runs/models.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { invalid, missing } from './errors.ts';
import { NOTE_TAG } from './experiment-views.ts';
import { experimentId, freePair, list, recordOf, text, time, withRun } from './fields.ts';
import { factsOf } from './run-facts.ts';
import { randomName } from './run-names.ts';
import { NAME_TAG, runView, USER_TAG } from './run-views.ts';
import { serve } from './serve.ts';

const TAG_MAX = 8_000;

const createBody = z.object({
  experiment_id: experimentId,
  user_id: text(250).optional(),
  run_name: text(500).default(''),
  start_time: time.optional(),
  tags: list(freePair(TAG_MAX)),
});

export function installRuns(app: App): void {
  const { store } = app;

  serve(app, 'POST', '/2.0/mlflow/runs/create', createBody, async (asked) => {
    const { [NAME_TAG]: tagName = '', [NOTE_TAG]: notes = '', ...others } = recordOf(asked.tags);
    if (asked.run_name && tagName && asked.run_name !== tagName)
      throw invalid(`run_name is ${JSON.stringify(asked.run_name)}, but its tag says ${JSON.stringify(tagName)}.`);
    const body = {
      experiment_id: asked.experiment_id,
      name: asked.run_name || tagName || randomName(),
      start_time: asked.start_time,
      notes,
      tags: asked.user_id ? { [USER_TAG]: asked.user_id, ...others } : others,
    };
    const { run } = await store.write((tx) => createRun(tx, body, Date.now()));
    return { run: await viewOf(store.read, run) };
  });

  serve(app, 'GET', '/2.0/mlflow/runs/get', withRun({}), async ({ run_id }) => ({
    run: await viewOf(store.read, await requireAny(store.read, run_id)),
  }));
}

/** In the trash or not. */
async function requireAny(db: Db, id: string): Promise<RunRow> {
  const run = await findRun(db, id);
  if (!run) throw missing(`Run with id=${id}`);
  return run;
}

async function viewOf(db: Db, run: RunRow): Promise<object> {
  const [facts] = await factsOf(db, [run]);
  if (!facts) throw new Error(`run ${run.id} has no facts`);
  return runView(facts);
}
