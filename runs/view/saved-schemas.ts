// runs/view/saved-schemas.ts
// Purpose: what the API and the forms of saved views take and give.
// Why: one spelling of a view in both; whether it opens is asked in runs/view/view-query.ts.
// Relevant files: runs/view/saved-api.ts, runs/view/view-query.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, listOf, name, wholeNumber } from '../../shared/schemas.ts';
import { ViewPage } from '../models.ts';

const viewId = wholeNumber('the number of a view', 1, Number.MAX_SAFE_INTEGER);
export const viewParams = z.object({ id: viewId });

const query = z
  .string()
  .max(LIMITS.viewQuery, `must have at most ${LIMITS.viewQuery.toLocaleString('en')} characters`)
  .transform(withoutPlace)
  .describe('The address of the page behind its `?`: `where=…&order=-metrics.acc&column=params.lr`.');

/** Which page of rows and which saved view somebody was on, and what was ticked there, is no part of the view. */
function withoutPlace(text: string): string {
  const search = new URLSearchParams(text.replace(/^\?/, ''));
  search.delete('page');
  search.delete('view');
  search.delete('tick');
  return search.toString();
}

const page = z
  .enum(ViewPage)
  .default(ViewPage.Table)
  .describe('What it is a view of: the run table, its groups, a pivot, a comparison, a picture.');

export const viewCreate = z.strictObject({
  experiment_id: experimentId.nullable().default(null).describe('null: for all experiments.'),
  name,
  page,
  query,
  is_default: z
    .boolean()
    .default(false)
    .describe('What this page of the experiment shows first; a comparison has no default.'),
});
export type ViewCreate = z.infer<typeof viewCreate>;

export const viewPatch = z
  .strictObject({ name: name.optional(), query: query.optional(), is_default: z.boolean().optional() })
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');

export const viewListQuery = z.strictObject({
  experiment: experimentId.optional().describe('Its own views and those for all experiments.'),
  trashed: z.enum(['true', 'false']).default('false'),
});

export const viewOut = z.object({
  id: z.number(),
  experiment_id: z.number().nullable(),
  name: z.string(),
  page: z.enum(ViewPage),
  query: z.string(),
  address: z.string().nullable().describe('Where it opens; null for a view of all experiments.'),
  is_default: z.boolean(),
  created_at: z.number(),
  updated_at: z.number(),
  trashed_at: z.number().nullable(),
});
export type ViewOut = z.infer<typeof viewOut>;
export const viewList = listOf(viewOut).omit({ next_cursor: true });

/** From our own pages: a tick is 'on'. */
const tick = z.preprocess((value) => value === 'on', z.boolean());
export const viewForm = z.object({ name, page, query, all: tick, is_default: tick });
export const renameForm = z.object({ name });
export const changeForm = z.object({ query });
