// runs/view/table-routes.ts
// Purpose: the run table of an experiment, and the list of all runs, as JSON, CSV, Markdown and LaTeX, each at the address of the page with another ending.
// Why: HTTP only; what is wrong with the view is a 400 before the first byte.
// Relevant files: runs/view/table-job.ts, runs/view/open-view.ts, runs/table/experiment-views.ts

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { onAll, onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { bytesOf, sendStream, streamOf } from '../../shared/heavy/send.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { experimentId, pageNumber } from '../../shared/schemas.ts';
import { unlessMoving } from '../depends.ts';
import { tableQuery, type TableQuery } from '../page-schemas.ts';
import { readWhere } from '../query/where.ts';
import { runOrder } from '../run-filter.ts';
import { openView } from './open-view.ts';
import { tableJob, type TableArgs, type TableFormat } from './table-job.ts';

const TYPES: Record<TableFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  tex: 'application/x-tex; charset=utf-8',
};

const NAMES: Record<TableFormat, string> = { json: 'JSON', csv: 'CSV', md: 'Markdown', tex: 'LaTeX' };

const params = z.object({ id: experimentId });
const querystring = tableQuery.extend({
  page: pageNumber.unwrap().optional().describe('Only this page; all rows that match where left out.'),
});

export function installTableFiles(app: App): void {
  const { store, heavy } = app;

  /** A saved view is not opened for this: it may hold a filter that moves with time. */
  const onTable = unlessMoving(async (request) => {
    const { view } = request.query as { view?: unknown };
    return view === undefined ? onExperiment(store)(request) : undefined;
  });

  const send = async (reply: FastifyReply, args: TableArgs): Promise<FastifyReply> => {
    const { pieces, close } = await heavy.open(tableJob, args);
    reply.type(TYPES[args.format]);
    return sendStream(reply, streamOf(bytesOf(pieces), close));
  };

  for (const format of Object.keys(TYPES) as TableFormat[]) {
    app.get(
      `/experiments/:id/runs.${format}`,
      {
        schema: {
          tags: ['runs'],
          summary: `The run table of an experiment as ${NAMES[format]}.`,
          description:
            'Exactly the view of this address: its columns, filter and order; all rows, or one page of them.',
          params,
          querystring,
        },
        config: dataOf(onTable),
      },
      async (request, reply) => {
        const { id } = await requireExperiment(store.read, request.params.id);
        const { page, ...asked } = request.query;
        const { query } = await openView(store.read, id, { ...asked, page: page ?? 1 }, request.url);
        refuseWrong(query, request.now);
        return send(reply, { experiment: id, query, page, format });
      },
    );

    app.get(
      `/runs.${format}`,
      {
        schema: {
          tags: ['runs'],
          summary: `The list of all runs, across experiments, as ${NAMES[format]}.`,
          description: 'Filter and order as on the page /runs; all rows, or one page of them.',
          querystring,
        },
        config: dataOf(unlessMoving(onAll(store))),
      },
      async ({ query: { page, ...asked }, now }, reply) => {
        const query = { ...asked, page: page ?? 1 };
        refuseWrong(query, now);
        return send(reply, { experiment: undefined, query, page, format });
      },
    );
  }
}

function refuseWrong({ order, where }: TableQuery, now: number): void {
  runOrder(order);
  if (where !== undefined) readWhere(where, now);
}
