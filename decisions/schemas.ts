// decisions/schemas.ts
// Purpose: what the decisions API and forms take and give, as Zod schemas.
// Why: requests are checked and answers promised in one place; the OpenAPI document is made from these.
// Relevant files: decisions/routes.ts, decisions/pages.ts, shared/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../shared/limits.ts';
import { limit, listOf, pageNumber, text, wholeNumber } from '../shared/schemas.ts';
import { DECISION_STATUSES, DecisionStatus } from './models.ts';

export { experimentParams } from '../experiments/schemas.ts';

const hypothesis = text(LIMITS.notes).trim().min(1, 'must say what was expected');
const verdict = text(LIMITS.notes).trim();
const status = z.enum(DECISION_STATUSES, `must be one of ${DECISION_STATUSES.join(', ')}`);

/** An address of this tracker, from its root: never another host. */
const url = text(LIMITS.url).regex(/^\/(?![/\\])[^\s]*$/, 'must be an address of this tracker that begins with /');

export const decisionCreate = z.strictObject({
  hypothesis: hypothesis.describe('What was expected.'),
  status: status.default(DecisionStatus.Open).describe('What became of it.'),
  verdict: verdict.default('').describe('The same in words.'),
  url: url
    .optional()
    .describe(
      'The page it was decided on, from the root of the tracker; without it the conclusions of the experiment. ' +
        'What conclusions, groups and comparisons say at that moment is kept with it.',
    ),
});

export const decisionPatch = z
  .strictObject({ hypothesis: hypothesis.optional(), status: status.optional(), verdict: verdict.optional() })
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');

export const decisionParams = z.object({ id: wholeNumber('the id of a decision', 1, Number.MAX_SAFE_INTEGER) });

export const decisionListQuery = z.strictObject({
  status: z.enum(['trash']).optional().describe('`trash`: those in the trash instead.'),
  limit: limit.default(50),
  cursor: z.string().max(2000).optional(),
});
export const decisionsPageQuery = decisionListQuery.omit({ limit: true, cursor: true }).extend({ page: pageNumber });
export const newDecisionQuery = z.strictObject({ url: url.optional() });

export const decisionOut = z.object({
  id: z.number(),
  experiment_id: z.number(),
  hypothesis: z.string(),
  status,
  verdict: z.string(),
  url: z.string(),
  numbers: z.unknown().describe('What the page said when the decision was made, as its `.json`; null without any.'),
  created_at: z.number(),
  updated_at: z.number(),
  trashed_at: z.number().nullable(),
});
export const decisionList = listOf(decisionOut);
export type DecisionOut = z.infer<typeof decisionOut>;
