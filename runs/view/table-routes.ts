// runs/view/table-routes.ts
// Purpose: the run table of an experiment as JSON, CSV, Markdown and LaTeX, each at the address of the page with another ending.
// Why: HTTP only; what is wrong with the view is a 400 before the first byte.
// Relevant files: runs/view/table-job.ts, runs/view/open-view.ts, runs/table/experiment-views.ts

import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { bytesOf, sendStream, streamOf } from '../../shared/heavy/send.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, type DependsOn } from '../../shared/http/unchanged.ts';
import { experimentId, pageNumber } from '../../shared/schemas.ts';
import { tableQuery } from '../page-schemas.ts';
import { movesWithTime } from '../query/values.ts';
import { readWhere } from '../query/where.ts';
import { runOrder } from '../run-filter.ts';
import { openView } from './open-view.ts';
import { tableJob, type TableFormat } from './table-job.ts';

const TYPES: Record<TableFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  tex: 'application/x-tex; charset=utf-8',
};

const params = z.object({ id: experimentId });
const querystring = tableQuery.extend({
  page: pageNumber.unwrap().optional().describe('Only this page; all rows that match where left out.'),
});

export function installTableFiles(app: App): void {
  const { store, heavy } = app;

  /** A filter that moves with time finds other runs a minute later; a saved view may hold one. */
  const depends: DependsOn = async (request) => {
    const { where = '', view } = request.query as { where?: string; view?: unknown };
    return movesWithTime(where) || view !== undefined ? undefined : onExperiment(store)(request);
  };

  for (const format of Object.keys(TYPES) as TableFormat[])
    app.get(
      `/experiments/:id/runs.${format}`,
      {
        schema: {
          tags: ['runs'],
          summary: `The run table of an experiment as ${format === 'tex' ? 'LaTeX' : format === 'md' ? 'Markdown' : format.toUpperCase()}.`,
          description:
            'Exactly the view of this address: its columns, filter and order; all rows, or one page of them.',
          params,
          querystring,
        },
        config: dataOf(depends),
      },
      async (request, reply) => {
        const { id } = await requireExperiment(store.read, request.params.id);
        const { page, ...asked } = request.query;
        const { query } = await openView(store.read, id, { ...asked, page: page ?? 1 }, request.url);
        runOrder(query.order);
        if (query.where !== undefined) readWhere(query.where, request.now);
        const { pieces, close } = await heavy.open(tableJob, { experiment: id, query, page, format });
        reply.type(TYPES[format]);
        return sendStream(reply, streamOf(bytesOf(pieces), close));
      },
    );
}
