// mlflow/history-routes.ts
// Purpose: MLflow's call for the history of one metric of a run, whole or page by page.
// Why: HTTP only: parse, call, answer; a long one is on its way while the rest of it is read.
// Relevant files: mlflow/history.ts, runs/history-queries.ts, mlflow/serve.ts

import { Readable } from 'node:stream';
import { HISTORY_PAGE, historyPages, type HistoryRow } from '../runs/history-queries.ts';
import type { MetricRow } from '../runs/models.ts';
import { findMetric } from '../runs/metric-queries.ts';
import type { Db } from '../shared/db/store.ts';
import type { App } from '../shared/http/types.ts';
import { required, text, whole, withRun } from './fields.ts';
import { HistoryWriter, placeOf, tokenOf } from './history.ts';
import { requireAny } from './run-routes.ts';
import { serve, type Answer } from './serve.ts';

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
      return metric ? answerOf(partsOf(store.read, metric, limit, after)) : {};
    },
  );
}

/** The answer piece by piece: a page of points each. */
async function* partsOf(
  db: Db,
  metric: MetricRow,
  limit: number,
  after: HistoryRow | undefined,
): AsyncGenerator<Buffer, void> {
  const answer = new HistoryWriter(Math.min(limit, metric.count, HISTORY_PAGE));
  let left = limit;
  let last: HistoryRow | undefined;
  // One more, to see whether there is a next page.
  for await (const page of historyPages(db, metric, limit + 1, after)) {
    const rows = page.length > left ? page.slice(0, left) : page;
    answer.add(metric.key, rows);
    last = rows.at(-1) ?? last;
    if (rows.length < page.length && last) {
      yield answer.finish(tokenOf(last));
      return;
    }
    left -= rows.length;
    if (page.length >= HISTORY_PAGE) yield answer.take();
  }
  yield answer.isEmpty ? Buffer.from('{}') : answer.finish();
}

/** What goes wrong before the first piece is an error with its status. A short answer is one piece, whose length is said. */
async function answerOf(parts: AsyncGenerator<Buffer, void>): Promise<Answer> {
  const begun: Buffer[] = [];
  while (begun.length < 2) {
    const part: IteratorResult<Buffer, void> = await parts.next();
    if (part.done === true) return Buffer.concat(begun);
    begun.push(part.value);
  }
  return Readable.from(beginning(begun, parts), { highWaterMark: 2 });
}

async function* beginning(some: Buffer[], rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  yield* some;
  yield* rest;
}
