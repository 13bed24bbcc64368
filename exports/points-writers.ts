// exports/points-writers.ts
// Purpose: points as rows, `run_id, run_name, key, step, timestamp, value`: of an experiment, a run or one metric.
// Why: the long form that every tool reads; the hot path, so what a series has in common is written once.
// Relevant files: exports/catalogue.ts, shared/csv.ts, runs/points.ts

import type { MetricRow, RunRow } from '../runs/models.ts';
import { allPoints } from '../runs/points.ts';
import { metricsOf } from '../runs/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { isoTime, numberJson, numberText } from '../shared/cells.ts';
import { csvLines, csvStart } from '../shared/csv.ts';
import { breathe, type Format, type Pieces } from './writers.ts';

export const POINTS_AT_ONCE = 5_000;

export interface PlainPoint {
  step: number;
  /** ms since the epoch */
  timestamp: number;
  value: number;
}

/**
 * By run, key, step, timestamp, value. CSV with a header; NDJSON with one object a line:
 * `{"run_id", "run_name", "key", "step", "timestamp": ISO 8601, "value": number or "NaN", "Infinity", "-Infinity"}`.
 * `key`: only this metric.
 */
export async function* writePoints(
  db: Db,
  groups: AsyncIterable<RunRow[]> | Iterable<RunRow[]>,
  key: string | undefined,
  format: Format,
): Pieces {
  if (format === 'csv')
    yield { text: csvLines([['run_id', 'run_name', 'key', 'step', 'timestamp', 'value']]), rows: 0 };
  const write = format === 'csv' ? csvSeries : jsonSeries;
  for await (const rows of groups) {
    for (const run of rows) {
      for (const metric of await metricsOf(db, [run.id], key === undefined ? undefined : [key])) {
        const line = write(run, metric);
        for await (const points of allPoints(db, metric, POINTS_AT_ONCE)) {
          yield { text: line(points), rows: points.length };
          await breathe();
        }
      }
    }
  }
}

function csvSeries(run: RunRow, { key }: MetricRow): (points: PlainPoint[]) => string {
  const start = csvStart([run.id, run.name, key]);
  return (points) => {
    let text = '';
    for (const { step, timestamp, value } of points)
      text += `${start},${step},${isoTime(timestamp)},${numberText(value)}\r\n`;
    return text;
  };
}

function jsonSeries(run: RunRow, { key }: MetricRow): (points: PlainPoint[]) => string {
  const start = JSON.stringify({ run_id: run.id, run_name: run.name, key }).slice(0, -1);
  return (points) => {
    let text = '';
    for (const { step, timestamp, value } of points)
      text += `${start},"step":${step},"timestamp":"${isoTime(timestamp)}","value":${numberJson(value)}}\n`;
    return text;
  };
}
