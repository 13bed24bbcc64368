// experiments/models.ts
// Purpose: the tables of an experiment: itself, and the sums over its runs that pages show.
// Why: pages read a few rows of sums instead of every run's params, tags and metrics.
// Relevant files: experiments/queries.ts, runs/tally-changes.ts, runs/models.ts, shared/db/columns.ts

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
    /** JSON: params that were said to tell repeats apart (true) or not to (false), against the guess of runs/repeat-keys.ts. */
    repeat_keys: col.text('repeat_keys').notNull().default('{}'),
    /** A filter: the runs that the others are measured against by their mean; null: a run is, or nothing (runs/compare/baseline-changes.ts). */
    baseline_group: col.text('baseline_group'),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    /** When a run of it last logged or changed. */
    last_activity_at: col.int('last_activity_at').notNull(),
    /** Goes up with every change of the experiment or its runs: what was computed for one number stays true for it. */
    version: col.int('version').notNull().default(1),
    /**
     * How many of these changes were nothing but points of runs that go on. `version - logged` stands while such runs log: what
     * runs are found by besides the metrics of open ones (params, tags, states, how metrics ended) is the same for it.
     */
    logged: col.int('logged').notNull().default(0),
    /** The number the next run gets; a run's number decides its colour. */
    next_number: col.int('next_number').notNull().default(1),
    trashed_at: col.int('trashed_at'),
    /** Points logged by its runs, without those in the trash. */
    points: col.int('points').notNull().default(0),
    /** When it was asked to be removed for ever, with all its runs (then it is in the trash, too): see runs/purge.ts. */
    purge_at: col.int('purge_at'),
    /** Points that its runs had then, in the trash or not, and how many of them are still there. */
    purge_points: col.int('purge_points').notNull().default(0),
    purge_left: col.int('purge_left').notNull().default(0),
    /** Where MLflow's client was told to keep artifacts when it made the experiment; null: with us. */
    artifact_location: col.text('artifact_location'),
  },
  (t) => [
    // Names are free again as soon as their owner is in the trash.
    uniqueIndex('experiments_name')
      .on(t.name)
      .where(sql`trashed_at is null`),
    index('experiments_activity').on(t.last_activity_at),
    index('experiments_purge')
      .on(t.purge_at)
      .where(sql`purge_at is not null`),
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

/** How many runs of the experiment are in a state, those in the trash apart. Moved by runs/tally-changes.ts only. */
export const experimentRuns = table(
  'experiment_runs',
  {
    experiment_id: col.int('experiment_id').notNull(),
    /** A run's status. */
    status: col.text('status').notNull(),
    /** 1: those in the trash. */
    trashed: col.int('trashed').notNull(),
    runs: col.int('runs').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.trashed, t.status] })],
);

/** What a counted key is: a param's, or a tag's (then `key` is the tag's id). */
export const KeyKind = { Param: 'param', Tag: 'tag' } as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** For each param and tag: how many runs outside the trash have it. Moved by runs/tally-changes.ts only. */
export const experimentKeys = table(
  'experiment_keys',
  {
    experiment_id: col.int('experiment_id').notNull(),
    kind: col.text('kind').$type<KeyKind>().notNull(),
    key: col.text('key').notNull(),
    runs: col.int('runs').notNull(),
    /** Different values among them. */
    variety: col.int('variety').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.kind, t.key] }), index('experiment_keys_key').on(t.kind, t.key)],
);

/** The same for each of its values. */
export const experimentValues = table(
  'experiment_values',
  {
    experiment_id: col.int('experiment_id').notNull(),
    kind: col.text('kind').$type<KeyKind>().notNull(),
    key: col.text('key').notNull(),
    /** MD5 of the value, which may be longer than PostgreSQL takes into an index. */
    hash: col.text('hash').notNull(),
    /** A param's long value without its middle; a tag's as it is. */
    value: col.text('value').notNull(),
    runs: col.int('runs').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.kind, t.key, t.hash] })],
);

export type ExperimentRow = typeof experiments.$inferSelect;
