// models/schemas.ts
// Purpose: what the models API and forms take and give, as Zod schemas.
// Why: requests are checked and answers promised in one place; the OpenAPI document is made from these.
// Relevant files: models/routes.ts, models/logged-api.ts, models/pages.ts, shared/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../shared/limits.ts';
import {
  experimentId,
  key,
  listOf,
  listQuery,
  metricValue,
  pageNumber,
  runId,
  text,
  wholeNumber,
} from '../shared/schemas.ts';
import { LOGGED_MODEL_STATUSES, STAGES } from './models.ts';

/** What it may be is said by models/registry-changes.ts. */
const modelName = text(LIMITS.name).min(1, 'must not be empty');
const description = text(LIMITS.notes).describe('Markdown.');
const tags = z.record(key, text(LIMITS.paramValue));
const aliases = z.array(text(LIMITS.name)).max(LIMITS.repeated);
const stage = z.enum(STAGES);
const pairs = z.record(z.string(), z.string());

export const modelCreate = z.strictObject({
  name: modelName.describe('None of `/` and `:`; it stands in `models:/name/version`.'),
  description: description.optional(),
  tags: tags.optional(),
});
export const modelPatch = z
  .strictObject({ name: modelName, description, tags: tags.describe('Exactly these afterwards.') })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');

export const versionCreate = z.strictObject({
  source: text(2_000)
    .min(1, 'must not be empty')
    .describe(
      '`models:/m-…` (a logged model), `models:/name/3`, `models:/name@alias`, or an address such as `s3://…`.',
    ),
  description: description.optional(),
  run_id: runId.optional().describe('The run that it comes from; of a logged model known by itself.'),
  tags: tags.optional(),
});
export const versionPatch = z
  .strictObject({
    description,
    stage,
    tags: tags.describe('Exactly these afterwards.'),
    aliases: aliases.describe('Exactly these afterwards; each moves here from another version.'),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change something');

export const versionOut = z.object({
  name: z.string(),
  version: z.number(),
  description: z.string(),
  stage,
  source: z.string(),
  run_id: z.string().nullable(),
  model_id: z.string().nullable().describe('The logged model that it is.'),
  tags: pairs,
  aliases: z.array(z.string()),
  created_at: z.number(),
  updated_at: z.number(),
});
export const versionList = listOf(versionOut);

export const modelOut = z.object({
  name: z.string(),
  description: z.string(),
  tags: pairs,
  aliases: z.record(z.string(), z.number()).describe('Alias to version.'),
  versions: z.number(),
  latest: z.array(versionOut).describe('The highest version of each stage, the newest first.'),
  created_at: z.number(),
  updated_at: z.number(),
});
export const modelList = listOf(modelOut);
export const modelListQuery = z.strictObject(listQuery);
export const modelPageQuery = z.strictObject({ q: text(LIMITS.query).optional(), page: pageNumber });
export const versionListQuery = z.strictObject({ limit: listQuery.limit, cursor: listQuery.cursor });

export const loggedModelOut = z.object({
  id: z.string(),
  experiment_id: z.number(),
  name: z.string(),
  model_type: z.string(),
  source_run_id: z.string().nullable(),
  status: z.enum(LOGGED_MODEL_STATUSES),
  params: pairs,
  tags: pairs,
  metrics: z.array(
    z.object({
      key: z.string(),
      value: metricValue,
      step: z.number(),
      timestamp: z.number(),
      run_id: z.string(),
      dataset_name: z.string(),
      dataset_digest: z.string(),
    }),
  ),
  registrations: z.array(z.object({ name: z.string(), version: z.number() })).describe('Versions that are this model.'),
  created_at: z.number(),
  updated_at: z.number(),
  trashed_at: z.number().nullable(),
});
export const loggedModelList = listOf(loggedModelOut);
export const loggedModelListQuery = z.strictObject({
  ...listQuery,
  experiment: experimentId.optional(),
  run: runId.optional().describe('The run that made it.'),
});

const fileOut = z.object({
  path: z.string(),
  size: z.number().describe('bytes'),
  sha256: z.string(),
  created_at: z.number(),
});
export const fileList = listOf(fileOut);

/** `{name}` is URL-encoded; it may hold any character but / and :. */
export const modelParams = z.object({ name: modelName });
const version = wholeNumber('a version', 1, Number.MAX_SAFE_INTEGER);
export const versionParams = modelParams.extend({ version });
export const loggedModelParams = z.object({
  id: z.string().regex(/^m-[0-9a-f]{32}$/, 'must be m- and 32 hexadecimal digits in lower case'),
});
export const fileParams = loggedModelParams.extend({ '*': z.string().describe('Names separated by /.') });
export const fileQuery = z.strictObject({
  download: z.string().optional().describe('Give it to save instead of show.'),
});

/** Forms: everything is text. */
const formTags = z.record(key, text(LIMITS.paramValue));
export const modelForm = z.object({ name: modelName, description, tags: formTags });
export const versionForm = z.object({ description, aliases, tags: formTags });
export const registerForm = z.object({ name: modelName });
