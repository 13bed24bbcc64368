// runs/schemas.ts
// Purpose: what the runs API takes and gives, as Zod schemas; the OpenAPI document is made from these.
// Why: requests are checked and answers promised in one place.
// Relevant files: runs/routes.ts, runs/ingest.ts, shared/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../shared/limits.ts';
import {
  experimentId,
  key,
  listOf,
  listQuery,
  many,
  metricValue,
  name,
  nameOr,
  runId,
  text,
  time,
  wholeNumber,
} from '../shared/schemas.ts';
import { RUN_STATUSES } from './models.ts';
import { DEFAULT_ORDER } from './run-filter.ts';

export const runStatus = z.enum(RUN_STATUSES);

/** JSON numbers are doubles: a whole number beyond 2^53 has lost digits before anybody could look at it. */
const exactNumber = z
  .number()
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= 1e21, {
    message: 'is too large to be kept exactly as a number: send it as text',
  });

/** Params come as text, numbers or truth values; all are kept as text. */
const paramValue = z
  .union([text(LIMITS.paramValue), exactNumber, z.boolean(), z.null()], 'must be text, a number, true, false or null')
  .transform((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

const paramsIn = z.record(key, paramValue).refine((all) => Object.keys(all).length <= LIMITS.batchParams, {
  message: `must have at most ${LIMITS.batchParams} params`,
});

const tagsIn = z.record(key, text(LIMITS.tagValue)).refine((all) => Object.keys(all).length <= LIMITS.batchTags, {
  message: `must have at most ${LIMITS.batchTags} tags`,
});

/** Shape only: what is wrong with one point's value rejects that point, not the batch (see the receipt). */
export const pointIn = z.strictObject({
  key: z.string().describe('Metric key, 1 to 500 characters.'),
  value: z
    .union([z.number(), z.string(), z.null()], 'must be a number or "NaN", "Infinity", "-Infinity"')
    .describe('A number, or "NaN", "Infinity", "-Infinity".'),
  step: z.number().optional().describe('A whole number within ±(2^53 − 1); 0 where left out.'),
  timestamp: z.number().optional().describe('ms since the epoch; the time of arrival where left out.'),
});

export const logBody = z.strictObject({
  metrics: z.array(pointIn).max(LIMITS.batchMetrics, `must have at most ${LIMITS.batchMetrics} points`).default([]),
  params: paramsIn.default({}),
  tags: tagsIn.default({}),
});
export type LogBody = z.infer<typeof logBody>;

export const logQuery = z.strictObject({
  attempt: runId.optional().describe('Id of the attempt that logs (`…/attempts`); without it, the latest.'),
});

export const receipt = z.object({
  accepted: z.number().describe('Metric points, params and tags that were stored.'),
  duplicates: z.number().describe('What was there already, exactly so: nothing changed.'),
  rejected: z.array(
    z.object({
      field: z.enum(['metrics', 'params', 'tags']),
      index: z.number().nullable().describe('Place in `metrics`; null for params and tags.'),
      key: z.string(),
      path: z.string().describe('Where in the request: `metrics[3].value`, `params.lr`.'),
      line: z.number().optional().describe('Of an NDJSON body: the line, from 1.'),
      reason: z.string(),
    }),
  ),
});
export type Receipt = z.infer<typeof receipt>;

const runFields = {
  name: name.describe('`run-12` where left out.'),
  start_time: time.nullable(),
  parent_id: runId.nullable(),
  notes: text(LIMITS.notes).describe('Markdown.'),
};

export const runCreate = z
  .strictObject({
    experiment_id: z.int('must be a whole number').min(0).optional(),
    experiment: nameOr('must be a name, as text: an id goes into experiment_id')
      .optional()
      .describe('Name of the experiment; made when it is missing.'),
    id: runId.optional().describe('Your own id, so that sending the same request again makes no second run.'),
    status: runStatus.optional(),
    ...z.object(runFields).partial().shape,
    params: paramsIn.optional(),
    tags: tagsIn.optional(),
  })
  .superRefine(({ experiment_id, experiment }, context) => {
    if ((experiment_id === undefined) === (experiment === undefined)) {
      context.addIssue({ code: 'custom', path: ['experiment_id'], message: 'give either experiment_id or experiment' });
    }
  });
export type RunCreate = z.infer<typeof runCreate>;

export const runPatch = z
  .strictObject({
    ...z.object(runFields).partial().shape,
    status: runStatus.optional(),
    end_time: time.nullable().optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');
export type RunPatch = z.infer<typeof runPatch>;

/** A run as lists show it. */
export const runOut = z.object({
  id: z.string(),
  experiment_id: z.number(),
  number: z.number().describe('1, 2, 3 … within the experiment.'),
  name: z.string(),
  status: runStatus,
  start_time: z.number().nullable(),
  end_time: z.number().nullable(),
  heard_at: z.number().describe('When the server last heard of it.'),
  parent_id: z.string().nullable(),
  notes: z.string(),
  tags: z.record(z.string(), z.string()),
  created_at: z.number(),
  updated_at: z.number(),
  trashed_at: z.number().nullable(),
  purge_at: z.number().nullable().describe('Since when it is being removed for ever; it can no longer be restored.'),
});
export type RunOut = z.infer<typeof runOut>;

const pointOut = z.object({ step: z.number(), timestamp: z.number(), value: metricValue });
const extreme = z.object({ value: z.number(), step: z.number() }).nullable();

export const summaryOut = z.object({
  count: z.number(),
  first: pointOut,
  last: pointOut.describe('Highest step, then timestamp, then value.'),
  min: extreme.describe('Over finite values.'),
  max: extreme,
  mean: z.number().nullable(),
  nonfinite_count: z.number(),
  nonfinite_step: z.number().nullable().describe('Lowest step with NaN or ±Infinity.'),
});

export const runDetail = runOut.extend({
  params: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), summaryOut).describe('A summary for each metric key.'),
  datasets: z
    .array(
      z.object({
        name: z.string(),
        digest: z.string(),
        context: z.string().describe('What it was used for; empty when that was not said.'),
        source_type: z.string(),
        source: z.string(),
        schema: z.string().nullable(),
        profile: z.string().nullable(),
      }),
    )
    .describe('Data that the run was made with.'),
});
export type RunDetail = z.infer<typeof runDetail>;

export const runList = listOf(runOut);
export const runListQuery = z.strictObject({
  ...listQuery,
  experiment: experimentId.optional(),
  where: text(LIMITS.query)
    .optional()
    .describe(
      'A filter: `metrics.val/loss < 0.2 and params.optimizer = adam`, with its own order where it ends with `order by …`; the whole language is on `/docs/filter`.',
    ),
  status: many(runStatus).optional(),
  tag: many(z.string()).optional().describe('`key` or `key=value`; a run must have all of them.'),
  order: many(z.string().max(600))
    .refine((keys) => keys.length <= LIMITS.orderKeys, `must have at most ${LIMITS.orderKeys} keys`)
    .default([DEFAULT_ORDER])
    .describe(
      'name, status, start_time, end_time, duration, created_at, params.KEY, metrics.KEY (the value that counts by its rule) or another field of filters (`min(metrics.loss)`); `-` in front: descending. Repeated: the further ones order what is equal in those before.',
    ),
});

export const metricsOut = z.object({ items: z.array(summaryOut.extend({ key: z.string() })) });
export const pointsQuery = z.strictObject({
  key: z.string('must name a metric').min(1),
  limit: wholeNumber('a whole number', 1, LIMITS.pointsPage).default(1_000),
  cursor: z.string().max(200).optional(),
  attempt: wholeNumber('the number of an attempt', 1, 1_000_000)
    .optional()
    .describe('Points of this attempt that a later one stands before, instead of those of the run.'),
});
export const pointsOut = z.object({
  key: z.string(),
  items: z.array(pointOut),
  next_cursor: z.string().nullable(),
  total: z.number(),
});

const stepInQuery = wholeNumber('a step', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

export const curveQuery = z.strictObject({
  key: z.string('must name a metric').min(1),
  buckets: wholeNumber('a whole number', 1, LIMITS.curveBuckets).default(320),
  from: stepInQuery.optional().describe('First step; the first of the series where left out.'),
  to: stepInQuery.optional().describe('Last step; the last of the series where left out.'),
});
export const bucketOut = z.object({
  from_step: z.number(),
  to_step: z.number(),
  from_time: z.number(),
  to_time: z.number(),
  count: z.number(),
  nonfinite_count: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: metricValue.nullable(),
});
export const curveOut = z.object({
  key: z.string(),
  count: z.number().describe('Points in the whole series.'),
  buckets: z.array(bucketOut),
});

export const artifactOut = z.object({
  path: z.string(),
  size: z.number().describe('bytes'),
  sha256: z.string(),
  created_at: z.number(),
});
export const artifactList = listOf(artifactOut);

/** `{id}` of a run in a path. */
export const runParams = z.object({ id: runId });
