// runs/models.ts
// Purpose: the tables of a run: itself, params, metric summaries, points, roll-ups, artifacts and the contents they lost.
// Why: pages read one summary row for each run and metric; points are read for curves and exports only.
// Relevant files: runs/queries.ts, runs/ingest.ts, runs/points.ts, runs/values.ts, shared/db/columns.ts

import { sql } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { col, index, primaryKey, table, uniqueIndex } from '../shared/db/columns.ts';
import type { Db } from '../shared/db/store.ts';

// --- A run: itself, its params -----------------------------------------------------------------------------------

export const RunStatus = {
  Scheduled: 'scheduled',
  Running: 'running',
  Finished: 'finished',
  Failed: 'failed',
  Killed: 'killed',
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];
export const RUN_STATUSES = Object.values(RunStatus);

export const runs = table(
  'runs',
  {
    /** The run's number over all experiments: what metrics and points are kept under. Never shown. */
    seq: col.id('seq'),
    /** 32 hex digits. */
    id: col.text('id').notNull(),
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    /** 1, 2, 3 … within the experiment, in order of arrival. */
    number: col.int('number').notNull(),
    name: col.text('name').notNull(),
    status: col.text('status').$type<RunStatus>().notNull(),
    start_time: col.int('start_time'),
    end_time: col.int('end_time'),
    /** When the server last heard of it. "Stalled" is derived from this and never stored. */
    heard_at: col.int('heard_at').notNull(),
    /** May name a run that is not here (yet): imports bring children before parents. */
    parent_id: col.text('parent_id'),
    notes: col.text('notes').notNull().default(''),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    trashed_at: col.int('trashed_at'),
    /** The name in lower case, for search and order. */
    name_folded: col.text('name_folded').notNull().default(''),
    /** 1: not in the trash, and what its metrics ended with is in `metrics.rank_value` (runs/ranking-changes.ts). */
    settled: col.int('settled').notNull().default(0),
    /** When it was asked to be removed for ever (then it is in the trash, too): see runs/purge.ts. */
    purge_at: col.int('purge_at'),
    /** Points that it had then, and how many of them are still there. */
    purge_points: col.int('purge_points').notNull().default(0),
    purge_left: col.int('purge_left').notNull().default(0),
    /** Rows in `run_attempts`; a run that was never restarted may have none. */
    attempts: col.int('attempts').notNull().default(0),
    /** PostgreSQL: the writer that has its series in memory as they are here (runs/series-state.ts). Null: nobody has. */
    kept_by: col.int('kept_by'),
  },
  (t) => [
    uniqueIndex('runs_id').on(t.id),
    index('runs_experiment').on(t.experiment_id, t.trashed_at, t.start_time),
    index('runs_status').on(t.experiment_id, t.trashed_at, t.status, t.start_time),
    index('runs_name').on(t.experiment_id, t.trashed_at, t.name_folded),
    index('runs_number').on(t.experiment_id, t.number),
    index('runs_start').on(t.start_time),
    // A null of each run that has no parent would cost a page on disk when it is made.
    index('runs_parent')
      .on(t.parent_id)
      .where(sql`parent_id is not null`),
    // Partial ones: what logging changes all the time (heard_at) is in no index of a run that is not settled.
    index('runs_open')
      .on(t.experiment_id, t.trashed_at, t.settled)
      .where(sql`settled = 0 and trashed_at is null`),
    index('runs_settled')
      .on(t.experiment_id, t.status, t.heard_at)
      .where(sql`settled = 1`),
    index('runs_noted')
      .on(t.experiment_id)
      .where(sql`notes <> ''`),
    index('runs_trashed')
      .on(t.trashed_at)
      .where(sql`trashed_at is not null`),
    index('runs_children')
      .on(t.experiment_id)
      .where(sql`parent_id is not null`),
    index('runs_purge')
      .on(t.experiment_id, t.seq)
      .where(sql`purge_at is not null`),
  ],
);

export const params = table(
  'params',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    key: col.text('key').notNull(),
    /** The text as it was sent. */
    value: col.text('value').notNull(),
    /** The same as a number, where it is one: for order and comparison. */
    number: col.real('number'),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.key] })],
);

// --- Its series: summaries, rules of what counts, points, roll-ups -----------------------------------------------

/**
 * A summary row for each run and key. `*_kind` see runs/values.ts: it keeps NaN and −0 exact. WITHOUT ROWID in SQLite,
 * hash-partitioned by run in PostgreSQL, as points and rollups are.
 */
