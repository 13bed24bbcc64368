// runs/buckets.ts
// Purpose: a stretch of a series as at most so many buckets, extremes kept: what a chart draws.
// Why: it reads roll-ups where there are enough of them and points only at the edges, so that length costs nothing.
// Relevant files: runs/bucket-parts.ts, runs/points.ts, runs/rollups.ts, runs/chunks.ts, runs/curves/curves.ts

import { sql } from 'drizzle-orm';
import { bound, exactSum, pairs } from '../shared/db/dialect.ts';
import type { Db } from '../shared/db/store.ts';
import { grouped } from '../shared/grouped.ts';
import { partsFor, type CountedSeries, type Part } from './bucket-parts.ts';
import { absorb, type Stretch, type Sums } from './chunks.ts';
import { FINITE, type SeriesId } from './points.ts';
import { Kind } from './values.ts';

/** What a chart draws of a stretch of steps. Values are finite; non-finite ones are only counted. */
export interface Bucket extends Sums {
  /** The first and last step with a point in it. */
  from_step: number;
  to_step: number;
  /** ms since the epoch, of the earliest and latest point */
  from_time: number;
  to_time: number;
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
  const parts = await partsFor(db, series, range, wanted);
  const cut: Cut = {
    from: range.from,
    // In floating point, so that steps up to ±2^53 do not overflow 64 bits when multiplied.
    width: Math.max(1, (range.to - range.from + 1) / wanted),
    byStep: series.count <= wanted,
  };
  const merged: Stretch[] = [];
  let place = NaN;
  for (const part of parts) {
    for (const stretch of await summed(db, series, part, cut)) {
      const before = place;
      place = placeIn(cut, stretch.from_step);
      const last = merged.at(-1);
      if (last && place === before) absorb(last, stretch);
      else merged.push(stretch);
    }
  }
  return merged.map(bucketOf);
}

/**
 * Of whole series with so few points that each step is a stretch of its own, with one question for all of them; by their
 * places in `all`. Those with huge or non-finite values are left out.
 */
export async function shortBuckets(
  db: Db,
  all: readonly CountedSeries[],
  wanted: number,
): Promise<Map<number, Bucket[]>> {
  const found = new Map<number, Bucket[]>();
  const short = all.flatMap((series, place) => (series.count <= wanted ? [{ series, place }] : []));
  if (short.length < 2) return found;
  const rows = await db.arrays<[run: number, no: number, ...PlainRow]>(
    ...bound(sql`select p.run_seq, p.no, ${sql.raw(PLAIN)} from ${pairs(short.map(({ series }) => [series.run_seq, series.no]))}
      cross join points p where p.run_seq = s.a and p.no = s.b group by p.run_seq, p.no, p.step order by p.run_seq, p.no, p.step`),
  );
  const bySeries = grouped(rows, ([run, no]) => `${run} ${no}`);
  for (const { series, place } of short) {
    const own = (bySeries.get(`${series.run_seq} ${series.no}`) ?? []).map(([, , ...row]) => row);
    // What was logged after the summary was read is no part of what it says.
    const whole = own.filter(([step]) => step <= series.last_step);
    if (whole.every(isPlain))
      found.set(
        place,
        whole.map((row) => bucketOf(stretchOf(row))),
      );
  }
  return found;
}

/** How a range of steps is cut into stretches. */
interface Cut {
  from: number;
  width: number;
  /** Each step is a stretch of its own. */
  byStep: boolean;
}

function placeIn({ from, width, byStep }: Cut, step: number): number {
  return byStep ? step : Math.floor((step - from) / width);
}

/** Written out: rest and spread cost more than reading the rows. */
function bucketOf(stretch: Stretch): Bucket {
  const { count, nonfinite_count, nan_count, inf_count, min, max, mean } = stretch;
  // Rounding must not carry a mean beyond what it is the mean of.
  const held = mean === null ? null : Math.min(max ?? mean, Math.max(min ?? mean, mean));
  const { from_step, to_step, min_time, max_time } = stretch;
  return {
    from_step,
    to_step,
    from_time: min_time,
    to_time: max_time,
    count,
    nonfinite_count,
    nan_count,
    inf_count,
    min,
    max,
    mean: held,
  };
}

/** What a part sums up to in each stretch: where it lies, and few come out. */
async function summed(db: Db, series: SeriesId, part: Part, cut: Cut): Promise<Stretch[]> {
  const [step, plain, full] =
    part.level === 0 ? ['step', PLAIN_POINTS, SUMMED_POINTS] : ['from_step', PLAIN_ROLLUPS, SUMMED_ROLLUPS];
  const [group, values] = groupedBy(step, series, part, cut);
  const quick = await db.arrays<PlainRow>(plain + group, values);
  if (quick.every(isPlain)) return quick.map(stretchOf);
  const { rows } = await db.execute<Summed>(full + group, values);
  for (const row of rows) {
    const finite = row.count - row.nonfinite_count;
    row.mean = meanOf(finite, row.plain, row.huge);
    // Columns keep 0 of it. Beside any other 0 it is none: what is summed up has one sign.
    if (finite > 0 && row.minus_count === finite) row.min = row.max = row.mean = -0;
  }
  return rows;
}

