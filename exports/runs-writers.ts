// exports/runs-writers.ts
// Purpose: the runs of an experiment as a table: one row a run, a column for each param and metric summary.
// Why: this is what people open in a spreadsheet or a data frame; it means the same runs as the page's table.
// Relevant files: exports/catalogue.ts, exports/run-records.ts, exports/queries.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import type { Db } from '../shared/db/store.ts';
import { ruleJson } from '../runs/rules/rule-json.ts';
import { rulesOf, withCounted, type CountedMetric } from '../runs/rules/rule-queries.ts';
import type { RuleBook } from '../runs/rules/rule.ts';
import { toJson } from '../shared/http/json.ts';
import { csvLines, type Cell } from '../shared/csv.ts';
import { runGroups, runKeys } from './queries.ts';
import {
  countedRecord,
  countsOther,
  readRuns,
  summaryRecord,
  type ReadRun,
  type SummaryRecord,
} from './run-records.ts';
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

const COUNTED = ['counts', 'counts_step'];

/**
 * CSV: the facts, then `params.KEY` (text) and `metrics.KEY.last` … `.nonfinite_count` (numbers) for every key that a
 * run of the filter has, by name, and `.counts`, `.counts_step` of those of which another value counts than the last;
 * `tags` is a JSON object; what a run does not have is an empty cell.
 * JSON: `{"format": "ml-experiment-tracker/runs", "version": 1, "experiment": {id, name},
 * "runs": [RunRecord with "metrics": {KEY: SummaryRecord}, …]}`; where rules were set, they are in "metric_rules", and
 * summaries have "counts": {value, step} where another value counts than the last.
 */
export async function* writeRuns(db: Db, experiment: ExperimentRow, filter: RunFilter, format: Format): Pieces {
  const rules = await rulesOf(db, experiment.id);
  if (format === 'csv') {
    yield* csvTable(db, filter, rules);
    return;
  }
  const { id, name } = experiment;
  const said = Object.fromEntries([...rules].map(([key, rule]) => [key, ruleJson(rule)]));
  const head = JSON.stringify({
    ...{ format: 'ml-experiment-tracker/runs', version: 1, experiment: { id, name } },
    ...(rules.size > 0 && { metric_rules: said }),
  });
  yield* jsonList(head, 'runs', jsonItems(db, filter, rules));
}

async function* jsonItems(db: Db, filter: RunFilter, rules: RuleBook): AsyncGenerator<TextPiece> {
  for await (const rows of runGroups(db, filter)) {
    for (const { record, metrics } of await readRuns(db, rows)) {
      const summaries = Object.fromEntries(
        (await withCounted(db, rules, metrics)).map((metric) => [metric.key, countedRecord(metric, rules)]),
      );
      yield { text: toJson({ ...record, metrics: summaries }), rows: 1 };
    }
  }
}

async function* csvTable(db: Db, filter: RunFilter, rules: RuleBook): Pieces {
  const keys = await runKeys(db, filter);
  const columns = Object.keys(SUMMARY);
  yield {
    text: csvLines([
      [
        ...FACTS,
        ...keys.params.map((key) => `params.${key}`),
        ...keys.metrics.flatMap((key) =>
          [...columns, ...(countsOther(rules, key) ? COUNTED : [])].map((column) => `metrics.${key}.${column}`),
        ),
      ],
    ]),
    rows: 0,
  };
  for await (const rows of runGroups(db, filter)) {
    for (const run of await readRuns(db, rows)) {
      const metrics = await withCounted(db, rules, run.metrics);
      yield { text: csvLines([toCells({ ...run, metrics }, keys, rules)]), rows: 1 };
    }
  }
}

function toCells(
  { row, record, metrics }: Omit<ReadRun, 'metrics'> & { metrics: CountedMetric[] },
  keys: { params: string[]; metrics: string[] },
  rules: RuleBook,
): Cell[] {
  const params = new Map(Object.entries(record.params));
  const byKey = new Map(metrics.map((metric) => [metric.key, { ...summaryRecord(metric), counts: metric.counts }]));
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
      const cells = Object.values(SUMMARY).map((column) => (summary ? column(summary) : null));
      return countsOther(rules, key)
        ? [...cells, summary?.counts?.value ?? null, summary?.counts?.step ?? null]
        : cells;
    }),
  ];
}
