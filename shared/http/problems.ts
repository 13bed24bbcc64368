// shared/http/problems.ts
// Purpose: every error as one shape: problem details (RFC 9457) for scripts, a page for browsers.
// Why: a wrong request learns which field is wrong and what would be right; a 500 is always a bug and is logged.
// Relevant files: shared/errors.ts, shared/http/server.ts, shared/templates/error.html

import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Trouble, troubleOf } from '../db/trouble.ts';
import { Problem } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { toJson } from './json.ts';
import { seldom } from './seldom.ts';
import { placesText } from './field-errors.ts';

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answer(toProblem(error, request), request, reply));
  app.setNotFoundHandler((request, reply) =>
    answer(new Problem(404, `There is nothing at ${request.method} ${pathOf(request)}.`), request, reply),
  );
}

/** How a feature with errors of another shape answers what is wrong below its own paths. */
export interface EarlyAnswer {
  below: RegExp;
  answer: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void;
}

/** What is wrong before a route is found (a path that cannot be decoded): there are no pages yet. */
export function answerEarly(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const own = request.server.earlyAnswers.find(({ below }) => below.test(request.url));
  if (own) return own.answer(error, request, reply);
  const problem = toProblem(error, request);
  sendJson(problem, reply.code(problem.status));
}

/** JSON for the API and for every client that does not ask for HTML. */
function wantsPage(request: FastifyRequest): boolean {
  return !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? request.url;
}

async function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (reply.raw.headersSent) {
    // A download that fails half-way must look broken, not finished.
    reply.raw.destroy();
    return reply;
  }
  reply
    .code(problem.status)
    .removeHeader('content-disposition')
    .removeHeader('etag')
    // Of a stream that was to be compressed and failed before its first byte.
    .removeHeader('content-encoding')
    .header('cache-control', 'no-store');
  if (problem.status === 503) reply.header('retry-after', '1');
  if (wantsPage(request)) {
    // What is wrong here does not change with the data.
    request.basis = null;
    return reply.page('error.html', {
      title: STATUS_CODES[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.message,
      errors: problem.errors,
      // `invalid` makes the text of the places, and the page lists them below.
      listed: problem.errors.length > 1 && problem.message === placesText(problem.errors),
      action: problem.action,
    });
  }
  return sendJson(problem, reply);
}

function sendJson(problem: Problem, reply: FastifyReply): FastifyReply {
  return reply
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => String(payload))
    .send(toJson(problemBody(problem)));
}

function problemBody(problem: Problem): Record<string, unknown> {
  return {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    errors: problem.errors,
    ...problem.extra,
  };
}

const TROUBLES: Record<Trouble, [status: number, detail: string]> = {
  [Trouble.Full]: [507, 'The disk of the tracker is full: nothing of this request was stored.'],
  [Trouble.Busy]: [503, 'The database is busy: nothing was stored, try again.'],
  // The connection may have been lost between a commit and the word of it.
  [Trouble.Away]: [
    503,
    'The database cannot be reached. Try again; of a change, look first whether it was stored (what is logged twice is kept once).',
  ],
};

export function toProblem(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const bytes = request.routeOptions.bodyLimit ?? LIMITS.body;
    return new Problem(413, `The body is larger than the limit of ${bytes} bytes.`, [], { limit_bytes: bytes });
  }
  const storage = storageProblem(error);
  if (storage) return logged(storage, error, request);
  const trouble = troubleOf(error);
  if (trouble) return logged(new Problem(...TROUBLES[trouble]), error, request);
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return new Problem(status, sentence(error.message));
  request.log.error(error);
  return new Problem(500, 'The tracker made a mistake. Its log has the details.');
}

/** Whoever runs the tracker reads of it, but not once for each request that meets it. */
function logged(problem: Problem, error: Error, request: FastifyRequest): Problem {
  const kept = seldom(`${problem.status} ${problem.message.slice(0, 40)}`);
  // Where the disk or the database says no there is no stack worth reading; what is damaged is another matter.
  const what = problem.status === 500 ? { err: error } : { reason: toldOf(error).message };
  if (kept !== undefined) request.log.error({ ...what, status: problem.status, alike_before: kept }, problem.message);
  return problem;
}

/** Drizzle wraps what the database says into an error of its own. */
function toldOf(error: Error): Error & { code?: unknown } {
  return error.cause instanceof Error ? error.cause : error;
}

/** No room for what is written. The kinds of SQLITE_IOERR are what SQLite says where its log or its index of it cannot grow. */
const NO_ROOM = /^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG|SQLITE_IOERR_(WRITE|SHMSIZE|SHMOPEN|TRUNCATE|FSYNC))$/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;
const DISK_ERROR = /^(SQLITE_IOERR|EIO$)/;

/** What the disk is to blame for. */
function storageProblem(error: Error): Problem | undefined {
  const told = toldOf(error);
  const code = String(told.code);
  if (NO_ROOM.test(code)) {
    return new Problem(507, 'The disk of the tracker is full: nothing of this request was stored.');
  }
  const advice = 'Whoever runs the tracker learns what is wrong, and what can be saved, from "manage.ts doctor".';
  if (DAMAGED.test(code)) return new Problem(500, `The database file is damaged (${told.message}). ${advice}`);
  if (DISK_ERROR.test(code)) {
    return new Problem(500, `The disk of the tracker reports an error (${told.message}). ${advice}`);
  }
  return undefined;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
