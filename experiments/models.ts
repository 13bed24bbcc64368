// experiments/models.ts
// Purpose: the tables of an experiment: itself, and the metric and param keys its runs have used.
// Why: lists and column choices read a few key rows instead of every run's metrics.
// Relevant files: experiments/queries.ts, runs/models.ts, shared/db/columns.ts

import { sql } from 'drizzle-orm';
import { col, index, primaryKey, table, uniqueIndex } from '../shared/db/columns.ts';

export const ExperimentStatus = {
  Draft: 'draft',
  Active: 'active',
  Completed: 'completed',
  Archived: 'archived',
} as const;
export type ExperimentStatus = (typeof ExperimentStatus)[keyof typeof ExperimentStatus];
export const EXPERIMENT_STATUSES = Object.values(ExperimentStatus);

export const experiments = table(
  'experiments',
  {
    id: col.id('id'),
    name: col.text('name').notNull(),
    description: col.text('description').notNull().default(''),
    status: col.text('status').$type<ExperimentStatus>().notNull(),
    /** The metric that lists and charts show first; null: chosen by its name, see runs/metric-rules.ts. */
    main_metric: col.text('main_metric'),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    /** When a run of it last logged or changed. */
    last_activity_at: col.int('last_activity_at').notNull(),
    /** Goes up with every change of the experiment or its runs: what was computed for one number stays true for it. */
    version: col.int('version').notNull().default(1),
    /** The number the next run gets; a run's number decides its colour. */
    next_number: col.int('next_number').notNull().default(1),
    trashed_at: col.int('trashed_at'),
  },
  (t) => [
    // Names are free again as soon as their owner is in the trash.
    uniqueIndex('experiments_name')
      .on(t.name)
      .where(sql`trashed_at is null`),
    index('experiments_activity').on(t.last_activity_at),
  ],
);

/** One row for each metric key that a run of the experiment has logged. */
export const experimentMetrics = table(
  'experiment_metrics',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    key: col.text('key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.key] })],
);

export type ExperimentRow = typeof experiments.$inferSelect;
