// shared/http/static.ts
// Purpose: styles, page scripts and uPlot from our own origin, under a path that changes with their content.
// Why: browsers may keep them for ever, and no page asks another host for anything.
// Relevant files: shared/static/app.css, shared/http/pages.ts, shared/http/server.ts

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { App } from './types.ts';

const FOLDER = fileURLToPath(new URL('../static/', import.meta.url));
const UPLOT = path.join(fileURLToPath(new URL('../../node_modules/uplot/', import.meta.url)), 'dist');
const PATTERN = /\.(css|js|svg)$/;

/** `/static/3f2a9c…`: all files share one hash, so relative imports between page scripts keep working. */
export const STATIC_PREFIX = `/static/${hashOf(FOLDER)}`;

function hashOf(folder: string): string {
  const hash = createHash('sha256').update(readFileSync(path.join(UPLOT, '../package.json')));
  for (const file of readdirSync(folder)
    .filter((name) => PATTERN.test(name))
    .sort()) {
    hash.update(readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

export async function installStatic(app: App): Promise<void> {
  const common = { immutable: true, maxAge: '365d', index: false, decorateReply: false } as const;
  await app.register(fastifyStatic, {
    ...common,
    root: FOLDER,
    prefix: `${STATIC_PREFIX}/`,
    allowedPath: (file) => PATTERN.test(file),
  });
  await app.register(fastifyStatic, { ...common, root: UPLOT, prefix: `${STATIC_PREFIX}/uplot/` });
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.redirect(`${STATIC_PREFIX}/icon.svg`));
}
