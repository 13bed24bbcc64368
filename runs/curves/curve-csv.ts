// runs/curves/curve-csv.ts
// Purpose: all points of a metric of some runs as CSV, piece by piece.
// Why: the numbers behind a chart, at full resolution and full precision, in bounded memory.
// Relevant files: runs/curves/curve-routes.ts, runs/points.ts, shared/line-writer.ts, shared/heavy/job.ts, worker.ts

import { numberText } from '../../shared/cells.ts';
import { csvLines, csvStart } from '../../shared/csv.ts';
import type { Db } from '../../shared/db/store.ts';
import type { HeavyJob } from '../../shared/heavy/job.ts';
import { breathe, inBytes, type Pieces } from '../../shared/heavy/pieces.ts';
import { LineWriter, utf8 } from '../../shared/line-writer.ts';
import type { RunRow } from '../models.ts';
import { pointRows } from '../points.ts';
import { findMetric } from '../metric-queries.ts';
import { requireRuns } from '../queries.ts';
import { fromStored } from '../values.ts';

const POINTS_AT_ONCE = 2_000;

export const curveJob: HeavyJob<{ runs: string[]; key: string }, null> = {
  name: 'curve',
  open: async (db, { runs, key }) => ({
    head: null,
    pieces: inBytes(curveCsv(db, await requireRuns(db, runs, '?run'), key)),
  }),
};

/** RFC 4180 lines: run_id, run_name, step, timestamp (ISO, UTC), value (the shortest text that reads back the same). */
async function* curveCsv(db: Db, runs: RunRow[], key: string): Pieces {
  yield { text: csvLines([['run_id', 'run_name', 'step', 'timestamp', 'value']]), rows: 0 };
  const lines = new LineWriter();
  for (const run of runs) {
    const metric = await findMetric(db, run.id, key);
    if (!metric) continue;
    const start = utf8(`${csvStart([run.id, run.name])},`);
    for await (const points of pointRows(db, metric, POINTS_AT_ONCE)) {
      for (const [step, timestamp, value, kind] of points) {
        lines.bytes(start).int(step).ascii(',').time(timestamp).ascii(',');
        lines.ascii(numberText(fromStored(value, kind))).ascii('\r\n');
      }
      yield { bytes: lines.take(), rows: points.length };
      await breathe();
    }
  }
}
