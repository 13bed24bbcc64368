// runs/buckets.ts
// Purpose: a stretch of a series as at most so many buckets, extremes kept: what a chart draws.
// Why: it reads roll-ups where there are enough of them and points only at the edges, so that length costs nothing.
// Relevant files: runs/points.ts, runs/rollups.ts, runs/chunks.ts, runs/curves/curves.ts

import { exactSum } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { comparePlaces, endOf, startOf, type Place, type Sums } from './chunks.ts';
import { FINITE, type SeriesId } from './points.ts';
import { chunksAt, LEVELS } from './rollups.ts';

/** What a chart draws of a stretch of steps. Values are finite; non-finite ones are only counted. */
export interface Bucket extends Sums {
  /** The first and last step with a point in it. */
  from_step: number;
  to_step: number;
  /** ms since the epoch, of the earliest and latest point */
  from_time: number;
  to_time: number;
}

/** A series, how many points it has, and how many of them are in roll-ups. */
export interface CountedSeries extends SeriesId {
  count: number;
  rolled_count: number;
}

/**
 * The series as at most `wanted` stretches of equal length in steps, extremes kept; one of at most `wanted` points step
 * by step. Empty stretches are left out. Of a series with more than `wanted` roll-ups in range, each roll-up counts
 * where it begins, so that a stretch may reach a little into the next.
 */
export async function bucketsOf(
  db: Db,
  series: CountedSeries,
  range: { from: number; to: number },
  wanted: number,
): Promise<Bucket[]> {
  const level = await levelFor(db, series, range, wanted);
  const [lo, hi] = [{ step: range.from, timestamp: NEVER.from }, { step: range.to, timestamp: NEVER.to }]; // prettier-ignore
  const parts = await partsOf(db, series, level, lo, hi);
  if (parts.length === 0) return [];
  const source = parts.map((part) => (part.level === 0 ? FROM_POINTS : FROM_ROLLUPS)).join(' union all ');
  const bounds = parts.flatMap(({ level, from, until }) => [
    series.run_seq,
    series.no,
    ...(level === 0 ? [] : [level]),
    ...[from.step, from.timestamp, until.step, until.timestamp],
  ]);
  // In floating point, so that steps up to ±2^53 do not overflow 64 bits when multiplied.
  const width = Math.max(1, (range.to - range.from + 1) / wanted);
  const isShort = series.count <= wanted;
  const group = isShort
    ? 'from_step'
    : 'floor((from_step - cast(? as double precision)) / cast(? as double precision))';
  const values = [...bounds, ...(isShort ? [] : [range.from, width])];
  const { rows } = await db.execute<SummedBucket>(
    `select ${BUCKET}, ${SUMS} from (${source}) part group by ${group} order by 1`,
    values,
  );
  return rows.map(({ plain, huge, ...bucket }) => ({ ...bucket, mean: meanOf(bucket, plain, huge) }));
}

type SummedBucket = Omit<Bucket, 'mean'> & { plain: number | null; huge: number | null };

/** Timestamps before and after all that are accepted, ms. */
const NEVER = { from: -9e15, to: 9e15 };

/** The coarsest level that has at least `wanted` chunks in range; 0 stands for the points themselves. */
async function levelFor(
  db: Db,
  series: CountedSeries,
  range: { from: number; to: number },
  wanted: number,
): Promise<number> {
  if (series.rolled_count === 0) return 0;
  for (let level = LEVELS; level > 0; level--) {
    const { rows } = await db.execute<{ n: number }>(
      `select count(*) as n from (select 1 from rollups where run_seq = ? and no = ? and level = ?
        and from_step between ? and ? limit ?) few`,
      [series.run_seq, series.no, level, range.from, range.to, wanted],
    );
    if ((rows[0]?.n ?? 0) >= wanted) return level;
  }
  return 0;
}

interface Part {
  level: number;
  from: Place;
  until: Place;
}

/** The chunks of `level` that lie wholly between two places, and at both edges what the levels below have. */
async function partsOf(db: Db, series: SeriesId, level: number, lo: Place, hi: Place): Promise<Part[]> {
  if (comparePlaces(lo, hi) > 0) return [];
  if (level === 0) return [{ level, from: lo, until: hi }];
  const bounds = [lo.step, lo.timestamp, hi.step, hi.timestamp];
  const inside = 'and (from_step, from_time) >= (?, ?) and (from_step, from_time) <= (?, ?)';
  const [first] = await chunksAt(db, series, level, `${inside} order by from_step, from_time limit 1`, bounds);
  const ends = await chunksAt(db, series, level, `${inside} order by from_step desc, from_time desc limit 2`, bounds);
  // Only the very last one can reach beyond.
  const last = ends.find((chunk) => comparePlaces(endOf(chunk), hi) <= 0);
  if (!first || !last) return partsOf(db, series, level - 1, lo, hi);
  const [from, until] = [startOf(first), endOf(last)];
  return [
    ...(await partsOf(db, series, level - 1, lo, { step: from.step, timestamp: from.timestamp - 1 })),
    { level, from, until },
    ...(await partsOf(db, series, level - 1, { step: until.step, timestamp: until.timestamp + 1 }, hi)),
  ];
}

/** A power of two, so that multiplying by it is exact for the huge values it is for. */
const SCALE = 2 ** -64;

/**
 * Sums of huge values overflow, though their mean does not, so these are summed apart and scaled. Only these: PostgreSQL
 * refuses a product that overflows, and one that vanishes, too.
 */
const IS_PLAIN = 'mean between -1e290 and 1e290';
const SUMS = `sum(case when ${IS_PLAIN} then mean * finite end) as plain,
  ${exactSum(`case when not (${IS_PLAIN}) then mean * ${SCALE} * finite end`)} as huge`;

/** Rounding must not carry a mean beyond what it is the mean of. */
function meanOf({ min, max, count, nonfinite_count }: Omit<Bucket, 'mean'>, plain: number | null, huge: number | null): number | null {
  if (min === null || max === null) return null;
  const finite = count - nonfinite_count;
  const mean = huge === null ? (plain ?? 0) / finite : (huge + (plain ?? 0) * SCALE) / finite / SCALE;
  return Math.min(max, Math.max(min, mean));
} // prettier-ignore

const FROM_ROLLUPS = `select from_step, to_step, min_time, max_time, count, nonfinite_count, nan_count, inf_count, min, max, mean,
  count - nonfinite_count as finite
  from rollups where run_seq = ? and no = ? and level = ? and (from_step, from_time) >= (?, ?) and (from_step, from_time) <= (?, ?)`;

const FROM_POINTS = `select step as from_step, step as to_step, timestamp as min_time, timestamp as max_time, 1 as count,
  case when ${FINITE} then 0 else 1 end as nonfinite_count, case when kind = 1 then 1 else 0 end as nan_count,
  case when kind <> 1 and value > 1.7976931348623157e308 then 1 else 0 end as inf_count,
  case when ${FINITE} then value end as min, case when ${FINITE} then value end as max, case when ${FINITE} then value end as mean,
  case when ${FINITE} then 1 else 0 end as finite
  from points where run_seq = ? and no = ? and (step, timestamp) >= (?, ?) and (step, timestamp) <= (?, ?)`;

const BUCKET = `min(from_step) as from_step, max(to_step) as to_step, min(min_time) as from_time, max(max_time) as to_time,
  sum(count) as count, sum(nonfinite_count) as nonfinite_count, sum(nan_count) as nan_count, sum(inf_count) as inf_count,
  min(min) as min, max(max) as max`;
