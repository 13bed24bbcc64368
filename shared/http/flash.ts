// shared/http/flash.ts
// Purpose: one message for the next page, in a short-lived cookie: what was done, and the form that undoes it.
// Why: after POST-redirect-GET the page that shows the result is another request.
// Relevant files: shared/http/pages.ts, shared/templates/base.html

import type { SerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

const COOKIE = 'flash';

const flashSchema = z.strictObject({
  text: z.string().max(1000),
  kind: z.enum(['done', 'problem']),
  /** A POST form on the next page; only paths of our own. */
  undo: z.strictObject({ label: z.string().max(100), action: z.string().regex(/^\/(?!\/)/) }).optional(),
});

export type Flash = z.infer<typeof flashSchema>;

export function setFlash(reply: FastifyReply, flash: Flash): void {
  const value = Buffer.from(JSON.stringify({ ...flash, text: flash.text.slice(0, 600) })).toString('base64url');
  writeCookie(reply, value, { httpOnly: true, sameSite: 'strict', maxAge: 60 });
}

/** A message waits and this request may take it: not one of a page's script, whose person looks at the page before. */
export function hasFlash(request: FastifyRequest): boolean {
  return waiting(request) !== undefined;
}

function waiting({ headers, server }: FastifyRequest): string | undefined {
  if (!['document', undefined].includes(headers['sec-fetch-dest'])) return undefined;
  return headers.cookie === undefined ? undefined : server.parseCookie(headers.cookie)[COOKIE];
}

/** Without the package's hooks: every request would pay for them, and only pages have cookies. */
function writeCookie(reply: FastifyReply, value: string, options: SerializeOptions): void {
  reply.header('set-cookie', reply.server.serializeCookie(COOKIE, value, { path: '/', ...options }));
}

/** The message left for this page, which is then gone. What is not ours is ignored. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): Flash | undefined {
  const raw = waiting(request);
  if (!raw) return undefined;
  writeCookie(reply, '', { expires: new Date(0), maxAge: 0, sameSite: 'lax' });
  try {
    return flashSchema.safeParse(JSON.parse(Buffer.from(raw, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
