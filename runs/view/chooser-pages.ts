// runs/view/chooser-pages.ts
// Purpose: the page on which the columns of a run table are chosen: searched, added, taken away, moved, made narrow or wide.
// Why: one form that is sent by GET: what it holds is the view, so it works without scripts and nothing is kept on the server.
// Relevant files: runs/view/chooser-views.ts, runs/view/key-queries.ts, runs/templates/columns.html, shared/static/columns.js

import { z } from 'zod';
import { experimentAsked, onExperiment } from '../../experiments/depends.ts';
import type { requireExperiment } from '../../experiments/queries.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { pageOf } from '../../shared/http/unchanged.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, text } from '../../shared/schemas.ts';
import { tableQuery } from '../page-schemas.ts';
import { whereOf } from '../table/filter-views.ts';
import { viewArguments } from '../table/page-views.ts';
import { readRunTable } from '../table/table.ts';
import { moved, showChooser, type Offers } from './chooser-views.ts';
import { ColumnKind } from './columns.ts';
import { findKeys } from './key-queries.ts';
import { openView } from './open-view.ts';
import { tableFilter } from './table-filter.ts';

/** Keys of each kind that one search offers. */
const OFFERED = 60;

const params = z.object({ id: experimentId });
const querystring = tableQuery.extend({
  find: text(LIMITS.query).optional(),
  /** `-1 params.lr`: to the left. */
  move: z
    .string()
    .max(LIMITS.key + 20)
    .regex(/^(-1|1) [^]+$/, 'must be -1 or 1 and a column')
    .optional(),
  do: z.literal('show').optional(),
  /** What is not chosen comes as empty text. */
  order: z.preprocess(
    (order) => [order ?? []].flat().filter((one: unknown) => one !== ''),
    tableQuery.shape.order.unwrap(),
  ),
});

export function installChooser(app: App): void {
  const { store } = app;

  app.get(
    '/experiments/:id/columns',
    { schema: { hide: true, params, querystring }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await experimentAsked(store, request);
      const { find = '', move, do: asked, ...rest } = request.query;
      const opened = await openView(store.read, experiment, rest, request.url);
      // A filter that cannot be read is put right on the page of the table.
      const { where } = whereOf(opened.query, request.now);
      const query = { ...opened.query, where };
      const view = { ...viewArguments(query), view: query.view };
      const isShown = (field: string): boolean => query.column?.includes(field) ?? true;
      const widths = { narrow: query.narrow?.filter(isShown), wide: query.wide?.filter(isShown) };
      if (asked === 'show') return reply.redirect(link(`/experiments/${experiment.id}`, { ...view, ...widths }));
      const chosen = query.column?.length ? query.column : await usualColumns(experiment, query);
      const words = find.trim().toLowerCase();
      const offers: Offers[] = [];
      for (const kind of [ColumnKind.Param, ColumnKind.Metric, ColumnKind.Tag])
        offers.push({ kind, ...(await findKeys(store.read, experiment.id, kind, words, OFFERED)) });
      return reply.page(
        'runs/columns.html',
        showChooser({
          experiment,
          view,
          query,
          find,
          offers,
          chosen: move === undefined ? chosen : moved(chosen, move),
        }),
      );
    },
  );

  async function usualColumns(
    experiment: Awaited<ReturnType<typeof requireExperiment>>,
    query: z.infer<typeof tableQuery>,
  ): Promise<string[]> {
    const filter = tableFilter(experiment.id, query);
    const table = await readRunTable(store.read, experiment, filter, { ...query, tree: undefined, page: 1, limit: 1 });
    return table.columns.map(({ field }) => field);
  }
}
