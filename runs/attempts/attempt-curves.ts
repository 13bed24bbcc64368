// runs/attempts/attempt-curves.ts
// Purpose: a metric of a restarted run as its attempts logged it: the run's curve, and faint ones of what was overtaken.
// Why: whether a restart did what the first attempt had done is seen by laying one over the other.
// Relevant files: runs/attempts/attempt-queries.ts, runs/curves/curves.ts, runs/run/run-page.ts

import type { Db } from '../../shared/db/store.ts';
import { DEFAULT_BUCKETS, type ChartSettings } from '../curves/chart-settings.ts';
import { curveOf, type Curve } from '../curves/curves.ts';
import type { Bucket } from '../buckets.ts';
import type { RunRow } from '../models.ts';
import { FINITE } from '../points.ts';
import { findMetric } from '../metric-queries.ts';
import type { Attempt } from './attempt-queries.ts';

/** So many points that were overtaken are still read for a picture; of more the table says how many there are. */
const DRAWN_MAX = 200_000;

/** The run's own curve first; empty where no point of the metric was overtaken. */
export async function readAttemptCurves(
  db: Db,
  run: RunRow,
  attempts: Attempt[],
  own: Curve | undefined,
  settings: ChartSettings,
): Promise<Curve[]> {
  const older = attempts.filter(({ superseded_points: points }) => points > 0);
  const points = older.reduce((sum, attempt) => sum + attempt.superseded_points, 0);
  const metric = own && points > 0 && points <= DRAWN_MAX ? await findMetric(db, run.id, own.key) : undefined;
  if (!own || !metric) return [];
  const curves: Curve[] = [];
  for (const attempt of older) {
    const buckets = await overtaken(db, [run.seq, attempt.no, metric.no], settings.buckets ?? DEFAULT_BUCKETS);
    const named = { ...run, id: `${run.id} ${attempt.number}`, name: `attempt ${attempt.number}` };
    if (buckets.length > 0) curves.push({ ...curveOf(named, metric, buckets, settings), isFaint: true });
  }
  return curves.length > 0 ? [own, ...curves] : [];
}

/** `wanted` stretches of equal length in whole steps, those without points left out. */
async function overtaken(db: Db, place: [seq: number, attempt: number, no: number], wanted: number): Promise<Bucket[]> {
  const of = 'from superseded_points where run_seq = ? and attempt = ? and no = ?';
  const { rows } = await db.execute<{ lo: number | null; hi: number | null }>(
    `select min(step) as lo, max(step) as hi ${of}`,
    place,
  );
  const { lo = null, hi = null } = rows[0] ?? {};
  if (lo === null || hi === null) return [];
  const width = Math.max(1, Math.ceil((hi - lo + 1) / wanted));
  const value = `case when ${FINITE} then value end`;
  const { rows: buckets } = await db.execute<Bucket>(
    `select min(step) as from_step, max(step) as to_step, min(timestamp) as from_time, max(timestamp) as to_time,
      count(*) as count, sum(case when ${FINITE} then 0 else 1 end) as nonfinite_count,
      sum(case when kind = 1 then 1 else 0 end) as nan_count,
      sum(case when kind <> 1 and value > 1.7976931348623157e308 then 1 else 0 end) as inf_count,
      min(${value}) as min, max(${value}) as max, avg(${value}) as mean
      ${of} group by (step - ?) / ? order by 1`,
    [...place, lo, width],
  );
  return buckets;
}
