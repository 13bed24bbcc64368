// runs/pivot/pivot-routes.ts
// Purpose: the pivot of an experiment's runs: page, JSON, CSV, Markdown, LaTeX, each at its own address.
// Why: HTTP only: parse, call, answer. The address of the page with another ending is the same table.
// Relevant files: runs/pivot/pivot.ts, runs/pivot/pivot-views.ts, runs/pivot/pivot-formats.ts, runs/templates/pivot.html

import { z } from 'zod';
import { experimentAsked, onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { unlessMoving } from '../depends.ts';
import { filterAsked } from '../groups/group-asked.ts';
import { pivotPageQuery, pivotQuery, type PivotPageQuery, type PivotQuery } from '../page-schemas.ts';
import { keptKeys, keptVariety } from '../kept-facts.ts';
import { whereOf } from '../table/filter-views.ts';
import { pivotCsv, pivotLatex, pivotMarkdown } from './pivot-formats.ts';
import { pivotJson, pivotOut } from './pivot-json.ts';
import { showPivot } from './pivot-views.ts';
import { readPivot, type Pivot } from './pivot.ts';
import { openPivot } from '../view/open-view.ts';

const params = z.object({ id: experimentId });

interface FileRequest {
  params: { id: number };
  query: PivotPageQuery;
  url: string;
}

const TEXTS = [
  { ending: 'csv', type: 'text/csv; charset=utf-8', text: pivotCsv },
  { ending: 'md', type: 'text/markdown; charset=utf-8', text: pivotMarkdown },
  { ending: 'tex', type: 'application/x-tex; charset=utf-8', text: pivotLatex },
] as const;

export function installPivot(app: App): void {
  const { store } = app;

  const depends = unlessMoving(onExperiment(store), (request) => fileQuery(request as unknown as FileRequest));

  /** Files show what the page at their address shows; the API knows no views. */
  async function fileQuery({ params: { id }, query, url }: FileRequest): Promise<PivotQuery> {
    return url.startsWith('/api') ? query : (await openPivot(store.read, id, query, url)).query;
  }

  app.get(
    '/experiments/:id/pivot',
    { schema: { hide: true, params, querystring: pivotPageQuery }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await experimentAsked(store, request);
      const opened = await openPivot(store.read, experiment, twoSides(request.query), request.url);
      const { query } = opened;
      const { where, isWrong } = whereOf(query, request.now);
      if (isWrong) reply.code(400);
      const pivot = await readPivot(store.read, experiment, filterAsked(experiment, query, where), query);
      const keys = {
        metric: await keptKeys(store.read, experiment),
        param: (await keptVariety(store.read, experiment)).map(({ key }) => key),
      };
      return reply.page('runs/pivot.html', showPivot({ pivot, experiment, keys }, opened, request.now));
    },
  );

  async function read(id: number, query: PivotQuery): Promise<Pivot> {
    const experiment = await requireExperiment(store.read, id);
    return readPivot(store.read, experiment, filterAsked(experiment, query, query.where), query);
  }

  for (const { ending, type, text } of TEXTS)
    app.get(
      `/experiments/:id/pivot.${ending}`,
      { schema: { hide: true, params, querystring: pivotPageQuery }, config: dataOf(depends) },
      async (request, reply) =>
        reply
          .type(type)
          .serializer(String)
          .send(text(await read(request.params.id, await fileQuery(request)))),
    );

  const documented = {
    tags: ['runs'],
    summary: 'A metric over two params.',
    description:
      'Runs with the same values of `rows` and `cols` are a cell: mean, standard deviation (n − 1), n, min and max of what the metric ended with in its finished runs.',
  };
  for (const path of ['/api/experiments/:id/pivot', '/experiments/:id/pivot.json'])
    app.get(
      path,
      {
        schema: {
          ...(path.startsWith('/api') ? documented : { hide: true }),
          params,
          querystring: path.startsWith('/api') ? pivotQuery : pivotPageQuery,
          response: { 200: pivotOut },
        },
        config: dataOf(depends),
      },
      async (request) => pivotJson(await read(request.params.id, await fileQuery(request))),
    );
}

/** A form whose two choices name the same key means: the rows by it, the columns by whatever says most. */
function twoSides(query: PivotPageQuery): PivotPageQuery {
  return query.rows === query.cols ? { ...query, cols: undefined } : query;
}
