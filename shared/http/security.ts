// shared/http/security.ts
// Purpose: the headers of every answer, and the refusal of other sites' pages: their writes, and names that are not ours.
// Why: a page on the web must not be able to delete somebody's runs on 127.0.0.1.
// Relevant files: shared/http/server.ts, shared/templates/base.html

import { ServerResponse, type IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import type { Settings } from '../config.ts';
import { Problem } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const POLICY: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      mediaSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // Plain HTTP on loopback is the normal case; a proxy that speaks TLS adds its own.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'same-origin' },
};

/** An answer to a write that asks for data is shown by no browser; what is left keeps another site's page from reading it. */
const OF_DATA = ['content-security-policy', 'cross-origin-resource-policy', 'x-content-type-options'];
const DATA_WRITE = /^\/(ajax-)?api\//;

export function installSecurity(app: FastifyInstance, settings: Settings): void {
  const headers = headersOf(POLICY);
  const ofData = Object.fromEntries(Object.entries(headers).filter(([name]) => OF_DATA.includes(name)));
  const isOurName = nameCheck(settings);
  app.addHook('onRequest', (request, reply, done) => {
    const isDataWrite = !SAFE_METHODS.has(request.method) && DATA_WRITE.test(request.url);
    // Each header of a one-point log request is a hundredth of what it costs.
    reply.headers(isDataWrite ? ofData : headers);
    if (!isOurName(request.headers.host)) return done(wrongName(request.headers.host));
    done(isForeignWrite(request) ? new Problem(403, 'Writes from the page of another site are refused.') : undefined);
  });
}

/** Helmet is asked once: its headers are the same for every answer, and it would put each of them together each time. */
function headersOf(policy: HelmetOptions): Record<string, string> {
  const request = { method: 'GET' } as IncomingMessage;
  const response = new ServerResponse(request);
  helmet(policy)(request, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A server on loopback answers to loopback's names only. Otherwise a web page could have its own name resolve to
 * 127.0.0.1 and read everything as "same origin" (DNS rebinding).
 */
function nameCheck({ host, allowedHosts }: Settings): (name: string | undefined) => boolean {
  const listensOn = host.includes(':') ? `[${host}]` : host.toLowerCase();
  if (!LOOPBACK.test(listensOn)) return () => true;
  const isOurs = (header: string): boolean => {
    const name = hostOf(`http://${header}`)?.replace(/:\d+$/, '');
    return name !== undefined && (LOOPBACK.test(name) || name === listensOn || allowedHosts.includes(name));
  };
  // Clients send the same name again and again; the last one that was ours need not be taken apart anew.
  let known: string | undefined;
  return (header) => {
    if (header === undefined || header === known) return true;
    if (!isOurs(header)) return false;
    known = header;
    return true;
  };
}

function wrongName(name = ''): Problem {
  return new Problem(
    421,
    `This tracker listens on loopback and does not answer to the name ${JSON.stringify(name.slice(0, 200))}. ` +
      'If a proxy in front of it uses that name, start with ALLOWED_HOSTS=name.',
  );
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
