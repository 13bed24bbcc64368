// runs/series-api.ts
// Purpose: logged data over the JSON API: log a batch, read summaries, points and curves.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/api.ts, runs/ingest.ts, runs/points.ts, runs/receipt.ts

import { scanSuperseded } from './attempts/attempt-queries.ts';
import { bucketsOf } from './buckets.ts';
import type { Db } from '../shared/db/store.ts';
import { badField } from '../shared/errors.ts';
import { bodyChecker } from '../shared/http/checks.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { onRun } from './depends.ts';
import { HEARD_PRECISION_MS, logBatch } from './ingest.ts';
import { logUsual } from './ingest-usual.ts';
import { parsePlace, placeText } from './point-cursor.ts';
import { scanPoints } from './points.ts';
import { parseLogBody, plainParts } from './log-body.ts';
import { withLines } from './log-lines.ts';
import { metricsOf, requireMetric } from './metric-queries.ts';
import { requireLoggedRun } from './logged-run-queries.ts';
import { requireRun } from './queries.ts';
import { acceptSome } from './receipt.ts';
import {
  curveOut,
  curveQuery,
  logBody,
  logQuery,
  metricsOut,
  pointsOut,
  pointsQuery,
  receipt,
  runParams,
  type Receipt,
} from './schemas.ts';
import { idempotencyKey, onceFor } from './sent-again-changes.ts';
import { fromRow } from './summary.ts';

const tags = ['runs'];
const params = runParams;

export function installSeries(app: App): void {
  const { store } = app;
  const config = dataOf(onRun(store));

  app.post(
    '/api/runs/:id/log',
    {
      // The hottest route: a receipt is short, typed, and counts; compressing and checking it would cost more than making it.
      validatorCompiler: bodyChecker(parseLogBody, plainParts),
      serializerCompiler: () => JSON.stringify,
      compress: false,
      schema: {
        tags,
        summary: 'Log metrics, params and tags in one batch.',
        description:
          'What cannot be stored is named in `rejected`, the rest is kept; when nothing can be stored the answer is 422 with `errors`. ' +
          'Sending a batch again stores nothing twice; an `Idempotency-Key` also keeps its tags from being set a second time. ' +
          'As `application/x-ndjson` each line is a point, or an object like the JSON body. Bodies may be compressed.',
        params,
        querystring: logQuery,
        body: logBody,
        response: { 200: receipt },
      },
    },
    (request) => {
      const { id } = request.params;
      const key = idempotencyKey(request.headers);
      const logAny = async (tx: Db, now: number): Promise<Receipt> => {
        const run = await requireLoggedRun(tx, id);
        return onceFor(tx, run, key, request.body, now, async () => {
          const done = await logBatch(tx, run, request.body, now, HEARD_PRECISION_MS, request.query.attempt);
          const receipt = withLines(done, request.body);
          acceptSome(receipt);
          return receipt;
        });
      };
      return store.write(
        (tx) => {
          const now = Date.now();
          return logUsual(tx, id, request.body, now, HEARD_PRECISION_MS) ?? logAny(tx, now);
        },
        { run: id, bytes: request.bodyBytes },
      );
    },
  );

  app.get(
    '/api/runs/:id/metrics',
    { schema: { tags, summary: 'Summaries of all metrics of a run.', params, response: { 200: metricsOut } }, config },
    async (request) => {
      const run = await requireRun(store.read, request.params.id);
      const rows = await metricsOf(store.read, [run.id]);
      return { items: rows.map((row) => ({ key: row.key, ...fromRow(row) })) };
    },
  );

  app.get(
    '/api/runs/:id/points',
    {
      schema: {
        tags,
        summary: 'All points of a metric, page by page.',
        description: 'In the order of step, timestamp, value; NaN comes after 0.',
        params,
        querystring: pointsQuery,
        response: { 200: pointsOut },
      },
      config,
    },
    async (request) => {
      const { key, limit, cursor, attempt } = request.query;
      const after = cursor === undefined ? null : parsePlace(cursor);
      const run = await requireRun(store.read, request.params.id);
      const metric = await requireMetric(store.read, request.params.id, key);
      if (attempt !== undefined) {
        const { points, next, total } = await scanSuperseded(store.read, run, attempt, metric, limit, after);
        return { key, items: points, next_cursor: next && placeText(next), total };
      }
      const { points, next } = await scanPoints(store.read, metric, limit, after);
      return { key, items: points, next_cursor: next && placeText(next), total: metric.count };
    },
  );

  app.get(
    '/api/runs/:id/curve',
    {
      schema: {
        tags,
        summary: 'A metric as at most `buckets` stretches of steps: min, max, mean, count.',
        description: 'Extremes are kept, so no peak is lost. Stretches without points are left out.',
        params,
        querystring: curveQuery,
        response: { 200: curveOut },
      },
      config,
    },
    async (request) => {
      const { key, buckets, from, to } = request.query;
      await requireRun(store.read, request.params.id);
      const metric = await requireMetric(store.read, request.params.id, key);
      const range = { from: from ?? metric.first_step, to: to ?? metric.last_step };
      if (from !== undefined && to !== undefined && from > to) throw badField('?from', 'must not be greater than to');
      return { key, count: metric.count, buckets: await bucketsOf(store.read, metric, range, buckets) };
    },
  );
}
