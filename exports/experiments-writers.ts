// exports/experiments-writers.ts
// Purpose: the list of experiments as CSV and JSON.
// Why: one row an experiment, with everything its page's head says; the same filters as the list.
// Relevant files: exports/catalogue.ts, experiments/queries.ts

import type { ExperimentRow } from '../experiments/models.ts';
import { describeExperiments } from '../experiments/queries.ts';
import { listExperiments, type ExperimentFilter } from '../experiments/list-queries.ts';
import { RUN_STATUSES } from '../runs/models.ts';
import type { Db } from '../shared/db/store.ts';
import { toJson } from '../shared/http/json.ts';
import { isoTime } from '../shared/cells.ts';
import { csvLines, type Cell } from '../shared/csv.ts';
import { breathe, type Pieces, type TextPiece } from '../shared/heavy/pieces.ts';
import { jsonList, type Format } from './writers.ts';

/** Descriptions may be 200,000 characters each. */
const EXPERIMENTS_AT_ONCE = 25;

const HEADER = [
  'id',
  'name',
  'status',
  'description',
  'main_metric',
  'tags',
  'runs',
  ...RUN_STATUSES.map((status) => `runs.${status}`),
  'created_at',
  'updated_at',
  'last_activity_at',
];

type Described = Awaited<ReturnType<typeof describeExperiments>>[number];
type Times = Record<'created_at' | 'updated_at' | 'last_activity_at', string>;

/** An experiment as JSON exports hold it: times ISO 8601 in UTC, `run_counts` by state, `tags` as an object. */
export type ExperimentRecord = Omit<Described, 'trashed_at' | 'purge_at' | keyof Times> & Times;

export async function experimentRecords(db: Db, rows: ExperimentRow[]): Promise<ExperimentRecord[]> {
  const all = await describeExperiments(db, rows);
  return all.map(({ trashed_at: _, purge_at: __, ...one }) => ({
    ...one,
    created_at: isoTime(one.created_at),
    updated_at: isoTime(one.updated_at),
    last_activity_at: isoTime(one.last_activity_at),
  }));
}

/**
 * CSV: one row an experiment; `tags` is a JSON object.
 * JSON: `{"format": "ml-experiment-tracker/experiments", "version": 1, "experiments": [ExperimentRecord, …]}`.
 */
export async function* writeExperiments(db: Db, filter: ExperimentFilter, format: Format): Pieces {
  if (format === 'csv') {
    yield { text: csvLines([HEADER]), rows: 0 };
    for await (const record of eachRecord(db, filter)) yield { text: csvLines([toCells(record)]), rows: 1 };
    return;
  }
  yield* jsonList('{"format":"ml-experiment-tracker/experiments","version":1}', 'experiments', jsonItems(db, filter));
}

async function* jsonItems(db: Db, filter: ExperimentFilter): AsyncGenerator<TextPiece> {
  for await (const record of eachRecord(db, filter)) yield { text: toJson(record), rows: 1 };
}

async function* eachRecord(db: Db, filter: ExperimentFilter): AsyncGenerator<ExperimentRecord> {
  let cursor: string | null = null;
  do {
    const page = await listExperiments(db, filter, { limit: EXPERIMENTS_AT_ONCE, cursor: cursor ?? undefined });
    yield* await experimentRecords(db, page.items);
    cursor = page.next_cursor;
    await breathe();
  } while (cursor);
}

function toCells(record: ExperimentRecord): Cell[] {
  const counts = RUN_STATUSES.map((status) => record.run_counts[status] ?? 0);
  return [
    record.id,
    record.name,
    record.status,
    record.description,
    record.main_metric,
    JSON.stringify(record.tags),
    counts.reduce((sum, n) => sum + n, 0),
    ...counts,
    new Date(record.created_at),
    new Date(record.updated_at),
    new Date(record.last_activity_at),
  ];
}
