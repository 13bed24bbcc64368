// exports/points-writers.ts
// Purpose: points as rows, `run_id, run_name, key, step, timestamp, value`: of an experiment, a run or one metric.
// Why: the long form that every tool reads; the hot path, so what a series has in common is written once.
// Relevant files: exports/catalogue.ts, shared/csv.ts, shared/line-writer.ts, runs/points.ts

import type { RunRow } from '../runs/models.ts';
import { pointRows, type PointPlace } from '../runs/points.ts';
import { metricsOf } from '../runs/metric-queries.ts';
import { fromStored } from '../runs/values.ts';
import type { Db } from '../shared/db/store.ts';
import { numberJson, numberText } from '../shared/cells.ts';
import { csvLines, csvStart } from '../shared/csv.ts';
import { LineWriter, utf8 } from '../shared/line-writer.ts';
import { breathe, type Pieces } from '../shared/heavy/pieces.ts';
import type { Format } from './writers.ts';

/** A few hundred KB of text. */
export const POINTS_AT_ONCE = 1_000;

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
  const lineOf = format === 'csv' ? csvLine : jsonLine;
  const lines = new LineWriter();
  for await (const rows of groups) {
    for (const run of rows) {
      for (const metric of await metricsOf(db, [run.id], key === undefined ? undefined : [key])) {
        const line = lineOf(run, metric.key);
        for await (const points of pointRows(db, metric, POINTS_AT_ONCE)) {
          for (const point of points) writeLine(lines, line, point);
          yield { bytes: lines.take(), rows: points.length };
          await breathe();
        }
      }
    }
  }
}

/** What the lines of a series have in common: all but step, time and value. */
interface Line {
  start: Uint8Array;
  afterStep: Uint8Array;
  afterTime: Uint8Array;
  end: Uint8Array;
  number: (value: number) => string;
}

function csvLine({ id, name }: RunRow, key: string): Line {
  const start = `${csvStart([id, name, key])},`;
  return { start: utf8(start), afterStep: utf8(','), afterTime: utf8(','), end: utf8('\r\n'), number: numberText };
}

function jsonLine({ id, name }: RunRow, key: string): Line {
  const start = `${JSON.stringify({ run_id: id, run_name: name, key }).slice(0, -1)},"step":`;
  return {
    start: utf8(start),
    afterStep: utf8(',"timestamp":"'),
    afterTime: utf8('","value":'),
    end: utf8('}\n'),
    number: numberJson,
  };
}

function writeLine(lines: LineWriter, line: Line, [step, timestamp, value, kind]: PointPlace): void {
  lines.bytes(line.start).int(step).bytes(line.afterStep).time(timestamp).bytes(line.afterTime);
  lines.ascii(line.number(fromStored(value, kind))).bytes(line.end);
}
