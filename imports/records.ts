// imports/records.ts
// Purpose: the neutral stream that every import source gives: experiments, runs, points, artifacts.
// Why: readers know formats, the writer knows our tables; neither should know the other.
// Relevant files: imports/detect.ts, imports/mlflow-files.ts, imports/mlflow-sqlite.ts, imports/pack.ts

import type { ExperimentStatus } from '../experiments/models.ts';
import type { RunStatus } from '../runs/models.ts';
import { UserError } from '../shared/errors.ts';

/** Points come in batches of at most this many. */
export const BATCH_POINTS = 1000;
/** A run's id: 32 lower-case hex digits. */
export const RUN_ID = /^[0-9a-f]{32}$/;

export interface SourcePoint {
  key: string;
  /** Any double: NaN, ±Infinity and −0 included. */
  value: number;
  /** A safe integer (|step| ≤ 2^53 − 1); may be negative. */
  step: number;
  /** Milliseconds since the epoch, UTC; a safe integer. */
  timestamp: number;
}

export interface SourceArtifact {
  /** Relative, '/' between folders, never '..'. */
  path: string;
  /** A file on disk, or the contents. */
  file: string | Uint8Array;
}

/** Times are milliseconds since the epoch, UTC. `trashed_at` is null for what is not in the trash. */
export interface SourceRun {
  id: string;
  name: string;
  status: RunStatus;
  start_time: number | null;
  end_time: number | null;
  parent_id: string | null;
  notes: string;
  trashed_at: number | null;
  params: Record<string, string>;
  tags: Record<string, string>;
  points: () => AsyncIterable<SourcePoint[]>;
  artifacts: () => AsyncIterable<SourceArtifact>;
}

export interface SourceExperiment {
  name: string;
  description: string;
  /** Left out: active. */
  status?: ExperimentStatus;
  main_metric?: string;
  created_at: number | null;
  trashed_at: number | null;
  tags: Record<string, string>;
  /** In order of their start, so that numbering follows time. */
  runs: () => AsyncIterable<SourceRun>;
}

export interface Skipped {
  what: string;
  why: string;
}

/** Read it once, from first to last: `notes` and `skipped` fill up on the way. */
export interface Source {
  kind: string;
  location: string;
  count: () => Promise<{ experiments: number; runs: number }>;
  experiments: () => AsyncIterable<SourceExperiment>;
  readonly notes: string[];
  readonly skipped: Skipped[];
  /** Points among what was skipped. */
  readonly skippedPoints?: number;
  close: () => Promise<void>;
}

/** A source that cannot be read. The message starts with the file and the line (or the table's row). */
export class SourceError extends UserError {
  readonly file: string;
  readonly line?: number;

  constructor(problem: string, file: string, place?: number | string) {
    const at = typeof place === 'number' ? `, line ${place}` : place === undefined ? '' : `, ${place}`;
    super(`${file}${at}: ${problem}`);
    this.name = 'SourceError';
    this.file = file;
    if (typeof place === 'number') this.line = place;
  }
}
