// runs/models/attempts.ts
// Purpose: the tables of starts and restarts: attempts, points that were overtaken, requests that come again.
// Why: a run that was never restarted has next to nothing in them, and pays nothing for them.
// Relevant files: runs/models.ts, runs/attempts/attempt-changes.ts, runs/attempts/superseding-changes.ts, runs/sent-again-changes.ts

import { col, primaryKey, table } from '../../shared/db/columns.ts';
import type { RunStatus } from './runs.ts';

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

export type AttemptRow = typeof runAttempts.$inferSelect;
