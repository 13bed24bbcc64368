// exports/pages.ts
// Purpose: /exports: what can be had, of which experiment, in which format; and what was exported before.
// Why: HTTP only; the page's rows are read here and shown by views.ts.
// Relevant files: exports/views.ts, exports/queries.ts, exports/templates/exports.html

import { onEverything } from '../experiments/depends.ts';
import { listExperiments } from '../experiments/list-queries.ts';
import { runCounts } from '../experiments/run-count-queries.ts';
import { readTotals } from '../runs/standing-queries.ts';
import type { Db } from '../shared/db/store.ts';
import { Problem } from '../shared/errors.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import type { ExportRow } from './models.ts';
import { listExports } from './queries.ts';
import { readRequest } from './request.ts';
import { exportsPageQuery, type ExportsPageQuery } from './schemas.ts';
import { PAGE_SIZE, showExportsPage, type ExportsPageData } from './views.ts';

export function installExportPage(app: App): void {
  const shown = { schema: { hide: true, querystring: exportsPageQuery }, config: pageOf(onEverything(app.store)) };
  app.get('/exports', shown, async (request, reply) => {
    const data = await readExportsPage(app.store.read, request.query);
    return reply.page('exports/exports.html', showExportsPage(data, request.query, request.now));
  });
}

async function readExportsPage(db: Db, { q, page, past }: ExportsPageQuery): Promise<ExportsPageData> {
  const at = (number: number): { limit: number; offset: number } => ({
    limit: PAGE_SIZE,
    offset: (number - 1) * PAGE_SIZE,
  });
  const found = await listExperiments(db, { q, order: '-created_at' }, at(page));
  const counts = await runCounts(
    db,
    found.items.map((row) => row.id),
  );
  const experiments: ExportsPageData['experiments'] = [];
  for (const experiment of found.items) {
    const runs = Object.values(counts.get(experiment.id) ?? {}).reduce((sum, n) => sum + n, 0);
    experiments.push({ experiment, runs, points: experiment.points });
  }
  const log = await listExports(db, at(past));
  const exports: ExportsPageData['past'] = [];
  for (const row of log.items) exports.push({ row, repeatable: await isRepeatable(db, row) });
  return {
    experiments,
    found: found.total,
    totals: { experiments: q ? await countAll(db) : found.total, ...(await readTotals(db)) },
    past: exports,
    pastTotal: log.total,
  };
}

async function countAll(db: Db): Promise<number> {
  return (await listExperiments(db, { order: 'name' }, { limit: 1 })).total;
}

/** What it exported may be in the trash by now: then there is no link to it. */
async function isRepeatable(db: Db, { url }: ExportRow): Promise<boolean> {
  try {
    const { kind, params, query, format } = readRequest(url);
    await kind.open(db, params, query, format);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
