// mlflow/history-routes.ts
// Purpose: MLflow's call for the history of one metric of a run, whole or page by page.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/history.ts, runs/history-queries.ts, mlflow/serve.ts

import { historyPages, type HistoryRow } from '../runs/history-queries.ts';
import { findMetric } from '../runs/queries.ts';
import type { App } from '../shared/http/types.ts';
import { required, text, whole, withRun } from './fields.ts';
import { HistoryWriter, placeOf, tokenOf } from './history.ts';
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
      const answer = new HistoryWriter(Math.min(limit, metric?.count ?? 0));
      let left = limit;
      let last: HistoryRow | undefined;
      // One more, to see whether there is a next page.
      for await (const page of metric ? historyPages(store.read, metric, limit + 1, after) : []) {
        const rows = page.length > left ? page.slice(0, left) : page;
        answer.add(metric_key, rows);
        last = rows.at(-1) ?? last;
        if (rows.length < page.length && last) return answer.finish(tokenOf(last));
        left -= rows.length;
      }
      return answer.isEmpty ? {} : answer.finish();
    },
  );
}
