// exports/runs-writers.ts
// Purpose: the runs of an experiment as a table: one row a run, a column for each param and metric summary.
// Why: this is what people open in a spreadsheet or a data frame; it means the same runs as the page's table.
// Relevant files: exports/catalogue.ts, exports/run-records.ts, exports/queries.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import type { Db } from '../shared/db/store.ts';
import { toJson } from '../shared/http/json.ts';
import { csvLines, type Cell } from '../shared/csv.ts';
import { runGroups, runKeys } from './queries.ts';
import { readRuns, summaryRecord, type ReadRun, type SummaryRecord } from './run-records.ts';
import type { Pieces, TextPiece } from '../shared/heavy/pieces.ts';
import { jsonList, type Format } from './writers.ts';

const FACTS = ['id', 'number', 'name', 'status', 'start_time', 'end_time', 'duration_s', 'parent_id', 'tags'];

/** The columns of a metric: `metrics.KEY.last`, `metrics.KEY.last_step` … */
const SUMMARY: Record<string, (summary: SummaryRecord) => number | null> = {
  last: ({ last }) => last.value,
  last_step: ({ last }) => last.step,
  min: ({ min }) => min?.value ?? null,
  min_step: ({ min }) => min?.step ?? null,
  max: ({ max }) => max?.value ?? null,
  max_step: ({ max }) => max?.step ?? null,
  mean: ({ mean }) => mean,
  count: ({ count }) => count,
  nonfinite_count: ({ nonfinite_count }) => nonfinite_count,
};

/**
 * CSV: the facts, then `params.KEY` (text) and `metrics.KEY.last` … `.nonfinite_count` (numbers) for every key that a
 * run of the filter has, by name; `tags` is a JSON object; what a run does not have is an empty cell.
 * JSON: `{"format": "ml-experiment-tracker/runs", "version": 1, "experiment": {id, name},
 * "runs": [RunRecord with "metrics": {KEY: SummaryRecord}, …]}`.
 */
export async function* writeRuns(db: Db, experiment: ExperimentRow, filter: RunFilter, format: Format): Pieces {
  if (format === 'csv') {
    yield* csvTable(db, filter);
    return;
  }
  const { id, name } = experiment;
  const head = JSON.stringify({ format: 'ml-experiment-tracker/runs', version: 1, experiment: { id, name } });
  yield* jsonList(head, 'runs', jsonItems(db, filter));
}

async function* jsonItems(db: Db, filter: RunFilter): AsyncGenerator<TextPiece> {
  for await (const rows of runGroups(db, filter)) {
    for (const { record, metrics } of await readRuns(db, rows)) {
      const summaries = Object.fromEntries(metrics.map((metric) => [metric.key, summaryRecord(metric)]));
      yield { text: toJson({ ...record, metrics: summaries }), rows: 1 };
    }
  }
}

async function* csvTable(db: Db, filter: RunFilter): Pieces {
  const keys = await runKeys(db, filter);
  const columns = Object.keys(SUMMARY);
  yield {
    text: csvLines([
      [
        ...FACTS,
        ...keys.params.map((key) => `params.${key}`),
        ...keys.metrics.flatMap((key) => columns.map((column) => `metrics.${key}.${column}`)),
      ],
    ]),
    rows: 0,
  };
  for await (const rows of runGroups(db, filter)) {
    for (const run of await readRuns(db, rows)) yield { text: csvLines([toCells(run, keys)]), rows: 1 };
  }
}

function toCells({ row, record, metrics }: ReadRun, keys: { params: string[]; metrics: string[] }): Cell[] {
  const params = new Map(Object.entries(record.params));
  const byKey = new Map(metrics.map((metric) => [metric.key, summaryRecord(metric)]));
  return [
    record.id,
    record.number,
    record.name,
    record.status,
    row.start_time === null ? null : new Date(row.start_time),
    row.end_time === null ? null : new Date(row.end_time),
    record.duration_s,
    record.parent_id,
    JSON.stringify(record.tags),
    ...keys.params.map((key) => params.get(key) ?? null),
    ...keys.metrics.flatMap((key) => {
      const summary = byKey.get(key);
      return Object.values(SUMMARY).map((column) => (summary ? column(summary) : null));
    }),
  ];
}
