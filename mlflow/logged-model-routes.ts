// mlflow/logged-model-routes.ts
// Purpose: MLflow's calls for logged models: create, get, finish, delete, tags, params, search.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/serve.ts, mlflow/model-views.ts, mlflow/model-filter.ts, models/logged-changes.ts

import { z } from 'zod';
import {
  createLoggedModel,
  deleteLoggedModel,
  logLoggedModelParams,
  removeLoggedModelTag,
  setLoggedModelStatus,
  setLoggedModelTags,
} from '../models/logged-changes.ts';
import { describeLoggedModels, findLoggedModel } from '../models/logged-queries.ts';
import type { LoggedModelRow } from '../models/models.ts';
import { LoggedModelStatus } from '../models/models.ts';
import { searchLoggedModels } from '../models/search-queries.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { missing } from './errors.ts';
import { requireActive } from './experiment-of.ts';
import { cutText, experimentId, freePair, list, MISSING, recordOf, required, text, truth, whole } from './fields.ts';
import { locationsOf } from './locations.ts';
import { modelIdParams, NAME_MAX } from './model-fields.ts';
import { loggedCondition, loggedOrder } from './model-filter.ts';
import { loggedModelView, STATUS_NAMES } from './model-views.ts';
import { fromToken, toToken } from './page-token.ts';
import { randomName } from './run-names.ts';
import { serve } from './serve.ts';
import { someOf } from './wire.ts';

const ONE = '/2.0/mlflow/logged-models/:model_id';
const FILTER_MAX = 100_000;
const RESULTS_MAX = 50_000;
const RESULTS_DEFAULT = 100;

/** Any keys, as MLflow takes them here: what a training calls its settings. */
const params = list(freePair(cutText(LIMITS.paramValue)));
const tags = list(freePair(cutText(LIMITS.tagValue)));

const createBody = z.object({
  experiment_id: experimentId,
  name: text(NAME_MAX).default(''),
  model_type: text(NAME_MAX).default(''),
  source_run_id: text(NAME_MAX).default(''),
  params,
  tags,
});

/** By name, with or without what MLflow's protocol puts in front, or by number there. */
const STATUSES = new Map<string | number, LoggedModelStatus>(
  [LoggedModelStatus.Pending, LoggedModelStatus.Ready, LoggedModelStatus.Failed].flatMap((status, i) => [
    [STATUS_NAMES[status], status],
    [i + 1, status],
  ]),
);
const status = z.union([z.string().min(1, MISSING), z.number()]).transform((name, context): LoggedModelStatus => {
  const found = STATUSES.get(name);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: `must be one of ${Object.values(STATUS_NAMES).join(', ')}` });
  return z.NEVER;
});

const dataset = { dataset_name: required(NAME_MAX), dataset_digest: text(NAME_MAX).optional() };
const searchBody = z.object({
  experiment_ids: z.array(experimentId).min(1, MISSING),
  filter: text(FILTER_MAX).default(''),
  datasets: list(z.object(dataset)),
  max_results: whole(1, RESULTS_MAX).default(RESULTS_DEFAULT),
  order_by: list(
    z.object({
      field_name: required(NAME_MAX),
      ascending: truth.default(true),
      dataset_name: text(NAME_MAX).optional(),
      dataset_digest: text(NAME_MAX).optional(),
    }),
  ),
  page_token: text(1_000).optional(),
});

export function installLoggedModels(app: App): void {
  const { store } = app;
  const one = async (id: string): Promise<object> => ({ model: await viewOf(store.read, id) });

  serve(app, 'POST', '/2.0/mlflow/logged-models', createBody, async (asked) => {
    const { id } = await store.write(async (tx) => {
      const now = Date.now();
      const { id: experiment_id } = await requireActive(tx, asked.experiment_id, now);
      const model = { ...asked, params: recordOf(asked.params), tags: recordOf(asked.tags) };
      return createLoggedModel(tx, { ...model, experiment_id, name: asked.name || randomName() }, now);
    });
    return one(id);
  });

  const getQuery = modelIdParams.extend({ allow_deleted: truth.default(false) });
  serve(app, 'GET', ONE, getQuery, async ({ model_id, allow_deleted }) => ({
    model: await viewOf(store.read, model_id, allow_deleted),
  }));

  serve(app, 'PATCH', ONE, modelIdParams.extend({ status }), async (asked) => {
    await store.write((tx) => setLoggedModelStatus(tx, asked.model_id, asked.status, Date.now()));
    return one(asked.model_id);
  });

  serve(app, 'DELETE', ONE, modelIdParams, async ({ model_id }) => {
    await store.write(async (tx) => {
      // In the trash already: a client may send it twice.
      const row = await findLoggedModel(tx, model_id);
      if (!row || row.trashed_at === null) await deleteLoggedModel(tx, model_id, Date.now());
    });
    return {};
  });

  serve(app, 'PATCH', `${ONE}/tags`, modelIdParams.extend({ tags }), async (asked) => {
    await store.write((tx) => setLoggedModelTags(tx, asked.model_id, recordOf(asked.tags), Date.now()));
    return {};
  });

  const tagPath = modelIdParams.extend({ tag_key: required(NAME_MAX) });
  serve(app, 'DELETE', `${ONE}/tags/:tag_key`, tagPath, async ({ model_id, tag_key }) => {
    await store.write((tx) => removeLoggedModelTag(tx, model_id, tag_key, Date.now()));
    return {};
  });

  serve(app, 'POST', `${ONE}/params`, modelIdParams.extend({ params }), async (asked) => {
    await store.write((tx) => logLoggedModelParams(tx, asked.model_id, recordOf(asked.params), Date.now()));
    return {};
  });

  serve(app, 'POST', '/2.0/mlflow/logged-models/search', searchBody, async (asked) => {
    const { offset } = fromToken(asked.page_token);
    const limit = asked.max_results;
    const on = asked.datasets.map(({ dataset_name, dataset_digest }) => ({
      name: dataset_name,
      digest: dataset_digest || undefined,
    }));
    const found = await searchLoggedModels(store.read, {
      experiments: asked.experiment_ids,
      on,
      where: loggedCondition(asked.filter, on),
      order: loggedOrder(asked.order_by),
      limit,
      offset,
    });
    return {
      models: someOf(await viewsOf(store.read, found.rows)),
      next_page_token: found.hasMore ? toToken({ offset: offset + limit }) : undefined,
    };
  });
}

async function viewOf(db: Db, id: string, deleted = false): Promise<object> {
  const row = await findLoggedModel(db, id);
  const [view] = row && (deleted || row.trashed_at === null) ? await viewsOf(db, [row]) : [];
  if (!view) throw missing(`Logged model with id=${id}`);
  return view;
}

async function viewsOf(db: Db, rows: LoggedModelRow[]): Promise<object[]> {
  const location = await locationsOf(
    db,
    rows.map((row) => row.experiment_id),
  );
  return (await describeLoggedModels(db, rows)).map((model) => loggedModelView(model, location));
}
