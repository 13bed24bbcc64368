// runs/models/runs.ts
// Purpose: the tables of a run itself: states, the run, its params, and what logging needs of a run.
// Why: all other tables of a run name it by its id or its number.
// Relevant files: runs/models.ts, runs/queries.ts, runs/changes.ts, runs/status.ts

import { sql } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import { col, index, primaryKey, table, uniqueIndex } from '../../shared/db/columns.ts';
import type { Db } from '../../shared/db/store.ts';

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

export type RunRow = typeof runs.$inferSelect;
export type ParamRow = typeof params.$inferSelect;

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
