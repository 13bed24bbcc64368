// mlflow/run-routes.ts
// Purpose: MLflow's calls for a run itself: create, get, update, delete, restore; one tag off.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/run-writes.ts, mlflow/run-facts.ts, mlflow/run-views.ts

import { z } from 'zod';
import type { RunRow } from '../runs/models.ts';
import { findRun, isBeingRemoved } from '../runs/queries.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { missing } from './errors.ts';
import { cutText, experimentId, freePair, key, list, text, time, withRun } from './fields.ts';
import { plainNewRun, plainUpdate } from './plain-body.ts';
import { factsOf } from './run-facts.ts';
import { infoView, runView, statusIn, type RunFacts } from './run-views.ts';
import { createOne, deleteTag, moveOne, updateOne, type NewRun, type RunUpdate } from './run-writes.ts';
import { serve, type Answer } from './serve.ts';

export const createBody = z.object({
  experiment_id: experimentId,
  user_id: text(LIMITS.tagValue).optional(),
  run_name: text(LIMITS.tagValue).default(''),
  start_time: time.optional(),
  tags: list(freePair(cutText(LIMITS.tagValue))),
});
const byId = withRun({});
export const updateBody = withRun({
  status: statusIn.optional(),
  end_time: time.optional(),
  run_name: text(LIMITS.tagValue).default(''),
});
const deleteTagBody = withRun({ key });

export function installRuns(app: App): void {
  const { store } = app;

  const create = async (asked: NewRun): Promise<Answer> => ({
    run: runView(await store.write((tx) => createOne(tx, asked, Date.now()), { isOfOneRun: true })),
  });
  serve(app, 'POST', '/2.0/mlflow/runs/create', createBody, create, { plain: plainNewRun });

  serve(app, 'GET', '/2.0/mlflow/runs/get', byId, async ({ run_id }) => ({
    run: runView(await readFacts(store.read, await requireAny(store.read, run_id))),
  }));

  const update = async (asked: RunUpdate): Promise<Answer> => ({
    run_info: infoView(await store.write((tx) => updateOne(tx, asked, Date.now()), { isOfOneRun: true })),
  });
  serve(app, 'POST', '/2.0/mlflow/runs/update', updateBody, update, { plain: plainUpdate });

  for (const [path, trashed] of [
    ['delete', true],
    ['restore', false],
  ] as const)
    // prettier-ignore
    serve(app, 'POST', `/2.0/mlflow/runs/${path}`, byId, async ({ run_id }) => {
      await store.write((tx) => moveOne(tx, run_id, trashed, Date.now()));
      return {};
    });

  serve(app, 'POST', '/2.0/mlflow/runs/delete-tag', deleteTagBody, async ({ run_id, key }) => {
    await store.write((tx) => deleteTag(tx, run_id, key, Date.now()));
    return {};
  });
}

/** In the trash or not. */
export async function requireAny(db: Db, id: string): Promise<RunRow> {
  const run = await findRun(db, id);
  if (!run || (await isBeingRemoved(db, run))) throw missing(`Run with id=${id}`);
  return run;
}

async function readFacts(db: Db, run: RunRow): Promise<RunFacts> {
  const [facts] = await factsOf(db, [run]);
  if (!facts) throw new Error(`run ${run.id} has no facts`);
  return facts;
}
