// shared/http/server.ts
// Purpose: makes the Fastify server: bodies, schemas, errors, security, pages, static files, then the features.
// Why: one place for what every route may rely on; features add routes and nothing else.
// Relevant files: manage.ts, shared/http/problems.ts, shared/http/pages.ts, shared/http/security.ts

import cookie from '@fastify/cookie';
import compress from '@fastify/compress';
import formbody from '@fastify/formbody';
import sse from '@fastify/sse';
import Fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Settings } from '../config.ts';
import type { Store } from '../db/store.ts';
import { heavyReads } from '../heavy/reads.ts';
import { LIMITS } from '../limits.ts';
import { checkBySchema } from './checks.ts';
import { toJson } from './json.ts';
import { installJsonBodies } from './json-bodies.ts';
import { installOpenApi } from './openapi.ts';
import { installPages } from './pages.ts';
import { answerEarly, installProblems } from './problems.ts';
import { installSecurity } from './security.ts';
import { installStatic } from './static.ts';
import { installStatus } from './status.ts';
import type { App, Feature } from './types.ts';
import { installUnchanged } from './unchanged.ts';

/** Open event streams say so often that they are there: proxies close what is silent. */
const HEARTBEAT_MS = 15_000;

export async function createServer(settings: Settings, store: Store, features: Feature[]): Promise<App> {
  const app = Fastify({
    logger: { level: 'warn' },
    // A logger for each request would cost more than the request's check, and says nothing more here.
    childLoggerFactory: (logger) => logger,
    bodyLimit: LIMITS.body,
    // Long values come in searches; Node itself stops headers at 16 KiB.
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: answerEarly,
  }).withTypeProvider<ZodTypeProvider>();
  app.decorate('settings', settings);
  app.decorate('store', store);
  app.decorate('heavy', heavyReads(settings, store));
  app.decorate('statusFacts', []);
  app.decorate('earlyAnswers', []);
  installSchemas(app);
  installJsonBodies(app);
  installProblems(app);
  installSecurity(app, settings);
  // Its hooks would run for each request; what has a cookie reads and writes it (shared/http/flash.ts).
  await app.register(cookie, { hook: false });
  await app.register(formbody, { bodyLimit: LIMITS.body });
  await app.register(compress, {
    threshold: 1400,
    encodings: ['br', 'gzip', 'deflate'],
    brotliOptions: { params: { 0: 0, 1: 4 } },
  });
  installUnchanged(app);
  // Its types name the CommonJS export; it is the same function.
  await app.register(sse.default, { heartbeatInterval: HEARTBEAT_MS });
  await installStatic(app);
  await installPages(app);
  await installOpenApi(app);
  installStatus(app);
  // Before requests in flight are waited for: an export may take longer than a stop may.
  app.addHook('preClose', () => app.heavy.close());
  closeWhenAnswered(app);
  app.addHook('onClose', () => store.close());
  for (const feature of features) await app.register(feature);
  await app.ready();
  return app;
}

/**
 * On a stop, requests in flight end; then every connection is closed. Node itself would wait for those that were
 * promised keep-alive and for those that never sent a request (browsers open such in advance).
 */
function closeWhenAnswered(app: App): void {
  let isClosing = false;
  let inFlight = 0;
  const closeIfDone = (): void => {
    if (isClosing && inFlight === 0) app.server.closeAllConnections();
  };
  app.server.on('request', (_request, response) => {
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (isClosing) setImmediate(closeIfDone);
    });
  });
  app.addHook('preClose', (done) => {
    isClosing = true;
    setImmediate(closeIfDone);
    done();
  });
}

function installSchemas(app: App): void {
  app.setValidatorCompiler<z.ZodType>(checkBySchema);
  app.setSerializerCompiler<z.ZodType>(({ schema, method, url }) => (data) => {
    const result = schema.safeEncode(data);
    if (!result.success)
      throw new Error(`The answer of ${method} ${url} is not what its schema promises: ${result.error.message}`);
    return toJson(result.data);
  });
}