export const metrics = table(
  'metrics',
  {
    run_seq: col
      .int('run_seq')
      .notNull()
      .references(() => runs.seq),
    /** 1, 2, 3 … within the run, in order of arrival. */
    no: col.int('no').notNull(),
    /** Of the run, which never moves: so that one index orders an experiment's runs by a metric. */
    experiment_id: col.int('experiment_id').notNull(),
    key: col.text('key').notNull(),
    count: col.int('count').notNull(),
    first_step: col.int('first_step').notNull(),
    first_time: col.int('first_time').notNull(),
    first_value: col.real('first_value').notNull(),
    first_kind: col.int('first_kind').notNull(),
    /** "Last" is the highest step, then timestamp, then value. */
    last_step: col.int('last_step').notNull(),
    last_time: col.int('last_time').notNull(),
    last_value: col.real('last_value').notNull(),
    last_kind: col.int('last_kind').notNull(),
    /** Over finite values only; null when there is none. */
    min_value: col.real('min_value'),
    min_step: col.int('min_step'),
    max_value: col.real('max_value'),
    max_step: col.int('max_step'),
    mean: col.real('mean'),
    nonfinite_count: col.int('nonfinite_count').notNull(),
    nonfinite_step: col.int('nonfinite_step'),
    /** The value that counts of a settled run, for best, rank and order; null for NaN, while the run logs and in the trash. */
    rank_value: col.real('rank_value'),
    /** The step at which it occurred, where a rule says another one than the last value. */
    rank_step: col.int('rank_step'),
    /** How many points, up to which place, are in roll-ups (runs/rollups.ts); those after it are not yet. */
    rolled_count: col.int('rolled_count').notNull().default(0),
    rolled_step: col.int('rolled_step'),
    rolled_time: col.int('rolled_time'),
  },
  (t) => [
    primaryKey({ columns: [t.run_seq, t.no] }),
    uniqueIndex('metrics_run_key').on(t.run_seq, t.key),
    // Of settled runs only: while a run logs, its `rank_value` is null, and this index costs nothing.
    index('metrics_rank')
      .on(t.experiment_id, t.key, t.rank_value, t.run_seq)
      .where(sql`rank_value is not null`),
  ],
);

/** What people said of a metric of an experiment; of the others everything is guessed or usual (runs/rules/rule.ts). */
export const metricRules = table(
  'metric_rules',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    key: col.text('key').notNull(),
    /** `max`, `min`, `none`; null: guessed from the name. */
    direction: col.text('direction'),
    /** Which value counts: last, best, min, max, mean, mean_last, at_best. */
    value: col.text('value').notNull().default('last'),
    /** Of mean_last: so many points. */
    k: col.int('k'),
    /** Of at_best: the metric whose best step it is. */
    by_key: col.text('by_key'),
    unit: col.text('unit').notNull().default(''),
    /** Decimals shown; null: as usual. */
    digits: col.int('digits'),
    /** What `value` comes to by the directions of today: last, min, max, mean, mean_last, at_min, at_max, at_last. */
    takes: col.text('takes').notNull().default('last'),
    /** `rank_value` follows `takes` for runs up to this number (`seq`); null: for all. See runs/rules/recount-ranks.ts. */
    counted_to: col.int('counted_to'),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.key] })],
);

/** Written by runs/points.ts: about 30 bytes a point in SQLite. */
export const points = table(
  'points',
  {
    run_seq: col.int('run_seq').notNull(),
    /** The metric's number within the run. */
    no: col.int('no').notNull(),
    step: col.int('step').notNull(),
    timestamp: col.int('timestamp').notNull(),
    value: col.real('value').notNull(),
    kind: col.int('kind').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.no, t.step, t.timestamp, t.value, t.kind] })],
);

/**
 * What of a point does not fit into ±(2^53 − 1) or a date: the exact 64-bit step and timestamp as text, written by MLflow's
 * API only. In `points` the same point stands at the nearest step and time that do; see runs/wide-points.ts.
 */
export const widePoints = table(
  'wide_points',
  {
    run_seq: col.int('run_seq').notNull(),
    no: col.int('no').notNull(),
    step: col.text('step').notNull(),
    timestamp: col.text('timestamp').notNull(),
    value: col.real('value').notNull(),
    kind: col.int('kind').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.no, t.step, t.timestamp, t.value, t.kind] })],
);

