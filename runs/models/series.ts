// runs/models/series.ts
// Purpose: the tables of a run's series: summaries, points, what points have beyond 2^53, roll-ups.
// Why: pages read one summary row for each run and metric; points are read for curves and exports only.
// Relevant files: runs/models.ts, runs/ingest.ts, runs/points.ts, runs/rollups.ts, runs/values.ts

import { sql } from 'drizzle-orm';
import { col, index, primaryKey, table, uniqueIndex } from '../../shared/db/columns.ts';
import { runs } from './runs.ts';

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

/** A summary with the id of its run. */
export type MetricRow = typeof metrics.$inferSelect & { run_id: string };