/** What lies in one stretch is summed up without being sorted, which takes a third less. */
function groupedBy(step: string, { run_seq, no }: SeriesId, part: Part, cut: Cut): [string, number[]] {
  const { level, from, until } = part;
  const isOne = !cut.byStep && placeIn(cut, from.step) === placeIn(cut, until.step);
  const group = cut.byStep ? step : `floor((${step} - cast(? as double precision)) / cast(? as double precision))`;
  const values = [
    ...[run_seq, no, ...(level === 0 ? [] : [level])],
    ...[from.step, from.timestamp, until.step, until.timestamp],
    ...(cut.byStep || isOne ? [] : [cut.from, cut.width]),
  ];
  return [isOne ? ' having count(*) > 0' : ` group by ${group} order by 1`, values];
}

/** As the quick way sums it up; `odd`: how many may not be finite, or are −0. */
type PlainRow = [
  from_step: number,
  to_step: number,
  min_time: number,
  max_time: number,
  count: number,
  odd: number,
  min: number,
  max: number,
  sum: number,
];

/** Finite, and far from where a sum overflows: all that most series ever have, and summed up in 60 % of the time. */
function isPlain([, , , , , odd, min, max]: PlainRow): boolean {
  return odd === 0 && min >= -PLAIN_MAX && max <= PLAIN_MAX;
}

function stretchOf([from_step, to_step, min_time, max_time, count, , min, max, sum]: PlainRow): Stretch {
  const none = { nonfinite_count: 0, nan_count: 0, inf_count: 0 };
  return { from_step, to_step, min_time, max_time, count, ...none, min, max, mean: sum / count };
}

/** As it comes from SQL: its mean is not known yet. */
interface Summed extends Stretch {
  plain: number | null;
  huge: number | null;
  /** Of points: how many are −0. */
  minus_count?: number;
}

/** A power of two, so that multiplying by it is exact for the huge values it is for. */
const SCALE = 2 ** -64;

/** Sums of any number of values within it do not overflow. */
const PLAIN_MAX = 1e290;

function isPlainSql(value: string): string {
  return `${value} between -${PLAIN_MAX} and ${PLAIN_MAX}`;
}

/**
 * Sums of huge values overflow, though their mean does not, so these are summed apart and scaled. Only these: PostgreSQL
 * refuses a product that overflows, and one that vanishes, too.
 */
function sums(value: string, weight: string, isFinite: string): string {
  const plain = isPlainSql(value);
  return `sum(case when ${isFinite}${plain} then ${value}${weight} end) as plain,
    ${exactSum(`case when ${isFinite}not (${plain}) then ${value} * ${SCALE}${weight} end`)} as huge`;
}

const OF_POINTS =
  'from points where run_seq = ? and no = ? and (step, timestamp) >= (?, ?) and (step, timestamp) <= (?, ?)';
const OF_ROLLUPS = `from rollups where run_seq = ? and no = ? and level = ?
  and (from_step, from_time) >= (?, ?) and (from_step, from_time) <= (?, ?)`;

/** The columns of a `PlainRow`. */
const PLAIN = `min(step), max(step), min(timestamp), max(timestamp), count(*),
  sum(case when kind <> 0 then 1 else 0 end), min(value), max(value), sum(case when ${isPlainSql('value')} then value end)`;
const PLAIN_POINTS = `select ${PLAIN} ${OF_POINTS}`;
const PLAIN_ROLLUPS = `select min(from_step), max(to_step), min(min_time), max(max_time), sum(count),
  sum(nonfinite_count), min(min), max(max), sum(case when ${isPlainSql('mean')} then mean * count end) ${OF_ROLLUPS}`;

const SUMMED_POINTS = `select min(step) as from_step, max(step) as to_step, min(timestamp) as min_time, max(timestamp) as max_time,
  count(*) as count, sum(case when ${FINITE} then 0 else 1 end) as nonfinite_count, sum(case when kind = 1 then 1 else 0 end) as nan_count,
  sum(case when kind <> 1 and value > 1.7976931348623157e308 then 1 else 0 end) as inf_count,
  sum(case when kind = ${Kind.NegativeZero} then 1 else 0 end) as minus_count,
  min(case when ${FINITE} then value end) as min, max(case when ${FINITE} then value end) as max,
  ${sums('value', '', `${FINITE} and `)}
  ${OF_POINTS}`;

const SUMMED_ROLLUPS = `select min(from_step) as from_step, max(to_step) as to_step, min(min_time) as min_time, max(max_time) as max_time,
  sum(count) as count, sum(nonfinite_count) as nonfinite_count, sum(nan_count) as nan_count, sum(inf_count) as inf_count,
  min(min) as min, max(max) as max, ${sums('mean', ' * (count - nonfinite_count)', '')}
  ${OF_ROLLUPS}`;

function meanOf(finite: number, plain: number | null, huge: number | null): number | null {
  if (finite === 0) return null;
  return huge === null ? (plain ?? 0) / finite : (huge + (plain ?? 0) * SCALE) / finite / SCALE;
}