/** Chunks of consecutive points, summed up; written by runs/rollups.ts, read by runs/buckets.ts and runs/bucket-parts.ts. */
export const rollups = table(
  'rollups',
  {
    run_seq: col.int('run_seq').notNull(),
    no: col.int('no').notNull(),
    /** 1: of points; 2: of chunks of level 1; 3: of chunks of level 2. */
    level: col.int('level').notNull(),
    /** Place of the first and last point, by step, then timestamp. */
    from_step: col.int('from_step').notNull(),
    from_time: col.int('from_time').notNull(),
    to_step: col.int('to_step').notNull(),
    to_time: col.int('to_time').notNull(),
    /** Earliest and latest timestamp, ms. */
    min_time: col.int('min_time').notNull(),
    max_time: col.int('max_time').notNull(),
    count: col.int('count').notNull(),
    nonfinite_count: col.int('nonfinite_count').notNull(),
    nan_count: col.int('nan_count').notNull(),
    inf_count: col.int('inf_count').notNull(),
    /** Over finite values; null when there is none. */
    min: col.real('min'),
    max: col.real('max'),
    mean: col.real('mean'),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.no, t.level, t.from_step, t.from_time] })],
);

// --- Starts and restarts: attempts, points that were overtaken, requests that come again -------------------------

/** Each start of a run that told about itself: the first and those that went on after a restart (runs/attempts/). */
export const runAttempts = table(
  'run_attempts',
  {
    run_seq: col.int('run_seq').notNull(),
    /** 1, 2, 3 … within the run, in order of arrival; which is later is said by `start_time`. */
    no: col.int('no').notNull(),
    /** The client's own, 32 hex digits; null: of a run that had begun before its first attempt was told. */
    id: col.text('id'),
    start_time: col.int('start_time').notNull(),
    end_time: col.int('end_time'),
    status: col.text('status').$type<RunStatus>().notNull(),
    /** Why it ended: a signal, an exception; '' where nothing was said. */
    reason: col.text('reason').notNull().default(''),
    host: col.text('host').notNull().default(''),
    pid: col.int('pid'),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.no] })],
);

/** The lowest step that an attempt logged of a key: from there on its points stand before those of earlier attempts. */
export const attemptBegins = table(
  'attempt_begins',
  {
    run_seq: col.int('run_seq').notNull(),
    key: col.text('key').notNull(),
    attempt: col.int('attempt').notNull(),
    step: col.int('step').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.key, t.attempt] })],
);

/** Points of an attempt that those of a later one stand before: in no summary, curve or sum. As `points` otherwise. */
export const supersededPoints = table(
  'superseded_points',
  {
    run_seq: col.int('run_seq').notNull(),
    attempt: col.int('attempt').notNull(),
    no: col.int('no').notNull(),
    step: col.int('step').notNull(),
    timestamp: col.int('timestamp').notNull(),
    value: col.real('value').notNull(),
    kind: col.int('kind').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'superseded_points_pk',
      columns: [t.run_seq, t.attempt, t.no, t.step, t.timestamp, t.value, t.kind],
    }),
  ],
);

/** Receipts of log requests that would do something when they came again (runs/sent-again-changes.ts). */
export const logKeys = table(
  'log_keys',
  {
    run_seq: col.int('run_seq').notNull(),
    key: col.text('key').notNull(),
    hash: col.text('hash').notNull(),
    receipt: col.text('receipt').notNull(),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_seq, t.key] })],
);

// --- What people set: charts, baselines (and rules, above) -----------------------------------------------------

/** How charts of a metric are drawn in an experiment where the URL does not say (runs/curves/default-changes.ts). */
export const chartDefaults = table(
  'chart_defaults',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    key: col.text('key').notNull(),
    /** As the arguments of a URL: `scale=log&smooth=0.6`. */
    settings: col.text('settings').notNull(),
  },
  (t) => [primaryKey({ columns: [t.experiment_id, t.key] })],
);

/** The run that the others of an experiment are measured against (runs/compare/baseline-changes.ts). */
export const baselines = table(
  'baselines',
  {
    experiment_id: col
      .int('experiment_id')
      .notNull()
      .references(() => experiments.id),
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
  },
  (t) => [primaryKey({ columns: [t.experiment_id] }), index('baselines_run').on(t.run_id)],
);

// --- Files and data: artifacts, contents that they let go of, datasets -------------------------------------------

export const artifacts = table(
  'artifacts',
  {
    run_id: col
      .text('run_id')
      .notNull()
      .references(() => runs.id),
    /** As the user named it, '/' between folders; never a path on disk: contents are kept by their sha256. */
    path: col.text('path').notNull(),
    size: col.int('size').notNull(),
    sha256: col.text('sha256').notNull(),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run_id, t.path] }), index('artifacts_sha256').on(t.sha256)],
);

