// mlflow/model-fields.ts
// Purpose: the Zod pieces of MLflow's requests about models: ids, names, versions, tags of the registry.
// Why: one rule and one wording for each, in lists, changes and downloads.
// Relevant files: mlflow/fields.ts, mlflow/models-routes.ts

import { z } from 'zod';
import { MISSING, required, text } from './fields.ts';

/** Looked up as it is: what is no id is not there. */
const modelId = required(255);
export const modelIdParams = z.object({ model_id: modelId });

export const NAME_MAX = 500;
/** Of a registered model; what it may hold is said by models/registry-changes.ts. */
export const registeredName = required(NAME_MAX);

/** A decimal string. */
export const version = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .min(1, MISSING)
      .regex(/^\d{1,9}$/, 'must be a whole number'),
  )
  .transform(Number);

export const versionOf = z.object({ name: registeredName, version });

const REGISTRY_KEY_MAX = 250;
const REGISTRY_VALUE_MAX = 100_000;
/** Any text: unlike the keys of runs' tags they are no paths. */
export const registryKey = required(REGISTRY_KEY_MAX).refine((key) => key !== '__proto__', 'must not be __proto__');
export const registryTag = z.object({ key: registryKey, value: text(REGISTRY_VALUE_MAX).default('') });
