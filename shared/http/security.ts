// shared/http/security.ts
// Purpose: the headers of every answer, and the refusal of writes that come from another site's page.
// Why: a page on the web must not be able to delete somebody's runs on 127.0.0.1.
// Relevant files: shared/http/server.ts, shared/templates/base.html

import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export async function installSecurity(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on loopback is the normal case; a proxy that speaks TLS adds its own.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onRequest', (request, _reply, done) => {
    done(isForeignWrite(request) ? new Problem(403, 'Writes from the page of another site are refused.') : undefined);
  });
}

/** Browsers say where a write comes from (Sec-Fetch-Site, older ones Origin); scripts send neither. */
function isForeignWrite(request: FastifyRequest): boolean {
  if (SAFE_METHODS.has(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (typeof site === 'string') return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  return origin !== undefined && hostOf(origin) !== request.headers.host;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
