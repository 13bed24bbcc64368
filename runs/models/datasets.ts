// runs/models/datasets.ts
// Purpose: data that runs were made with, and which run used which.
// Why: the same data are one row for all runs of an experiment.
// Relevant files: runs/models.ts, runs/dataset-queries.ts, runs/dataset-changes.ts

import { experiments } from '../../experiments/models.ts';
import { col, index, primaryKey, table, uniqueIndex } from '../../shared/db/columns.ts';
import { runs } from './runs.ts';

/** Data that runs of an experiment were made with, known by name and digest; its first description stays. */
export const datasets = table(
  'datasets',
  {
    id: col.id('id'),
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    name: col.text('name').notNull(),
    digest: col.text('digest').notNull(),
    source_type: col.text('source_type').notNull(),
    /** Where it comes from, its columns, its size: JSON as the client wrote it. */
    source: col.text('source').notNull(),
    schema: col.text('schema'),
    profile: col.text('profile'),
  },
  (t) => [uniqueIndex('datasets_name').on(t.experiment_id, t.name, t.digest)],
);

export const runDatasets = table(
  'run_datasets',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    dataset_id: col
      .int('dataset_id')
      .notNull()
      .references(() => datasets.id),
    /** What it was used for: `train`, `eval`; '' when that was not said. */
    context: col.text('context').notNull(),
    /** All tags of this use as `[{key, value}]` in JSON, the context among them. */
    tags: col.text('tags').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.dataset_id] }), index('run_datasets_dataset').on(t.dataset_id)],
);

export type DatasetRow = typeof datasets.$inferSelect;
