// shared/http/openapi.ts
// Purpose: the OpenAPI 3.1 document, made from the routes' Zod schemas, and its readable page.
// Why: what is documented is what is checked; there is no second description to forget.
// Relevant files: shared/http/docs-view.ts, shared/templates/docs.html, shared/schemas.ts

import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../schemas.ts';
import { showDocs, type OpenApiDocument } from './docs-view.ts';
import { VERSION } from './status.ts';
import type { App } from './types.ts';
import { dataOf } from './unchanged.ts';

export async function installOpenApi(app: App): Promise<void> {
  const transform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ML Experiment Tracker',
        version: VERSION,
        description:
          'Names are snake_case; times are ms since the epoch, UTC; experiment ids are integers, run ids 32 hexadecimal digits. ' +
          'Non-finite numbers travel as the strings "NaN", "Infinity", "-Infinity". ' +
          'Errors are problem details (RFC 9457) whose `errors` name each wrong field.',
      },
    },
    // Pages have no schema of their own; the document is about /api and the exports.
    transform: (route) =>
      route.schema?.tags
        ? withNamedRest(transform({ ...route, schema: withProblems(route.schema) }))
        : { schema: { hide: true }, url: route.url },
  });
  // As long as the process runs, neither changes.
  const fixed = { schema: { hide: true }, config: dataOf(() => Promise.resolve({ state: '', at: 0 })) };
  app.get('/openapi.json', fixed, () => app.swagger());
  app.get('/docs', fixed, (_request, reply) =>
    reply.page('docs.html', { title: 'API', ...showDocs(app.swagger() as unknown as OpenApiDocument) }),
  );
}

const PROBLEMS = {
  description: 'What is wrong, and where.',
  content: { 'application/problem+json': { schema: problem } },
};

/** Every endpoint answers mistakes alike; one that declares no answer has none to give. */
function withProblems(schema: FastifySchema): FastifySchema {
  const response = (schema.response ?? { 204: z.null().describe('Done.') }) as Record<string, unknown>;
  return { ...schema, response: { ...response, '4xx': PROBLEMS } };
}

/** The router calls the rest of a path `*`; the document calls it `path`. */
function withNamedRest({ schema, url }: { schema: FastifySchema; url: string }): {
  schema: FastifySchema;
  url: string;
} {
  if (!url.endsWith('/*')) return { schema, url };
  const { properties, required } = schema.params as { properties: Record<string, unknown>; required: string[] };
  const named = (name: string): string => (name === '*' ? 'path' : name);
  const params = {
    ...(schema.params as object),
    properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [named(name), one])),
    required: required.map(named),
  };
  return { schema: { ...schema, params }, url: url.replace(/\*$/, ':path') };
}
