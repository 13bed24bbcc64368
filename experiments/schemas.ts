// experiments/schemas.ts
// Purpose: what the experiments API and forms take and give, as Zod schemas.
// Why: requests are checked and answers promised in one place; the OpenAPI document is made from these.
// Relevant files: experiments/routes.ts, experiments/pages.ts, shared/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../shared/limits.ts';
import { experimentId, key, listOf, listQuery, many, name, pageNumber, text, wholeNumber } from '../shared/schemas.ts';
import { EXPERIMENT_STATUSES } from './models.ts';

const experimentStatus = z.enum(EXPERIMENT_STATUSES);

const fields = {
  name,
  description: text(LIMITS.notes).describe('Markdown.'),
  status: experimentStatus,
  main_metric: key.nullable().describe('The metric that lists and charts show first; null: chosen by its name.'),
  repeat_keys: z
    .record(key, z.boolean())
    .refine((keys) => Object.keys(keys).length <= LIMITS.repeated, `must name at most ${LIMITS.repeated} params`)
    .describe(
      'Params that tell repeats of one configuration apart (true: groups ignore them, as they do `seed`) or do not (false). What is not named is guessed from its name; `{}`: all of it.',
    ),
};

export const experimentCreate = z.strictObject({
  ...z.object(fields).partial({ description: true, status: true, main_metric: true, repeat_keys: true }).shape,
  tags: z.record(key, text(LIMITS.tagValue)).optional(),
});
export type ExperimentCreate = z.infer<typeof experimentCreate>;

export const experimentPatch = z
  .strictObject(z.object(fields).partial().shape)
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');
export type ExperimentPatch = z.infer<typeof experimentPatch>;

export const experimentOut = z.object({
  id: z.number(),
  name: z.string(),
  description: z.string(),
  status: experimentStatus,
  main_metric: z.string().nullable(),
  repeat_keys: fields.repeat_keys,
  tags: z.record(z.string(), z.string()),
  run_counts: z.record(z.string(), z.number()).describe('Runs by state, without those in the trash.'),
  created_at: z.number(),
  updated_at: z.number(),
  last_activity_at: z.number(),
  trashed_at: z.number().nullable(),
  purge_at: z.number().nullable().describe('Since when it is being removed for ever; it can no longer be restored.'),
});
export type ExperimentOut = z.infer<typeof experimentOut>;

export const EXPERIMENT_ORDERS = ['last_activity_at', 'name', 'created_at', 'status', 'runs'] as const;

export const experimentList = listOf(experimentOut);
export const experimentListQuery = z.strictObject({
  ...listQuery,
  status: many(experimentStatus).optional(),
  tag: many(z.string()).optional().describe('`key` or `key=value`; an experiment must have all of them.'),
  order: z
    .enum(EXPERIMENT_ORDERS.flatMap((order) => [order, `-${order}`] as const))
    .default('-last_activity_at')
    .describe('`-` in front: descending.'),
});

/** `{id}` of an experiment in a path. */
export const experimentParams = z.object({ id: experimentId });

/** Of an emptied trash: what was there when it was asked about, ms since the epoch. */
export const emptyTrashForm = z.object({
  until: wholeNumber('ms since the epoch', 0, Number.MAX_SAFE_INTEGER),
});

/** What an open page watches: some experiments, or all; and the state that it shows, of which it need not be told. */
export const liveQuery = z.strictObject({
  experiment: many(experimentId),
  since: z.string().max(10_000).default(''),
});

/** The list's page: its URL is the view. */
export const experimentsPageQuery = experimentListQuery.omit({ limit: true, cursor: true }).extend({
  status: many(z.union([experimentStatus, z.literal('trash')])).optional(),
  page: pageNumber,
});
export type ExperimentsPageQuery = z.infer<typeof experimentsPageQuery>;
