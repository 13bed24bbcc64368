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
import { settingsOf, type ChartSettings } from './chart-settings.ts';
import { chartDefaultOf } from './default-queries.ts';
import { settingsFor, type DrawnOf } from './chart-views.ts';
import { drawnCurves, linesOf, readDrawn, readDrawnInSight } from './drawn.ts';
import { showLeftOut, withoutLeftOut } from '../compare/left-out.ts';
import type { SelectionQuery } from '../compare/selection.ts';
import { drawnWords } from '../compare/whole-groups.ts';
import { colorsFor } from './colors.ts';
import type { Curve } from './curves.ts';
import { Size } from './chart-axes.ts';
import { meansCsv } from './means-csv.ts';
import { curveJob } from './curve-csv.ts';
import {
  CsvRows,
  curveDataQuery,
  curveFileQuery,
  curvePictureQuery,
  curvesOut,
  curvesQuery,
  curveTableQuery,
} from './curve-schemas.ts';
import { curvesMarkdown } from './curve-text.ts';
import { curvesAnswer } from './curve-json.ts';
import { showCurves } from './curve-views.ts';
import { metricPage } from '../metric-queries.ts';

const tags = ['curves'];

/** Metrics offered for the x-axis. */
const AXES = 200;

/** A picture of its own brings its style inside, and nothing else. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function installCurves(app: App): void {
  const { store, heavy } = app;
  // No page of curves says how long ago something was.
  const config = dataOf(onRunsAsked(store));

  /** What JSON, words and picture are made of. */
  async function read(
    query: SelectionQuery & Parameters<typeof settingsOf>[0] & { key: string; size: Size },
  ): Promise<{ curves: Curve[]; settings: ChartSettings }> {
    const settings = settingsOf(query);
    const drawn = await readDrawn(store.read, query);
    return { settings, curves: await drawnCurves(store.read, drawn, query.key, settingsFor(settings, query.size, linesOf(drawn))) }; // prettier-ignore
  }

  app.get('/curves', { schema: { hide: true, querystring: curvesQuery }, config }, async (request, reply) => {
    const { query } = request;
    const drawn = await readDrawnInSight(store.read, query);
    const runs = [...drawn.selection.runs, ...drawn.groups.flatMap((group) => group.runs)];
    const base = await chartDefaultOf(store.read, runs, query.key);
    const settings = settingsOf(query, base);
    const curves = await drawnCurves(store.read, drawn, query.key, settingsFor(settings, 'large', linesOf(drawn)));
    const names = await namesOfExperiments(store.read, [...new Set(runs.map((run) => run.experiment_id))]);
    const experiments = [...names].map(([id, name]) => ({ id, name }));
    const { items } = runs[0] ? await metricPage(store.read, runs[0].id, { limit: AXES }) : { items: [] };
    const others = items.filter(({ count }) => count > 1).map((metric) => metric.key);
    return reply.page(
      'runs/curves.html',
      showCurves({
        curves,
        of: drawnOf(withoutLeftOut(query, drawn.out)),
        leftOut: showLeftOut(drawn.out),
        cut: [...drawn.selection.said, ...drawnWords(drawn.selection.groups, false)],
        key: query.key,
        settings,
        base,
        experiments,
        others,
      }),
    );
  });

  for (const path of ['/api/curves', '/curves.json'])
    app.get(
      path,
      {
        schema: {
          ...(path.startsWith('/api') ? { tags } : { hide: true }),
          summary: 'A metric of 1 to 100 runs, as charts draw it.',
          description:
            'Series longer than `buckets` come as that many stretches of steps with min, max, mean and count; shorter ones ' +
            'step by step. `smooth` is a debiased exponential moving average weighted by distance in x. ' +
            'Relative time counts from the start of the run, or from the first point where that is earlier or no start is known.',
          querystring: curveDataQuery,
          response: { 200: curvesOut },
        },
        config,
      },
      async (request) => {
        const { key, size, shape } = request.query;
        const { curves, settings } = await read(request.query);
        return curvesAnswer(curves, key, settings, size, shape);
      },
    );

  app.get(
    '/curves.md',
    { schema: { tags, summary: 'The same in words, as Markdown.', querystring: curvePictureQuery }, config },
    async (request, reply) => {
      const { key } = request.query;
      const { curves, settings } = await read(request.query);
      return reply
        .type('text/markdown; charset=utf-8')
        .serializer(String)
        .send(curvesMarkdown(curves, key, settings));
    },
  );

  app.get(
    '/curves.svg',
    { schema: { tags, summary: 'The same as a picture of its own.', querystring: curveFileQuery }, config },
    async (request, reply) => {
      const { key, size } = request.query;
      const { curves, settings } = await read(request.query);
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('content-security-policy', FILE_POLICY)
        .header('content-disposition', `inline; filename="${fileName(key)}.svg"`)
        .serializer((text: unknown) => String(text))
        .send(
          chartFile({ curves, colors: colorsFor(curves.map(({ run }) => run)), key, settings, size }, request.query),
        );
    },
  );

  app.get(
    '/curves.csv',
    {
      schema: {
        tags,
        summary: 'All points of a metric of 1 to 100 runs, or what charts draw of groups.',
        description:
          'Of runs in full resolution and precision: run_id, run_name, step, timestamp (ISO, UTC), value. Of groups, as a chart ' +
          'draws them and not smoothed: curve, is (its filter), step, to_step, x, mean, lower, upper, n, band; `rows=points` ' +
          "gives the points of their runs. A name that a spreadsheet would run as a formula gets one ' in front.",
        querystring: curveTableQuery,
      },
      config,
    },
    async (request, reply) => {
      const { key } = request.query;
      const drawn = await readDrawn(store.read, request.query);
      const { selection, groups } = drawn;
      const { rows = groups.length > 0 ? CsvRows.Means : CsvRows.Points } = request.query;
      if (rows === CsvRows.Means) {
        const settings = settingsOf(request.query);
        const curves = await drawnCurves(store.read, drawn, key, settingsFor(settings, Size.Large, linesOf(drawn)));
        return reply
          .type(CSV)
          .header('content-disposition', attachment(key))
          .serializer(String)
          .send(meansCsv(curves, settings));
      }
      const ids = [...selection.runs, ...groups.flatMap((group) => group.runs)].map(({ id }) => id);
      const { pieces, close } = await heavy.open(curveJob, { runs: [...new Set(ids)], key });
      reply.type(CSV).header('content-disposition', attachment(key));
      return sendStream(reply, streamOf(bytesOf(pieces), close));
    },
  );
}

const CSV = 'text/csv; charset=utf-8';

function attachment(key: string): string {
  return `attachment; filename="${fileName(key)}.csv"`;
}

function drawnOf({ run, group, experiment, where }: SelectionQuery): DrawnOf {
  return { run, group, experiment, where };
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
