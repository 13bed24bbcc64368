// runs/query/completion-api.ts
// Purpose: what the filter box offers while one types: the fields that contain the word at the cursor.
// Why: a plain endpoint; editors and notebooks can ask it, too.
// Relevant files: runs/query/completion-queries.ts, shared/static/filter.js, runs/routes.ts

import { z } from 'zod';
import type { App } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, text, wholeNumber } from '../../shared/schemas.ts';
import { fieldsLike } from './completion-queries.ts';

const query = z.strictObject({
  find: text(LIMITS.key).default('').describe('A part of the name, or `metrics.` with a part of the key.'),
  experiment: experimentId.optional().describe('Only what runs of this experiment have.'),
  limit: wholeNumber('a whole number', 1, 100).default(12),
});

const fields = z.object({
  items: z.array(z.object({ name: z.string(), kind: z.enum(['field', 'metric', 'param', 'tag']) })),
});

export function installCompletion(app: App): void {
  app.get(
    '/api/fields',
    {
      schema: {
        tags: ['runs'],
        summary: 'Fields of filters (`where=`) that contain a text.',
        description: 'Attributes of runs, and the metrics, params and tags that there are, as they stand in a filter.',
        querystring: query,
        response: { 200: fields },
      },
    },
    async (request) => ({ items: await fieldsLike(app.store.read, request.query) }),
  );
}
