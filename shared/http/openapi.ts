// shared/http/openapi.ts
// Purpose: the OpenAPI 3.1 document, made from the routes' Zod schemas, and its readable page.
// Why: what is documented is what is checked; there is no second description to forget.
// Relevant files: shared/http/docs-view.ts, shared/templates/docs.html, shared/schemas.ts

import swagger from '@fastify/swagger';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { showDocs, type OpenApiDocument } from './docs-view.ts';
import { VERSION } from './status.ts';
import type { App } from './types.ts';

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
    transform: (route) => (route.schema?.tags ? transform(route) : { schema: { hide: true }, url: route.url }),
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.page('docs.html', { title: 'API', ...showDocs(app.swagger() as unknown as OpenApiDocument) }),
  );
}
