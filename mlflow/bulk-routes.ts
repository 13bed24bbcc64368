// mlflow/bulk-routes.ts
// Purpose: MLflow's calls for the history of one metric of many runs, whole or as an even sample.
// Why: HTTP only: parse, call, answer.
// Relevant files: mlflow/history.ts, runs/history-queries.ts, runs/sample-queries.ts, mlflow/serve.ts

import { z } from 'zod';
import { historyRows, type HistoryRow } from '../runs/history-queries.ts';
import type { MetricRow } from '../runs/models.ts';
import { findMetric } from '../runs/metric-queries.ts';
import { sampleRows } from '../runs/sample-queries.ts';
import type { App } from '../shared/http/types.ts';
import { invalid } from './errors.ts';
import { int64, MISSING, repeated, required, runId, whole } from './fields.ts';
import { HistoryWriter } from './history.ts';
import { requireAny } from './run-routes.ts';
import { serve } from './serve.ts';

const RUNS_MAX = 100;
const POINTS_MAX = 25_000;
const SAMPLE_MAX = 2_500;

const runIds = repeated(runId)
  .refine((ids) => ids.length > 0, MISSING)
  .refine((ids) => ids.length <= RUNS_MAX, `at most ${RUNS_MAX} runs`);

const bulkQuery = z.object({
  run_id: runIds,
  metric_key: required(250),
  max_results: whole(1, 2 ** 31 - 1).default(POINTS_MAX),
});

const intervalQuery = z.object({
  run_ids: runIds,
  metric_key: required(250),
  start_step: int64.optional(),
  end_step: int64.optional(),
  max_results: whole(1, SAMPLE_MAX).default(SAMPLE_MAX),
});

export function installBulk(app: App): void {
  const { read } = app.store;

  /** The rows that `rowsOf` gives for each run that has the metric, one run after the other. */
  const answer = async (
    ids: string[],
    key: string,
    rowsOf: (metric: MetricRow) => Promise<HistoryRow[]>,
  ): Promise<Buffer> => {
    const out = new HistoryWriter();
    for (const id of ids) {
      const metric = await findMetric(read, (await requireAny(read, id)).id, key);
      const rows = metric ? await rowsOf(metric) : [];
      out.add(key, rows, `,"run_id":${JSON.stringify(id)}`);
    }
    return out.finish();
  };

  serve(
    app,
    'GET',
    '/2.0/mlflow/metrics/get-history-bulk',
    bulkQuery,
    async ({ run_id, metric_key, max_results }) => {
      let left = Math.min(max_results, POINTS_MAX);
      return answer([...new Set(run_id)].sort(), metric_key, async (metric) => {
        const rows = left > 0 ? await historyRows(read, metric, left) : [];
        left -= rows.length;
        return rows;
      });
    },
    { prefixes: ['/ajax-api'] },
  );

  serve(app, 'GET', '/2.0/mlflow/metrics/get-history-bulk-interval', intervalQuery, async (asked) => {
    const { run_ids, metric_key, max_results, start_step, end_step } = asked;
    if ((start_step === undefined) !== (end_step === undefined)) throw invalid('start_step and end_step go together.');
    const range = start_step === undefined || end_step === undefined ? undefined : { from: start_step, to: end_step };
    if (range && range.from > range.to) throw invalid('end_step must not lie before start_step.');
    return answer(run_ids, metric_key, (metric) => sampleRows(read, metric, max_results, range));
  });
}
