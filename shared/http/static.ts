// shared/http/static.ts
// Purpose: styles, page scripts and uPlot from our own origin, under a path that changes with their content.
// Why: browsers may keep them for ever, and no page asks another host for anything.
// Relevant files: shared/static/app.css, shared/http/pages.ts, shared/http/server.ts

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import type { App } from './types.ts';

const FOLDER = fileURLToPath(new URL('../static/', import.meta.url));
const UPLOT = path.join(fileURLToPath(new URL('../../node_modules/uplot/', import.meta.url)), 'dist');
const PATTERN = /\.(css|js|svg)$/;
const FILE = /^(uplot\/)?\w[\w.-]*\.(css|js|svg)$/;

const earlier = z.object({ version: z.string(), '*': z.string() });

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
  // Of a page that was loaded before an upgrade: what it asks for next is there, and is not kept under the old name.
  app.get('/static/:version/*', { schema: { hide: true, params: earlier } }, ({ params: { '*': file } }, reply) => {
    if (!FILE.test(file))
      throw new Problem(404, `There is no ${JSON.stringify(file.slice(0, 100))} among the page's files.`);
    return reply.header('cache-control', 'no-cache').redirect(`${STATIC_PREFIX}/${file}`);
  });
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.redirect(`${STATIC_PREFIX}/icon.svg`));
}
