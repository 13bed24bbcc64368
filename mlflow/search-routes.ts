// mlflow/search-routes.ts
// Purpose: MLflow's searches of runs, experiments, and the data sets of runs.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/run-filter.ts, mlflow/experiment-filter.ts, mlflow/run-texts.ts, runs/search/search-queries.ts

import { z } from 'zod';
import { searchExperiments } from '../experiments/search-queries.ts';
import { datasetUses } from '../runs/dataset-queries.ts';
import { findRuns } from '../runs/search/search-queries.ts';
import { View } from '../shared/search/view.ts';
import type { App } from '../shared/http/types.ts';
import { experimentCondition, experimentOrder } from './experiment-filter.ts';
import { DEFAULT_ID, DEFAULT_NAME, experimentView, virtualDefault } from './experiment-views.ts';
import { experimentId, list, MISSING, repeated, text, whole } from './fields.ts';
import { fromToken, toToken } from './page-token.ts';
import { runCondition, runOrder } from './run-filter.ts';
import { RunTexts } from './run-texts.ts';
import { serve } from './serve.ts';
import { someOf } from './wire.ts';

const FILTER_MAX = 100_000;
const RESULTS_MAX = 50_000;
const RESULTS_DEFAULT = 1_000;

const VIEWS = {
  ACTIVE_ONLY: View.Active,
  DELETED_ONLY: View.Trashed,
  ALL: View.All,
  1: View.Active,
  2: View.Trashed,
  3: View.All,
} as const;

const view = z
  .union([z.string(), z.number()])
  .default('ACTIVE_ONLY')
  .transform((name, context): View => {
    if (Object.hasOwn(VIEWS, name)) return VIEWS[name as keyof typeof VIEWS];
    context.addIssue({ code: 'custom', message: 'must be ACTIVE_ONLY, DELETED_ONLY or ALL' });
    return z.NEVER;
  });

const search = {
  filter: text(FILTER_MAX).default(''),
  max_results: whole(1, RESULTS_MAX).default(RESULTS_DEFAULT),
  page_token: text(1_000).optional(),
};
const clause = text(2_000);

const DATASETS_OF_MAX = 20;

const runsBody = z.object({
  ...search,
  experiment_ids: list(experimentId),
  run_view_type: view,
  order_by: list(clause),
});
const experimentsBody = z.object({ ...search, view_type: view, order_by: list(clause) });
const datasetsBody = z.object({
  experiment_ids: list(experimentId)
    .refine((ids) => ids.length > 0, MISSING)
    .refine((ids) => ids.length <= DATASETS_OF_MAX, `at most ${DATASETS_OF_MAX} experiments`),
});
const experimentsQuery = experimentsBody.extend({ order_by: repeated(clause) });

export function installSearch(app: App): void {
  const { read } = app.store;
  const texts = new RunTexts();

  serve(app, 'POST', '/2.0/mlflow/runs/search', runsBody, async (asked) => {
    const { offset, newest } = fromToken(asked.page_token);
    const limit = asked.max_results;
    const found = await findRuns(read, {
      experiments: asked.experiment_ids,
      view: asked.run_view_type,
      where: runCondition(asked.filter),
      order: runOrder(asked.order_by),
      limit,
      offset,
      newest,
    });
    const token = found.hasMore ? toToken({ offset: offset + limit, newest: found.newest }) : undefined;
    return runsAnswer(await texts.of(read, found.seqs, found.versions), token);
  });

  const experiments = async (asked: z.output<typeof experimentsBody>): Promise<object> => {
    const { offset } = fromToken(asked.page_token);
    const limit = asked.max_results;
    const { items, hasMore } = await searchExperiments(read, {
      view: asked.view_type,
      where: experimentCondition(asked.filter),
      order: experimentOrder(asked.order_by),
      limit,
      offset,
      always: { id: DEFAULT_ID, name: DEFAULT_NAME },
    });
    return {
      experiments: someOf(items.map((item) => (item ? experimentView(item.row, item.tags) : virtualDefault()))),
      next_page_token: hasMore ? toToken({ offset: offset + limit }) : undefined,
    };
  };
  serve(app, 'POST', '/2.0/mlflow/experiments/search', experimentsBody, experiments);
  serve(app, 'GET', '/2.0/mlflow/experiments/search', experimentsQuery, experiments);

  serve(
    app,
    'POST',
    '/2.0/mlflow/experiments/search-datasets',
    datasetsBody,
    async ({ experiment_ids }) => ({
      dataset_summaries: someOf(
        (await datasetUses(read, experiment_ids)).map(({ experiment_id, name, digest, context }) => ({
          experiment_id: String(experiment_id),
          name,
          digest,
          context: context === '' ? undefined : context,
        })),
      ),
    }),
    { prefixes: ['/ajax-api'] },
  );
}

const COMMA = Buffer.from(',');

/** `{"runs":[…],"next_page_token":"…"}`, of which each is absent where there is none. */
function runsAnswer(runs: Buffer[], token: string | undefined): Buffer {
  const isSome = runs.length > 0;
  const rest = token === undefined ? '' : `${isSome ? ',' : ''}"next_page_token":"${token}"`;
  return Buffer.concat([
    Buffer.from(isSome ? '{"runs":[' : '{'),
    ...runs.flatMap((text, index) => (index === 0 ? [text] : [COMMA, text])),
    Buffer.from(`${isSome ? ']' : ''}${rest}}`),
  ]);
}
