// runs/client-routes.ts
// Purpose: the one-file Python client from this server: `curl -O …/client/tracker.py`.
// Why: the file that fits this server is where the server is, also on a machine that reaches nothing else.
// Relevant files: clients/python/tracker.py, runs/routes.ts, README.md

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { App } from '../shared/http/types.ts';

const FILE = fileURLToPath(new URL('../clients/python/tracker.py', import.meta.url));

export function installClient(app: App): void {
  const text = readFileSync(FILE);
  const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
  app.get('/client/tracker.py', { schema: { hide: true } }, (request, reply) => {
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('text/x-python; charset=utf-8').send(text);
  });
}
