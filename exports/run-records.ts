// exports/run-records.ts
// Purpose: a run with its params, tags and metric summaries, as JSON exports hold it.
// Why: the run table, one run and a whole experiment say the same of a run.
// Relevant files: exports/runs-writers.ts, exports/whole-writers.ts, runs/queries.ts, runs/values.ts

import type { MetricRow, RunRow, RunStatus } from '../runs/models.ts';
import { metricsOf } from '../runs/metric-queries.ts';
import { paramsOf } from '../runs/queries.ts';
import { ruleJson } from '../runs/rules/rule-json.ts';
import type { CountedMetric } from '../runs/rules/rule-queries.ts';
import { ruleFor, Takes, type Counted, type RuleBook } from '../runs/rules/rule.ts';
import { fromStored } from '../runs/values.ts';
import type { Db } from '../shared/db/store.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import { isoTime, isoTimeOrNull } from '../shared/cells.ts';

/** Times are ISO 8601 in UTC; `duration_s` is end − start in seconds, null while one of them is missing. */
export interface RunRecord {
  id: string;
  number: number;
  name: string;
  status: RunStatus;
  start_time: string | null;
  end_time: string | null;
  duration_s: number | null;
  parent_id: string | null;
  tags: Record<string, string>;
  params: Record<string, string>;
}

export interface RecordPoint {
  step: number;
  timestamp: string;
  value: number;
}

/** `min`, `max` and `mean` are over finite values, null when there is none; `last` has the highest step, then time, then value. */
export interface SummaryRecord {
  count: number;
  first: RecordPoint;
  last: RecordPoint;
  min: { value: number; step: number } | null;
  max: { value: number; step: number } | null;
  mean: number | null;
  nonfinite_count: number;
  nonfinite_step: number | null;
}

export interface ReadRun {
  row: RunRow;
  record: RunRecord;
  metrics: MetricRow[];
}

export async function readRuns(db: Db, rows: RunRow[]): Promise<ReadRun[]> {
  const ids = rows.map((row) => row.id);
  const tags = await tagsOfRuns(db, ids);
  const params = byRun(await paramsOf(db, ids));
  const metrics = byRun(await metricsOf(db, ids));
  return rows.map((row) => ({
    row,
    record: {
      id: row.id,
      number: row.number,
      name: row.name,
      status: row.status,
      start_time: isoTimeOrNull(row.start_time),
      end_time: isoTimeOrNull(row.end_time),
      duration_s: row.start_time === null || row.end_time === null ? null : (row.end_time - row.start_time) / 1000,
      parent_id: row.parent_id,
      tags: Object.fromEntries((tags.get(row.id) ?? []).map((tag) => [tag.key, tag.value])),
      params: Object.fromEntries((params.get(row.id) ?? []).map((param) => [param.key, param.value])),
    },
    metrics: metrics.get(row.id) ?? [],
  }));
}

function byRun<T extends { run_id: string }>(rows: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.run_id);
    if (group) group.push(row);
    else groups.set(row.run_id, [row]);
  }
  return groups;
}

/** Another value counts than the last one, which is there anyhow. */
export function countsOther(rules: RuleBook, key: string): boolean {
  return ruleFor(rules, key).takes !== Takes.Last;
}

/** A summary; where another value counts than the last, that too, with the step at which it occurred. */
export function countedRecord(metric: CountedMetric, rules: RuleBook): SummaryRecord & { counts?: Counted | null } {
  return { ...summaryRecord(metric), ...(countsOther(rules, metric.key) && { counts: metric.counts }) };
}

/** The rule of each metric, guessed or set. */
export function ruleRecords(rules: RuleBook, keys: readonly string[]): Record<string, ReturnType<typeof ruleJson>> {
  return Object.fromEntries(keys.map((key) => [key, ruleJson(ruleFor(rules, key))]));
}

export function summaryRecord(row: MetricRow): SummaryRecord {
  const extreme = (value: number | null, step: number | null): SummaryRecord['min'] =>
    value === null || step === null ? null : { value, step };
  return {
    count: row.count,
    first: {
      step: row.first_step,
      timestamp: isoTime(row.first_time),
      value: fromStored(row.first_value, row.first_kind),
    },
    last: { step: row.last_step, timestamp: isoTime(row.last_time), value: fromStored(row.last_value, row.last_kind) },
    min: extreme(row.min_value, row.min_step),
    max: extreme(row.max_value, row.max_step),
    mean: row.mean,
    nonfinite_count: row.nonfinite_count,
    nonfinite_step: row.nonfinite_step,
  };
}
