// runs/conclusions/conclusion-routes.ts
// Purpose: the conclusions of an experiment: page, JSON, CSV, Markdown, LaTeX, SVG, each at its own address, and the page of formulas.
// Why: HTTP only: parse, call, answer. The address of the page with another ending says the same.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/conclusion-views.ts, runs/conclusions/conclusion-formats.ts

import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import { metricKeys, requireExperiment } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { unlessMoving } from '../depends.ts';
import { whereOf } from '../table/filter-views.ts';
import { paramsOfExperiment } from '../tally-queries.ts';
import { conclusionsCsv, conclusionsLatex, conclusionsMarkdown } from './conclusion-formats.ts';
import { forestFile } from './forest-file.ts';
import { conclusionsJson } from './conclusion-json.ts';
import { readForConclusions } from './conclusion-queries.ts';
import { conclusionsOut, conclusionsQuery, type ConclusionsQuery } from './conclusion-schemas.ts';
import { showConclusions } from './conclusion-views.ts';
import { conclude, type Conclusions } from './conclusions.ts';

const params = z.object({ id: experimentId });

const TEXTS = [
  { ending: 'csv', type: 'text/csv; charset=utf-8', text: conclusionsCsv },
  { ending: 'md', type: 'text/markdown; charset=utf-8', text: conclusionsMarkdown },
  { ending: 'svg', type: 'image/svg+xml; charset=utf-8', text: forestFile },
  { ending: 'tex', type: 'application/x-tex; charset=utf-8', text: conclusionsLatex },
] as const;

/** A drawing opened by itself has its colours inside and nothing else. */
const DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const documented = {
  tags: ['runs'],
  summary: 'Conclusions about groups of runs.',
  description:
    'Groups as in `groups`; differences of the means of one metric with intervals, tests, effect sizes, Holm correction, seeds needed, ranks and a sentence for each. Formulas: /docs/statistics.',
};

export function installConclusions(app: App): void {
  const { store } = app;

  const depends = unlessMoving(onExperiment(store));

  async function read(
    experiment: ExperimentRow,
    query: ConclusionsQuery,
    where: string | undefined,
  ): Promise<Conclusions> {
    // prettier-ignore
    return conclude(await readForConclusions(store.read, experiment, query, where), query);
  }

  app.get(
    '/experiments/:id/conclusions',
    { schema: { hide: true, params, querystring: conclusionsQuery }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const { query, now } = request;
      const experiment = await requireExperiment(store.read, request.params.id);
      const { where, isWrong } = whereOf(query, now);
      if (isWrong) reply.code(400);
      const conclusions = await read(experiment, query, where);
      const keys = {
        metric: await metricKeys(store.read, experiment.id),
        param: (await paramsOfExperiment(store.read, experiment.id)).map(({ key }) => key),
      };
      return reply.page('runs/conclusions.html', showConclusions({ conclusions, experiment, keys }, query, now));
    },
  );

  for (const { ending, type, text } of TEXTS)
    app.get(
      `/experiments/:id/conclusions.${ending}`,
      { schema: { hide: true, params, querystring: conclusionsQuery }, config: dataOf(depends) },
      async ({ params: { id }, query }, reply) => {
        const conclusions = await read(await requireExperiment(store.read, id), query, query.where);
        if (ending === 'svg') reply.header('content-security-policy', DRAWING_POLICY);
        return reply.type(type).serializer(String).send(text(conclusions));
      },
    );

  for (const path of ['/api/experiments/:id/conclusions', '/experiments/:id/conclusions.json'])
    app.get(
      path,
      {
        schema: {
          ...(path.startsWith('/api') ? documented : { hide: true }),
          params,
          querystring: conclusionsQuery,
          response: { 200: conclusionsOut },
        },
        config: dataOf(depends),
      },
      async ({ params: { id }, query }) =>
        conclusionsJson(await read(await requireExperiment(store.read, id), query, query.where)),
    );

  app.get('/docs/statistics', { schema: { hide: true } }, (_request, reply) =>
    reply.page('runs/statistics.html', { title: 'Statistics' }),
  );
}
