// mlflow/log-routes.ts
// Purpose: MLflow's calls that log: batches, one metric, param or tag; what data and models a run used and made; models of the old kind.
// Why: HTTP only: parse, call, answer. Bodies are read by mlflow/log-body.ts, which is made for speed.
// Relevant files: mlflow/serve.ts, mlflow/log-body.ts, mlflow/run-writes.ts, runs/dataset-changes.ts

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { linkModels, logModelPoints } from '../models/logged-changes.ts';
import { ModelRole } from '../models/logged-queries.ts';
import { useDatasets } from '../runs/dataset-changes.ts';
import { requireLoggedRun } from '../runs/logged-run-queries.ts';
import { nearestPlace } from '../runs/wide-points.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import { invalid } from './errors.ts';
import { list, MISSING, required, text, whole, withRun, type Pair } from './fields.ts';
import { modelBody, paramBody, readBatch, readMetric, tagBody, type Logged, type SentPoint } from './log-body.ts';
import { logOne } from './run-writes.ts';
import { serve, serveBytes, type Answer } from './serve.ts';

const step = whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const inputTag = z.object({ key: required(255), value: text(500).default('') });
const dataset = z.object({
  name: required(500),
  digest: required(36),
  source_type: text(36).default(''),
  source: text(65_535).default(''),
  schema: text(1_048_575).optional(),
  profile: text(16_777_215).optional(),
});
const model = z.object({ model_id: required(255), step: step.default(0) });
const inputsBody = withRun({
  datasets: list(z.object({ tags: list(inputTag), dataset })),
  models: list(model.omit({ step: true })),
});
const outputsBody = withRun({ models: z.array(model, 'must be a list').min(1, MISSING) });

const MODELS_TAG = 'mlflow.log-model.history';

export function installLogging(app: App): void {
  const { store } = app;

  const log = async ({ run_id, batch, ofModels }: Logged, request: FastifyRequest): Promise<Answer> => {
    const bytes = Number(request.headers['content-length'] ?? 0);
    const work = async (tx: Db): Promise<void> => {
      await logOne(tx, run_id, batch, Date.now());
      if (ofModels.length > 0) await logOfModels(tx, run_id, ofModels);
    };
    await store.write(work, { run: run_id, bytes });
    return '{}';
  };
  const logFacts = async (run_id: string, facts: { params?: Pair; tags?: Pair }): Promise<Answer> => {
    const record = (pair?: Pair): Record<string, string> => (pair ? { [pair.key]: pair.value } : {});
    const empty = { series: new Map<string, never>(), points: 0, wide: [] };
    const batch = { ...empty, params: record(facts.params), tags: record(facts.tags) };
    await store.write((tx) => logOne(tx, run_id, batch, Date.now()));
    return '{}';
  };

  serveBytes(app, 'POST', '/2.0/mlflow/runs/log-batch', async (body, request) => log(readBatch(body), request));
  serveBytes(app, 'POST', '/2.0/mlflow/runs/log-metric', async (body, request) => log(readMetric(body), request));
  serve(app, 'POST', '/2.0/mlflow/runs/log-parameter', paramBody, ({ run_id, ...params }) =>
    logFacts(run_id, { params }),
  );
  serve(app, 'POST', '/2.0/mlflow/runs/set-tag', tagBody, ({ run_id, ...tags }) => logFacts(run_id, { tags }));

  serve(app, 'POST', '/2.0/mlflow/runs/log-inputs', inputsBody, async ({ run_id, datasets, models }) => {
    const used = datasets.map(({ tags, dataset: { schema = null, profile = null, ...one } }) => ({
      dataset: { ...one, schema, profile },
      tags,
    }));
    await store.write(async (tx) => {
      const run = await requireLoggedRun(tx, run_id);
      await useDatasets(tx, run, used, Date.now());
      await linkModels(tx, run, ModelRole.Input, models);
    });
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/runs/outputs', outputsBody, async ({ run_id, models }) => {
    await store.write(async (tx) => linkModels(tx, await requireLoggedRun(tx, run_id), ModelRole.Output, models));
    return {};
  });

  // What clients before logged models called: the models of a run as a list in a tag.
  serve(app, 'POST', '/2.0/mlflow/runs/log-model', modelBody, async ({ run_id, model_json }) => {
    const before = (await tagsOfRuns(store.read, [run_id])).get(run_id)?.find(({ key }) => key === MODELS_TAG)?.value;
    return logFacts(run_id, { tags: { key: MODELS_TAG, value: appended(before, model_json) } });
  });
}

/** They are kept at the nearest place that a double can say. */
async function logOfModels(tx: Db, run_id: string, points: SentPoint[]): Promise<void> {
  const run = await requireLoggedRun(tx, run_id);
  const placed = points.map(({ step, timestamp, model_id = '', ...point }) => ({
    ...point,
    ...nearestPlace(step, timestamp),
    model_id,
  }));
  await logModelPoints(tx, run, placed, Date.now());
}

/** What says of a model where it is and how it is loaded. */
const MODEL_FIELDS = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];

function appended(before: string | undefined, model: string): string {
  const list = before === undefined ? [] : parsed(before);
  const one = parsed(model);
  const wrong = (what: string): Error => invalid(`Invalid value for parameter 'model_json': ${what}.`);
  if (typeof one !== 'object' || one === null || Array.isArray(one)) throw wrong('must be an object in JSON');
  const absent = MODEL_FIELDS.filter((name) => !(name in one));
  if (absent.length > 0) throw wrong(`must have ${absent.join(', ')}`);
  return JSON.stringify([...(Array.isArray(list) ? (list as unknown[]) : []), one]);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
