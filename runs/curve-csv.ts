// runs/curve-csv.ts
// Purpose: all points of a metric of some runs as CSV, piece by piece.
// Why: the numbers behind a chart, at full resolution and full precision, in bounded memory.
// Relevant files: runs/curve-routes.ts, runs/points.ts, exports/cells.ts

import type { Db } from '../shared/db/store.ts';
import type { RunRow } from './models.ts';
import { allPoints } from './points.ts';
import { metricsOf } from './queries.ts';
import type { Point } from './summary.ts';
import { parseDecimal } from './values.ts';

/** RFC 4180 lines: run_id, run_name, step, timestamp (ISO, UTC), value (the shortest text that reads back the same). */
export async function* curveCsv(db: Db, runs: RunRow[], key: string): AsyncGenerator<string> {
  yield 'run_id,run_name,step,timestamp,value\r\n';
  const ids = new Map(
    (
      await metricsOf(
        db,
        runs.map(({ id }) => id),
        [key],
      )
    ).map((row) => [row.run_id, row.id]),
  );
  for (const run of runs) {
    const metricId = ids.get(run.id);
    if (metricId === undefined) continue;
    const start = `${run.id},${textCell(run.name)}`;
    for await (const points of allPoints(db, metricId)) yield points.map((point) => lineOf(start, point)).join('');
  }
}

function lineOf(start: string, { step, timestamp, value }: Point): string {
  const number = Object.is(value, -0) ? '-0' : String(value);
  return `${start},${step},${new Date(timestamp).toISOString()},${number}\r\n`;
}

/** The rule of exports/cells.ts (a test holds them together): what a spreadsheet would run gets one ' in front. */
const RISKY = /^[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]/;

function textCell(text: string): string {
  const safe = RISKY.test(text) && parseDecimal(text) === undefined ? `'${text}` : text;
  return /[",\r\n]|^ | $|^$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
