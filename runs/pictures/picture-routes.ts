// runs/pictures/picture-routes.ts
// Purpose: pictures of an experiment's runs: page, SVG, CSV, Markdown, JSON, each at its own address; a brush becomes a filter.
// Why: HTTP only: parse, call, answer. The address of the page with another ending is the same picture.
// Relevant files: runs/pictures/pictures.ts, runs/pictures/picture-views.ts, runs/pictures/picture-formats.ts, runs/templates/pictures.html

import { z } from 'zod';
import { experimentAsked, onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { badField } from '../../shared/errors.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { unlessMoving } from '../depends.ts';
import { filterAsked } from '../groups/group-asked.ts';
import { whereOf } from '../table/filter-views.ts';
import { withBounds } from './brush.ts';
import { fieldOf } from './fields.ts';
import { pictureFile } from './picture-file.ts';
import { pictureCsv, pictureJson, pictureMarkdown } from './picture-formats.ts';
import { brushQuery, pictureFileQuery, pictureOut, picturePageQuery, pictureQuery, type BrushQuery, type PicturePageQuery, type PictureQuery } from './picture-schemas.ts'; // prettier-ignore
import { showPicture, viewOf } from './picture-views.ts';
import { openPicture } from '../view/open-view.ts';
import { readPicture, type PictureOf } from './pictures.ts';

const params = z.object({ id: experimentId });

interface FileRequest {
  params: { id: number };
  query: PicturePageQuery;
  url: string;
}

const TEXTS = [
  { ending: 'csv', type: 'text/csv; charset=utf-8', text: pictureCsv },
  { ending: 'md', type: 'text/markdown; charset=utf-8', text: pictureMarkdown },
] as const;

/** A drawing opened by itself has its colours inside and nothing else. */
const DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const documented = {
  tags: ['runs'],
  summary: 'The data and figures behind a picture of runs.',
  description:
    'Scatter plot with correlations and least-squares line, histogram, boxes by group, parallel coordinates, or the importance of params for a metric. Metrics count by their rules; what has no place is said. Formulas: /docs/statistics.',
};

export function installPictures(app: App): void {
  const { store } = app;

  const depends = unlessMoving(onExperiment(store), (request) => fileQuery(request as unknown as FileRequest));

  /** Files show what the page at their address shows; the API knows no views. */
  async function fileQuery({ params: { id }, query, url }: FileRequest): Promise<PictureQuery> {
    return url.startsWith('/api') ? query : (await openPicture(store.read, id, query, url)).query;
  }

  app.get(
    '/experiments/:id/pictures',
    { schema: { hide: true, params, querystring: picturePageQuery }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const { now } = request;
      const experiment = await experimentAsked(store, request);
      const opened = await openPicture(store.read, experiment, request.query, request.url);
      const { query } = opened;
      const { where, isWrong } = whereOf(query, now);
      if (isWrong) reply.code(400);
      const made = await readPicture(store.read, experiment, filterAsked(experiment, query, where), query);
      return reply.page('runs/pictures.html', showPicture(made, experiment, opened, now));
    },
  );

  app.get(
    '/experiments/:id/pictures/brush',
    { schema: { hide: true, params, querystring: brushQuery } },
    async ({ params: { id }, query }, reply) => {
      await requireExperiment(store.read, id);
      return reply.redirect(
        link(`/experiments/${id}/pictures`, { ...viewOf(query), view: query.view, where: brushed(query) }),
        303,
      );
    },
  );

  async function read(id: number, query: PictureQuery): Promise<PictureOf> {
    const experiment = await requireExperiment(store.read, id);
    return readPicture(store.read, experiment, filterAsked(experiment, query, query.where), query);
  }

  app.get(
    '/experiments/:id/pictures.svg',
    { schema: { hide: true, params, querystring: pictureFileQuery }, config: dataOf(depends) },
    async (request, reply) => {
      const { query } = request;
      const { picture } = await read(request.params.id, await fileQuery(request));
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('content-security-policy', DRAWING_POLICY)
        .serializer(String)
        .send(pictureFile(picture, query));
    },
  );

  for (const { ending, type, text } of TEXTS)
    app.get(
      `/experiments/:id/pictures.${ending}`,
      { schema: { hide: true, params, querystring: picturePageQuery }, config: dataOf(depends) },
      async (request, reply) =>
        reply
          .type(type)
          .serializer(String)
          .send(text(await read(request.params.id, await fileQuery(request)))),
    );

  for (const path of ['/api/experiments/:id/pictures', '/experiments/:id/pictures.json'])
    app.get(
      path,
      {
        schema: {
          ...(path.startsWith('/api') ? documented : { hide: true }),
          params,
          querystring: path.startsWith('/api') ? pictureQuery : picturePageQuery,
          response: { 200: pictureOut },
        },
        config: dataOf(depends),
      },
      async (request) => pictureJson(await read(request.params.id, await fileQuery(request))),
    );
}

/** The filter with the bounds that the form sends, three values for each axis. */
function brushed({ where = '', brush, from, to }: BrushQuery): string {
  if (from.length !== brush.length || to.length !== brush.length)
    throw badField('?brush', 'must be given as often as from and to');
  return withBounds(
    where,
    brush.map((text, place) => ({ field: fieldOf(text), from: from[place] ?? '', to: to[place] ?? '' })),
  );
}
