// shared/http/unchanged.ts
// Purpose: conditional requests: an ETag from what an answer depends on; 304 where the asker has it already.
// Why: a page that is asked for again while nothing changed costs one small query, and is never stale.
// Relevant files: shared/http/kept-pages.ts, shared/http/pages.ts, experiments/depends.ts, runs/depends.ts

import { createHash, randomUUID } from 'node:crypto';
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { hasFlash } from './flash.ts';
import { KeptPages } from './kept-pages.ts';
import { sendHtml } from './pages.ts';
import type { App } from './types.ts';

/** What an answer depends on besides its address. */
export interface Basis {
  /** Another text whenever anything that the answer shows may have changed. */
  state: string;
  /** When that last happened, ms. */
  at: number;
  /** Where an open page hears of the next change. */
  live?: string;
}

/** Asked before anything else is read; undefined: there is nothing to depend on, the route says what is wrong. */
export type DependsOn = (request: FastifyRequest) => Promise<Basis | undefined>;

export interface RouteConfig {
  depends: DependsOn;
  /** It shows how long ago things were. */
  showsTimes: boolean;
}

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- this is how a route's own `config` gets its type
  interface FastifyContextConfig extends Partial<RouteConfig> {}
  interface FastifyRequest {
    /** The time that a page is about. Pages take it from here and never from the clock. */
    now: number;
    basis: Basis | null;
  }
}

/** A route's `config`: a page whose content is a function of its address, of `depends` and of `request.now`. */
export function pageOf(depends: DependsOn): RouteConfig {
  return { depends, showsTimes: true };
}

/** The same for data: no time plays a part in it. */
export function dataOf(depends: DependsOn): RouteConfig {
  return { depends, showsTimes: false };
}

export function installUnchanged(app: App): void {
  // Another process may run other code or serve another database on the same port: its tags are others.
  const process = randomUUID();
  app.decorate('keptPages', new KeptPages());
  app.decorateRequest('now', 0);
  app.decorateRequest('basis', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.now = Date.now();
    done();
  });
  // Only where a route asks for it: logging must not wait a turn for nothing.
  app.addHook('onRoute', (route) => {
    const { depends, showsTimes = false } = route.config ?? {};
    if (depends) route.preHandler = [answerUnchanged(app, process, depends, showsTimes), route.preHandler ?? []].flat();
  });
}

/** Before the route's own work: 304, or the page as it was kept. */
function answerUnchanged(
  app: App,
  process: string,
  depends: DependsOn,
  showsTimes: boolean,
): preHandlerAsyncHookHandler {
  return async (request, reply) => {
    const basis = await depends(request);
    if (!basis) return;
    request.basis = basis;
    if (showsTimes) request.now = pageClock(request.now, basis.at);
    // With a message for this page alone it is like no other.
    if (hasFlash(request)) return;
    const { protocol, host, url } = request;
    const etag = tagOf([process, protocol, host, url, basis.state, showsTimes ? String(request.now) : '']);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    reply.header('etag', etag).header('vary', 'accept-encoding');
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    const kept = wantsFresh(request) ? undefined : app.keptPages.get(etag);
    if (kept !== undefined) return sendHtml(reply, kept);
  };
}

/** Weak: the bytes differ with their compression. */
function tagOf(parts: string[]): string {
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24)}"`;
}

/** Reloading by force makes the page anew. */
function wantsFresh({ headers }: FastifyRequest): boolean {
  return (headers['cache-control'] ?? '').includes('no-cache');
}

/** `If-None-Match`: a list of tags or `*`; weak comparison, as RFC 9110 has it for this header. */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.split(',').some((one) => one.trim() === '*' || bare(one) === bare(etag));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * The time that a page tells by: it ticks every second while what it shows is younger than a minute (`4 s ago`,
 * `running for 2 min 3 s`), afterwards every minute. Between two ticks an unchanged page is the same to the letter.
 */
function pageClock(now: number, at: number): number {
  // `at` may be a second behind (live logging); with the whole minute taken off, nothing shown is still to come.
  const tick = now - at < MINUTE + 2 * SECOND ? SECOND : MINUTE;
  return now - (now % tick);
}