/**
 * Contents that no artifact of this database has, and that it put there itself: announced by an upload that is about to
 * name them, or dropped by an artifact. What the sweep may remove; it looks at nothing else in their place.
 */
export const droppedContents = table('dropped_contents', {
  sha256: col.text('sha256').primaryKey(),
  dropped_at: col.int('dropped_at').notNull(),
  /** Since when a sweep is removing them: no upload may put them back meanwhile. */
  removing_at: col.int('removing_at'),
});

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

// --- Run tables: saved views, what is done with many runs at once --------------------------------------------------

/** What a saved view is a view of: the last part of its page's address, the run table apart. */
export const ViewPage = {
  Table: 'table',
  Groups: 'groups',
  Pivot: 'pivot',
  Compare: 'compare',
  Pictures: 'pictures',
} as const;
export type ViewPage = (typeof ViewPage)[keyof typeof ViewPage];

/** Views that somebody gave a name. New data never change one: it holds the columns as they were when it was saved. */
export const savedViews = table(
  'saved_views',
  {
    id: col.id('id'),
    /** null: for all experiments. */
    experiment_id: col.int('experiment_id').references(() => experiments.id),
    name: col.text('name').notNull(),
    page: col.text('page').$type<ViewPage>().notNull(),
    /** The address behind its `?`. */
    query: col.text('query').notNull(),
    /** 1: what this page of its experiment shows where nothing else is asked for. */
    is_default: col.int('is_default').notNull().default(0),
    created_at: col.int('created_at').notNull(),
    updated_at: col.int('updated_at').notNull(),
    trashed_at: col.int('trashed_at'),
  },
  (t) => [index('saved_views_experiment').on(t.experiment_id)],
);

/** What can be done with many runs at once. */
export const BulkStatus = {
  Going: 'going',
  Done: 'done',
  Undone: 'undone',
} as const;
export type BulkStatus = (typeof BulkStatus)[keyof typeof BulkStatus];

/** Something done with many runs at once (runs/table/bulk-changes.ts): how far it is, and what it takes to undo it. Kept for a day. */
export const bulkActions = table(
  'bulk_actions',
  {
    id: col.id('id'),
    action: col.text('action').notNull(),
    /** Tags and the state that were asked for, as JSON. */
    asked: col.text('asked').notNull(),
    status: col.text('status').$type<BulkStatus>().notNull(),
    /** Runs that it is about, that it has come to, and that were not so before. */
    total: col.int('total').notNull(),
    visited: col.int('visited').notNull().default(0),
    changed: col.int('changed').notNull().default(0),
    created_at: col.int('created_at').notNull(),
  },
  (t) => [index('bulk_actions_created').on(t.created_at)],
);

/** What a bulk action changed in a run, as it was before. */
export const bulkItems = table(
  'bulk_items',
  {
    action_id: col.int('action_id').notNull(),
    run_seq: col.int('run_seq').notNull(),
    /** JSON; its shape is that of the action (runs/table/bulk-kinds-changes.ts). */
    before: col.text('before').notNull(),
  },
  (t) => [primaryKey({ columns: [t.action_id, t.run_seq] })],
);

// --- Rows ------------------------------------------------------------------------------------------------------

export type RunRow = typeof runs.$inferSelect;
export type DatasetRow = typeof datasets.$inferSelect;
/** What logging needs of a run. */
export interface LoggedRun extends Pick<
  RunRow,
  'id' | 'seq' | 'experiment_id' | 'status' | 'settled' | 'trashed_at' | 'attempts' | 'heard_at' | 'updated_at'
> {
  /** As the row has it, and the transaction that read it: in another one it may have changed hands. */
  kept_by?: number | null;
  read_in?: Db;
  /** Of a run that was made a moment ago, and left for the next request (runs/logged-run-queries.ts): what need not be read. */
  made?: MadeRun;
}

export interface MadeRun {
  /** As it is. */
  row: RunRow;
  /** Of its experiment, which is in sight. */
  artifact_location: string | null;
  /** False: it has neither params nor tags. */
  hasFacts: boolean;
}

export type BulkActionRow = typeof bulkActions.$inferSelect;
export type MetricRuleRow = typeof metricRules.$inferSelect;
export type AttemptRow = typeof runAttempts.$inferSelect;
export type ParamRow = typeof params.$inferSelect;
/** A summary with the id of its run. */
export type MetricRow = typeof metrics.$inferSelect & { run_id: string };
export type ArtifactRow = typeof artifacts.$inferSelect;
export type SavedViewRow = typeof savedViews.$inferSelect;
