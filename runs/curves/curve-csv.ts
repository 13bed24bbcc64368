// runs/curves/curve-csv.ts
// Purpose: all points of a metric of some runs as CSV, piece by piece.
// Why: the numbers behind a chart, at full resolution and full precision, in bounded memory.
// Relevant files: runs/curves/curve-routes.ts, runs/points.ts, shared/csv.ts

import { isoTime, numberText } from '../../shared/cells.ts';
import { csvLines, csvStart } from '../../shared/csv.ts';
import type { Db } from '../../shared/db/store.ts';
import type { RunRow } from '../models.ts';
import { allPoints } from '../points.ts';
import { findMetric } from '../queries.ts';
import type { Point } from '../summary.ts';

/** RFC 4180 lines: run_id, run_name, step, timestamp (ISO, UTC), value (the shortest text that reads back the same). */
export async function* curveCsv(db: Db, runs: RunRow[], key: string): AsyncGenerator<string> {
  yield csvLines([['run_id', 'run_name', 'step', 'timestamp', 'value']]);
  for (const run of runs) {
    const metric = await findMetric(db, run.id, key);
    if (!metric) continue;
    const start = csvStart([run.id, run.name]);
    for await (const points of allPoints(db, metric)) yield points.map((point) => lineOf(start, point)).join('');
  }
}

function lineOf(start: string, { step, timestamp, value }: Point): string {
  return `${start},${step},${isoTime(timestamp)},${numberText(value)}\r\n`;
}
