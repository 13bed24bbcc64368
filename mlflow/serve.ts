// mlflow/serve.ts
// Purpose: mounts one call of MLflow's API under its prefixes: what was asked through a Zod schema, the answer as JSON.
// Why: a call is its path, its schema and what it does; transport, null, int64 and errors are said once.
// Relevant files: mlflow/bodies.ts, mlflow/fields.ts, mlflow/wire.ts, mlflow/problems.ts

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { zodErrors } from '../shared/http/field-errors.ts';
import type { App } from '../shared/http/types.ts';
import { readBody, type Fields } from './bodies.ts';
import { invalid, type MlflowError } from './errors.ts';
import { MISSING } from './fields.ts';
import { plainBody } from './plain-body.ts';
import { toText } from './wire.ts';

/** The client's prefix and the one of MLflow's own pages; both answer alike. */
export const PREFIXES = ['/api', '/ajax-api'] as const;
type Prefix = (typeof PREFIXES)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An object, or JSON that is ready: text, bytes, or a stream of them. */
export type Answer = object | string | Buffer | Readable;

/** Every call that is served, as `POST /2.0/mlflow/runs/create`: for the list in README.md and the tests. */
export const served = new Set<string>();

/**
 * `path` begins with the version: `/2.0/mlflow/runs/get`. `schema` checks the query of a GET, else the body; parts of the
 * path (`:id`) come with it. What it does not name is ignored.
 */
export function serve<S extends z.ZodType>(
  app: App,
  methods: Method | Method[],
  path: string,
  schema: S,
  answer: (asked: z.output<S>, request: FastifyRequest) => Promise<Answer>,
  { prefixes = PREFIXES, plain }: { prefixes?: readonly Prefix[]; plain?: Plain<z.output<S>> } = {},
): void {
  const act = async (request: FastifyRequest): Promise<Answer> => {
    const sent = plain && plainBody(request.body);
    return answer((sent && plain?.(sent)) ?? check(schema, await askedOf(request)), request);
  };
  for (const method of [methods].flat()) mount(app, method, path, prefixes, act);
}

/** What the schema would make of a body, found by a quick look (mlflow/plain-body.ts); undefined: ask the schema. */
type Plain<T> = (sent: Fields) => T | undefined;

/** For the hottest calls: the body's bytes as they came; the call reads and checks them itself. */
export function serveBytes(
  app: App,
  method: Method,
  path: string,
  answer: (body: unknown, request: FastifyRequest) => Promise<Answer>,
): void {
  mount(app, method, path, PREFIXES, (request) => answer(request.body, request));
}

function mount(
  app: App,
  method: Method,
  path: string,
  prefixes: readonly Prefix[],
  act: (request: FastifyRequest) => Promise<Answer>,
): void {
  served.add(`${method} ${path}`);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendJson(reply, await act(request));
  for (const prefix of prefixes)
    app.route({ method, url: prefix + path, schema: { hide: true }, compress: false, handler });
}

export function sendJson(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(isReady(answer) ? answer : toText(answer));
}

function isReady(answer: Answer): answer is string | Buffer | Readable {
  return typeof answer === 'string' || Buffer.isBuffer(answer) || answer instanceof Readable;
}

async function askedOf(request: FastifyRequest): Promise<Fields> {
  const asked = request.method === 'GET' ? await askedByGet(request) : readBody(request.body);
  return { ...asked, ...(request.params as Fields) };
}

/** Nobody asks for more in a query either. */
const GET_BODY_MAX = 64 * 1024;

/** The query; where there is none the body, as MLflow reads it. Fastify leaves the body of a GET where it is. */
async function askedByGet({ query, headers, raw }: FastifyRequest): Promise<Fields> {
  const asked = query as Fields;
  const length = Number(headers['content-length'] ?? 0);
  if (length === 0 || Object.keys(asked).length > 0) return asked;
  if (length > GET_BODY_MAX) throw invalid(`The body of a GET has ${GET_BODY_MAX} bytes at most.`);
  const parts = (await raw.toArray().catch(() => Promise.reject(invalid('The body ends too early.')))) as Buffer[];
  return readBody(Buffer.concat(parts));
}

/** The first thing that is wrong is said, with the name of its field. */
export function check<S extends z.ZodType>(schema: S, data: unknown): z.output<S> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw wrong(result.error, data);
}

function wrong(error: z.ZodError, data: unknown): MlflowError {
  const [first] = zodErrors(error);
  const { path = 'body', message = 'is not valid' } = first ?? {};
  const isMissing = message === MISSING || valueAt(data, error.issues[0]?.path ?? []) === undefined;
  return invalid(
    isMissing
      ? `Missing value for required parameter '${path}'.`
      : `Invalid value for parameter '${path}': ${message}.`,
  );
}

function valueAt(data: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<PropertyKey, unknown> | undefined)?.[name], data);
}
