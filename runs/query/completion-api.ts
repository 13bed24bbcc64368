// runs/query/completion-api.ts
// Purpose: what the filter box offers while one types: what may stand at the cursor, and fields that contain a text.
// Why: a plain endpoint; editors and notebooks can ask it, too.
// Relevant files: runs/query/completion-queries.ts, shared/static/filter.js, runs/routes.ts

import { z } from 'zod';
import type { App } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, text, wholeNumber } from '../../shared/schemas.ts';
import { fieldsLike, OFFER_KINDS, offersAt } from './completion-queries.ts';

const query = z.strictObject({
  find: text(LIMITS.key).default('').describe('A part of the name, or `metrics.` with a part of the key.'),
  before: text(LIMITS.query)
    .optional()
    .describe(
      'A filter up to the cursor, instead of `find`: then values, aggregates and what belongs to an order are offered, too.',
    ),
  experiment: experimentId.optional().describe('Only what runs of this experiment have.'),
  limit: wholeNumber('a whole number', 1, 100).default(12),
});

const fields = z.object({
  items: z.array(z.object({ name: z.string(), kind: z.enum(OFFER_KINDS) })),
  from: z
    .number()
    .nullable()
    .describe('Place in `before` of the word that an item takes the place of; null without it.'),
});

export function installCompletion(app: App): void {
  app.get(
    '/api/fields',
    {
      schema: {
        tags: ['runs'],
        summary: 'Fields of filters (`where=`) that contain a text, or what may stand at a place of one.',
        description: 'Attributes of runs, and the metrics, params and tags that there are, as they stand in a filter.',
        querystring: query,
        response: { 200: fields },
      },
    },
    async ({ query: { before, ...asked } }) => {
      if (before !== undefined) return offersAt(app.store.read, { ...asked, before });
      return { items: await fieldsLike(app.store.read, asked), from: null };
    },
  );
}
