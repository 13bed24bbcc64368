// mlflow/problems.ts
// Purpose: every mistake below MLflow's prefixes as MLflow's error object: our problems, wrong paths, methods, content types.
// Why: its client reads `error_code` from JSON and nothing else; HTML or another shape says nothing to it.
// Relevant files: mlflow/errors.ts, mlflow/routes.ts, shared/http/problems.ts

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../shared/errors.ts';
import { pathOf, toProblem } from '../shared/http/problems.ts';
import type { App } from '../shared/http/types.ts';
import { reasonDeclined } from './declined.ts';
import { MlflowError, type ErrorCode } from './errors.ts';
import { sendJson, served } from './serve.ts';

/** For the calls of this scope, and for what is below the prefixes but cannot be decoded. */
export function installErrors(app: App): void {
  app.setErrorHandler((error: FastifyError | MlflowError, request, reply) => send(toMlflow(error, request), reply));
  const below = /^\/(ajax-)?api\/[23]\.0\//;
  app.earlyAnswers.push({ below, answer: (error, request, reply) => void send(toMlflow(error, request), reply) });
}

/** For every path below a prefix that no call has. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(unknown(request), reply);
}

function send({ code, status, message }: MlflowError, reply: FastifyReply): FastifyReply {
  if (reply.raw.headersSent) {
    // A download that fails half-way must look broken, not finished.
    reply.raw.destroy();
    return reply;
  }
  reply.code(status).removeHeader('content-disposition').removeHeader('etag').header('cache-control', 'no-store');
  if (status === 503) reply.header('retry-after', '1');
  return sendJson(reply, { error_code: code, message });
}

function unknown(request: FastifyRequest): MlflowError {
  const path = pathOf(request);
  const declined = reasonDeclined(path);
  if (declined !== undefined) return new MlflowError('ENDPOINT_NOT_FOUND', declined);
  const methods = methodsAt(path.replace(/^\/(ajax-)?api/, ''));
  const message = `There is nothing at ${request.method} ${path}.`;
  if (methods.length === 0) return new MlflowError('ENDPOINT_NOT_FOUND', message);
  return new MlflowError('ENDPOINT_NOT_FOUND', `${message} It takes ${methods.join(', ')}.`, 405);
}

function methodsAt(path: string): string[] {
  const calls = [...served].map((call) => call.split(' ') as [string, string]);
  return calls.filter(([, pattern]) => matches(pattern, path)).map(([method]) => method);
}

/** `/a/:id/b` and `/a/*` as routes have them. */
function matches(pattern: string, path: string): boolean {
  const [parts, asked] = [pattern.split('/'), path.split('/')];
  if (parts.at(-1) !== '*' && parts.length !== asked.length) return false;
  return parts.every((part, i) => part === '*' || (part.startsWith(':') ? asked[i] !== '' : part === asked[i]));
}

function toMlflow(error: FastifyError | MlflowError, request: FastifyRequest): MlflowError {
  if (error instanceof MlflowError) return error;
  // An unknown content type: MLflow says 400.
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new MlflowError('INVALID_PARAMETER_VALUE', 'Content-Type must be application/json.');
  return ofProblem(toProblem(error, request));
}

/** A 409 of ours is a wrong state, which MLflow's errors call an invalid value. */
const STATUSES: Record<number, [code: ErrorCode, status?: number]> = {
  401: ['UNAUTHENTICATED'],
  403: ['PERMISSION_DENIED'],
  404: ['RESOURCE_DOES_NOT_EXIST'],
  413: ['INVALID_PARAMETER_VALUE', 413],
  416: ['INVALID_PARAMETER_VALUE', 416],
  421: ['PERMISSION_DENIED', 421],
  429: ['RESOURCE_EXHAUSTED'],
  500: ['INTERNAL_ERROR'],
  503: ['TEMPORARILY_UNAVAILABLE'],
  // The disk is full. No client tries that again.
  507: ['RESOURCE_EXHAUSTED', 507],
};

function ofProblem({ status, message }: Problem): MlflowError {
  const [code, as] = STATUSES[status] ?? ['INVALID_PARAMETER_VALUE'];
  return new MlflowError(code, message, as);
}
