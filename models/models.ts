// models/models.ts
// Purpose: the tables of models: logged ones with params, tags, metrics, files; registered ones with versions, aliases, tags.
// Why: a logged model is what a run made; a registered one is a name under which people find the version to deploy.
// Relevant files: models/logged-queries.ts, models/registry-queries.ts, runs/models.ts, shared/db/columns.ts

import { runs } from '../runs/models.ts';
import { col, index, primaryKey, table, uniqueIndex } from '../shared/db/columns.ts';

export const LoggedModelStatus = { Pending: 'pending', Ready: 'ready', Failed: 'upload failed' } as const;
export type LoggedModelStatus = (typeof LoggedModelStatus)[keyof typeof LoggedModelStatus];
export const LOGGED_MODEL_STATUSES = Object.values(LoggedModelStatus);

/** What a version is for; MLflow calls it its stage. Aliases say it better; kept for scripts that still set it. */
export const Stage = { None: 'None', Staging: 'Staging', Production: 'Production', Archived: 'Archived' } as const;
export type Stage = (typeof Stage)[keyof typeof Stage];
export const STAGES = Object.values(Stage);

/** What a model is to a run. */
export const ModelRole = { Input: 'input', Output: 'output' } as const;
export type ModelRole = (typeof ModelRole)[keyof typeof ModelRole];

export const loggedModels = table(
  'logged_models',
  {
    /** `m-` and 32 hex digits. */
    id: col.text('id').primaryKey(),
    /** No reference: a model that a registered version stands on outlives its experiment. */
    experiment_id: col.int('experiment_id').notNull(),
    name: col.text('name').notNull(),
    model_type: col.text('model_type').notNull().default(''),
    /** The run that made it; may name one that is not here. */
    source_run_id: col.text('source_run_id'),
    status: col.text('status').$type<LoggedModelStatus>().notNull(),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    /** It was deleted: found by its id only. */
    trashed_at: col.int('trashed_at'),
  },
  (t) => [
    index('logged_models_experiment').on(t.experiment_id, t.created_at),
    index('logged_models_run').on(t.source_run_id),
  ],
);

export const loggedModelParams = table(
  'logged_model_params',
  {
    model_id: col
      .text('model_id')
      .notNull()
      .references(() => loggedModels.id),
    key: col.text('key').notNull(),
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.model_id, t.key] })],
);

export const loggedModelTags = table(
  'logged_model_tags',
  {
    model_id: col
      .text('model_id')
      .notNull()
      .references(() => loggedModels.id),
    key: col.text('key').notNull(),
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.model_id, t.key] })],
);

/** Points that belong to a model, besides to the run that logged them; `value` and `kind` as in runs/values.ts. */
export const loggedModelMetrics = table(
  'logged_model_metrics',
  {
    model_id: col
      .text('model_id')
      .notNull()
      .references(() => loggedModels.id),
    key: col.text('key').notNull(),
    run_id: col.text('run_id').notNull(),
    step: col.int('step').notNull(),
    timestamp: col.int('timestamp').notNull(),
    value: col.real('value').notNull(),
    kind: col.int('kind').notNull(),
    /** What it was measured on; '' where nobody said. */
    dataset_name: col.text('dataset_name').notNull().default(''),
    dataset_digest: col.text('dataset_digest').notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.model_id, t.key, t.run_id, t.step, t.timestamp, t.value, t.kind] })],
);

/** As artifacts of runs: the contents are kept by their sha256. */
export const loggedModelArtifacts = table(
  'logged_model_artifacts',
  {
    model_id: col
      .text('model_id')
      .notNull()
      .references(() => loggedModels.id),
    path: col.text('path').notNull(),
    size: col.int('size').notNull(),
    sha256: col.text('sha256').notNull(),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.model_id, t.path] }), index('logged_model_artifacts_sha256').on(t.sha256)],
);

/** Which models a run used and made. */
export const runModels = table(
  'run_models',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    role: col.text('role').$type<ModelRole>().notNull(),
    /** May name one that is not here. */
    model_id: col.text('model_id').notNull(),
    step: col.int('step').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.role, t.model_id] }), index('run_models_model').on(t.model_id)],
);

export const registeredModels = table(
  'registered_models',
  {
    id: col.id('id'),
    name: col.text('name').notNull(),
    description: col.text('description').notNull().default(''),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    /** The number that the next version gets; those of deleted versions are not given again. */
    next_version: col.int('next_version').notNull().default(1),
  },
  (t) => [uniqueIndex('registered_models_name').on(t.name)],
);

export const registeredModelTags = table(
  'registered_model_tags',
  {
    registered_id: col
      .int('registered_id')
      .notNull()
      .references(() => registeredModels.id),
    key: col.text('key').notNull(),
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.registered_id, t.key] })],
);

export const modelVersions = table(
  'model_versions',
  {
    registered_id: col
      .int('registered_id')
      .notNull()
      .references(() => registeredModels.id),
    version: col.int('version').notNull(),
    description: col.text('description').notNull().default(''),
    stage: col.text('stage').$type<Stage>().notNull().default(Stage.None),
    /** Where it comes from, as it was said: `models:/m-…`, `mlflow-artifacts:/…`, `s3://…` */
    source: col.text('source').notNull(),
    /** Of another version that it was copied from, that one's source. */
    origin: col.text('origin').notNull(),
    run_id: col.text('run_id'),
    /** The logged model that it is. */
    model_id: col.text('model_id'),
    run_link: col.text('run_link').notNull().default(''),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.registered_id, t.version] }),
    index('model_versions_run').on(t.run_id),
    index('model_versions_model').on(t.model_id),
  ],
);

export const modelVersionTags = table(
  'model_version_tags',
  {
    registered_id: col
      .int('registered_id')
      .notNull()
      .references(() => registeredModels.id),
    version: col.int('version').notNull(),
    key: col.text('key').notNull(),
    value: col.text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.registered_id, t.version, t.key] })],
);

export const modelAliases = table(
  'model_aliases',
  {
    registered_id: col
      .int('registered_id')
      .notNull()
      .references(() => registeredModels.id),
    alias: col.text('alias').notNull(),
    version: col.int('version').notNull(),
  },
  (t) => [primaryKey({ columns: [t.registered_id, t.alias] })],
);

export type LoggedModelRow = typeof loggedModels.$inferSelect;
export type LoggedModelMetricRow = typeof loggedModelMetrics.$inferSelect;
export type RunModelRow = typeof runModels.$inferSelect;
export type RegisteredModelRow = typeof registeredModels.$inferSelect;
export type ModelVersionRow = typeof modelVersions.$inferSelect;
