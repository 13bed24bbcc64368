// tags/schemas.ts
// Purpose: what the tags API and forms take and give, as Zod schemas.
// Why: requests are checked and answers promised in one place; the OpenAPI document is made from these.
// Relevant files: tags/routes.ts, tags/pages.ts, shared/schemas.ts

import { z } from 'zod';
import { middle } from '../shared/format.ts';
import { LIMITS } from '../shared/limits.ts';
import { experimentId, key, listOf, listQuery, runId, text, wholeNumber } from '../shared/schemas.ts';
import { TAG_COLORS } from './models.ts';

export { experimentParams } from '../experiments/schemas.ts';
export { runParams } from '../runs/schemas.ts';

const color = z
  .enum(TAG_COLORS, `must be one of ${TAG_COLORS.join(', ')}, or null`)
  .nullable()
  .describe('One of ten hues; null: shown without a colour.');

export const tagCreate = z.strictObject({ key, color: color.optional() });

export const tagPatch = z
  .strictObject({ key: key.optional(), color: color.optional() })
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');

const tagId = wholeNumber('the id of a tag', 1, Number.MAX_SAFE_INTEGER);

export const tagMerge = z.strictObject({ into: z.int('must be the id of a tag').min(1) });

/** The same from a form, where everything is text. */
const chosen = z.unknown().refine((value) => value !== undefined && value !== '', 'choose a tag');
export const tagMergeForm = z.object({ into: chosen.pipe(tagId) });
export const tagMergeQuery = z.strictObject({ into: z.string().optional() });

export const tagOut = z.object({
  id: z.number(),
  key: z.string(),
  color: z.enum(TAG_COLORS).nullable(),
  experiments: z.number().describe('Experiments that carry it, without those in the trash.'),
  runs: z.number().describe('Runs that carry it, without those in the trash.'),
  values: z.number().describe('How many different values it has; plain labels have none.'),
  created_at: z.number(),
  trashed_at: z.number().nullable(),
});

export const tagList = listOf(tagOut);
export const tagListQuery = z.strictObject({
  ...listQuery,
  status: z.enum(['trash']).optional().describe('`trash`: those in the trash instead.'),
});

/** A tag where it hangs. */
export const hungTagOut = z.object({
  id: z.number(),
  key: z.string(),
  value: z.string().describe('Empty for a plain label.'),
  color: z.enum(TAG_COLORS).nullable(),
});

export const hangBody = z
  .strictObject({ value: text(LIMITS.tagValue).default('') })
  .nullish()
  .describe('Left out: a plain label.');

/** `{id}` of a tag in a path. */
export const tagParams = z.object({ id: tagId });

/** `{key}` is URL-encoded; it may hold any character. */
export const experimentTagParams = z.object({ id: experimentId, key });
export const runTagParams = z.object({ id: runId, key });

/** The small forms on a run's and an experiment's page. */
export const tagsText = z.object({ tags: z.string().default('') });
export const tagKey = z.object({ key });

const tagValue = text(LIMITS.tagValue);

/** What parseTags made of a text. A message names the tag that is wrong: there is one field for all of them. */
export const tagsOf = z
  .record(z.string(), z.string())
  .superRefine((all, context) => {
    for (const [name, value] of Object.entries(all)) {
      for (const message of wrongWith(name, value)) context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .refine((all) => Object.keys(all).length > 0, 'must name at least one tag, for example baseline or model=mlp')
  .refine((all) => Object.keys(all).length <= LIMITS.batchTags, `must have at most ${LIMITS.batchTags} tags`);

function wrongWith(name: string, value: string): string[] {
  if (name === '') return [`a tag has no name: =${middle(value, 40)}`];
  const issues = [...(key.safeParse(name).error?.issues ?? []), ...(tagValue.safeParse(value).error?.issues ?? [])];
  return issues.map(({ message }) => `${JSON.stringify(middle(name, 40))}: ${message}`);
}
