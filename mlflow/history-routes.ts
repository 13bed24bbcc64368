// mlflow/history-routes.ts
// Purpose: MLflow's call for the history of one metric of a run, whole or page by page.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/history.ts, runs/history-queries.ts, mlflow/serve.ts

import { historyRows } from '../runs/history-queries.ts';
import { findMetric } from '../runs/queries.ts';
import type { App } from '../shared/http/types.ts';
import { required, text, whole, withRun } from './fields.ts';
import { placeOf, pointsText, tokenOf } from './history.ts';
import { requireAny } from './run-routes.ts';
import { serve } from './serve.ts';

const query = withRun({
  metric_key: required(250),
  max_results: whole(1, 2 ** 31 - 1).optional(),
  page_token: text(1000).optional(),
});

export function installHistory(app: App): void {
  const { store } = app;

  serve(
    app,
    'GET',
    '/2.0/mlflow/metrics/get-history',
    query,
    async ({ run_id, metric_key, max_results, page_token }) => {
      const run = await requireAny(store.read, run_id);
      const metric = await findMetric(store.read, run.id, metric_key);
      const limit = max_results ?? Number.MAX_SAFE_INTEGER - 1;
      const after = page_token ? placeOf(page_token) : undefined;
      // One more, to see whether there is a next page.
      const found = metric ? await historyRows(store.read, metric, limit + 1, after) : [];
      const rows = found.slice(0, limit);
      const last = found.length > limit ? rows.at(-1) : undefined;
      if (rows.length === 0) return {};
      return `{"metrics":[${pointsText(metric_key, rows)}]${last ? `,"next_page_token":"${tokenOf(last)}"` : ''}}`;
    },
  );
}
