// exports/routes.ts
// Purpose: the downloads, one route for each entry and format of the catalogue, and what to do when one breaks.
// Why: HTTP only; a download that fails half-way must break the connection, not end politely.
// Relevant files: exports/catalogue.ts, exports/produce.ts, exports/pages.ts

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { onAll, onExperiment } from '../experiments/depends.ts';
import { onRun, unlessMoving } from '../runs/depends.ts';
import type { Store } from '../shared/db/store.ts';
import { Problem } from '../shared/errors.ts';
import type { HeavyReads } from '../shared/heavy/job.ts';
import { sendStream } from '../shared/heavy/send.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf, type DependsOn } from '../shared/http/unchanged.ts';
import { CATALOGUE, type ExportKind } from './catalogue.ts';
import { breakUnfinished } from './changes.ts';
import { attachment, datedName } from './file-names.ts';
import { installExportPage } from './pages.ts';
import { startExport } from './produce.ts';
import { PREFIX, readRequest } from './request.ts';
import { jsonExport } from './schemas.ts';
import { CONTENT_TYPES, type Format } from './writers.ts';

export async function exports(app: App): Promise<void> {
  const { store, heavy } = app;
  await store.write(breakUnfinished);
  installExportPage(app);
  for (const kind of CATALOGUE) {
    for (const format of kind.formats) {
      const config = dataOf(dependsOf(kind)(store));
      app.get(`${PREFIX}${kind.path}.${format}`, { schema: schemaOf(kind, format), config }, (request, reply) =>
        download(heavy, store, kind, format, request, reply),
      );
    }
  }
  // Says which exports or formats there are.
  app.get(`${PREFIX}*`, { schema: { hide: true } }, (request, reply) => reply.redirect(readRequest(request.url).url));
}

/** Who has the file already (If-None-Match) is told so: nothing is made, and no row is left. */
function dependsOf({ path }: ExportKind): (store: Store) => DependsOn {
  if (path.startsWith('runs/')) return onRun;
  return path.startsWith('experiments/') ? (store) => unlessMoving(onExperiment(store)) : onAll;
}

function schemaOf({ summary, params, query }: ExportKind, format: Format): Record<string, unknown> {
  const body = format === 'json' ? jsonExport : z.string();
  return {
    tags: ['exports'],
    summary,
    description: `As ${format.toUpperCase()}, streamed.`,
    params,
    querystring: query,
    response: { 200: { description: 'The file.', content: { [CONTENT_TYPES[format]]: { schema: body } } } },
  };
}

async function download(
  heavy: HeavyReads,
  store: Store,
  kind: ExportKind,
  format: Format,
  { method, params, query, url, headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // It leaves a row in the list of exports, so it counts as a write; scripts and older browsers do not send this.
  if (headers['sec-fetch-site'] === 'cross-site')
    throw new Problem(403, 'Downloads from the page of another site are refused. Open the page of exports instead.');
  reply.header('cache-control', 'no-store').type(`${CONTENT_TYPES[format]}; charset=utf-8`);
  const name = (fileName: string): void => void reply.header('content-disposition', attachment(fileName));
  if (method === 'HEAD') {
    const { fileName } = await kind.open(store.read, params, query, format);
    name(datedName(fileName, format, Date.now()));
    return reply.send(Readable.from([])); // no content-length: it is not known before the end
  }
  const production = await startExport(heavy, store, { kind, format, params, query, url }, Date.now());
  name(production.fileName);
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) void production.markBroken();
  });
  return sendStream(reply, production.body);
}
