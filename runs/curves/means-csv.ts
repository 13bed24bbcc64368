// runs/curves/means-csv.ts
// Purpose: the curves of groups as CSV: mean, lower and upper edge of the band, and how many runs count, step by step.
// Why: what a plot of groups shows is redrawn elsewhere from these four columns; all points are another file.
// Relevant files: runs/curves/group-curves.ts, runs/curves/curve-routes.ts, shared/csv.ts

import { csvLines, type Cell } from '../../shared/csv.ts';
import { Band, type ChartSettings } from './chart-settings.ts';
import type { Curve, CurveBucket } from './curves.ts';

const HEAD = ['curve', 'is', 'step', 'to_step', 'x', 'mean', 'lower', 'upper', 'n', 'band'];

/** Groups and, where they are drawn beside them, runs: each a row for each step or stretch of steps, not smoothed. */
export function meansCsv(curves: readonly Curve[], settings: ChartSettings): string {
  const band = settings.band ?? Band.Std;
  const rows = curves.flatMap(({ run, members, buckets }) => {
    const what = run.title ?? run.name;
    return buckets.map((bucket): Cell[] => [
      ...[run.name, what],
      ...[bucket.from_step, bucket.to_step, bucket.x, bucket.mean],
      ...(members === undefined ? [null, null, bucket.mean === null ? 0 : 1, null] : edges(bucket, band)),
    ]);
  });
  return csvLines([HEAD, ...rows]);
}

/** Of a single run there is no deviation, so no band: but from its least to its greatest point there is. */
function edges({ min, max, n = 0 }: CurveBucket, band: Band): Cell[] {
  return n < 2 && band !== Band.Range ? [null, null, n, band] : [min, max, n, band];
}
