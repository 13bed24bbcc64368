// runs/curves/curve-routes.ts
// Purpose: curves of one or many runs as page, SVG, CSV and JSON.
// Why: HTTP only: parse, call, answer; the same query leads to the same curves in every format.
// Relevant files: runs/curves/curves.ts, runs/curves/curve-views.ts, runs/curves/curve-schemas.ts, runs/curves/chart-file.ts

import { namesOfExperiments } from '../../experiments/queries.ts';
import { bytesOf, sendStream, streamOf } from '../../shared/heavy/send.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { onRunsAsked } from '../depends.ts';
import { chartFile } from './chart-file.ts';
import { settingsOf } from './chart-settings.ts';
import { chartDefaultOf } from './default-queries.ts';
import { settingsFor } from './chart-views.ts';
import { colorsFor } from './colors.ts';
import { requireCompared } from '../compare/compare.ts';
import { curveJob } from './curve-csv.ts';
import { curvePictureQuery, curvesOut, curvesQuery, curveTableQuery } from './curve-schemas.ts';
import { curvesAnswer, showCurves } from './curve-views.ts';
import { readCurves } from './curves.ts';
import { metricPage } from '../queries.ts';

const tags = ['curves'];

/** Metrics offered for the x-axis. */
const AXES = 200;

/** A picture of its own brings its style inside, and nothing else. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function installCurves(app: App): void {
  const { store, heavy } = app;
  // No page of curves says how long ago something was.
  const config = dataOf(onRunsAsked(store));

  app.get('/curves', { schema: { hide: true, querystring: curvesQuery }, config }, async (request, reply) => {
    const { query } = request;
    const runs = await requireCompared(store.read, query.run);
    const base = await chartDefaultOf(store.read, runs, query.key);
    const settings = settingsOf(query, base);
    const curves = await readCurves(store.read, runs, query.key, settingsFor(settings, 'large'));
    const names = await namesOfExperiments(store.read, [...new Set(runs.map((run) => run.experiment_id))]);
    const experiments = [...names].map(([id, name]) => ({ id, name }));
    const { items } = runs[0] ? await metricPage(store.read, runs[0].id, { limit: AXES }) : { items: [] };
    const others = items.filter(({ count }) => count > 1).map((metric) => metric.key);
    return reply.page('runs/curves.html', showCurves({ curves, key: query.key, settings, base, experiments, others }));
  });

  app.get(
    '/api/curves',
    {
      schema: {
        tags,
        summary: 'A metric of 1 to 100 runs, as charts draw it.',
        description:
          'Series longer than `buckets` come as that many stretches of steps with min, max, mean and count; shorter ones ' +
          'step by step. `smooth` is a debiased exponential moving average weighted by distance in x. ' +
          'Relative time counts from the start of the run, or from the first point where that is earlier or no start is known.',
        querystring: curvePictureQuery,
        response: { 200: curvesOut },
      },
      config,
    },
    async (request) => {
      const { key, size } = request.query;
      const settings = settingsOf(request.query);
      const runs = await requireCompared(store.read, request.query.run);
      const curves = await readCurves(store.read, runs, key, settingsFor(settings, size));
      return curvesAnswer(curves, key, settings, size);
    },
  );

  app.get(
    '/curves.svg',
    { schema: { tags, summary: 'The same as a picture of its own.', querystring: curvePictureQuery }, config },
    async (request, reply) => {
      const { key, size } = request.query;
      const settings = settingsOf(request.query);
      const runs = await requireCompared(store.read, request.query.run);
      const curves = await readCurves(store.read, runs, key, settingsFor(settings, size));
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('content-security-policy', FILE_POLICY)
        .header('content-disposition', `inline; filename="${fileName(key)}.svg"`)
        .serializer((text: unknown) => String(text))
        .send(chartFile({ curves, colors: colorsFor(runs), key, settings, size }));
    },
  );

  app.get(
    '/curves.csv',
    {
      schema: {
        tags,
        summary: 'All points of a metric of 1 to 100 runs.',
        description:
          'Full resolution and precision: run_id, run_name, step, timestamp (ISO, UTC), value. A name that a ' +
          "spreadsheet would run as a formula gets one ' in front.",
        querystring: curveTableQuery,
      },
      config,
    },
    async (request, reply) => {
      const { key } = request.query;
      const { pieces, close } = await heavy.open(curveJob, { runs: request.query.run, key });
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${fileName(key)}.csv"`);
      return sendStream(reply, streamOf(bytesOf(pieces), close));
    },
  );
}

/** `val/accuracy` → `val-accuracy` */
function fileName(key: string): string {
  return (
    key
      .replace(/[^\w.]+/g, '-')
      .replace(/^[-.]+|-+$/g, '')
      .slice(0, 80) || 'curves'
  );
}
