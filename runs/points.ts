// runs/points.ts
// Purpose: the one place that knows how points are stored: append, scan a range, curve buckets, recount.
// Why: rows can become compressed chunks or get roll-ups later without a caller noticing.
// Relevant files: runs/models.ts, runs/ingest.ts, runs/values.ts, exports/writers.ts

import type { Db } from '../shared/db/store.ts';
import type { Point } from './summary.ts';
import { fromStored, toStored } from './values.ts';

/** Where a series is kept: its run's internal number, and the metric's number within the run. */
export interface SeriesId {
  run_seq: number;
  no: number;
}

export interface SeriesPoint extends Point, SeriesId {}

const COLUMNS = '(run_seq, no, step, timestamp, value, kind)';
/** Rows in one prepared insert: beyond about 100 nothing is gained. */
const CHUNK = 100;

/** Stores points that are known to be new: their step lies beyond all of their series. */
export async function appendNew(tx: Db, points: SeriesPoint[]): Promise<void> {
  for (const chunk of chunks(points, CHUNK)) {
    await tx.execute(`insert into points ${COLUMNS} values ${rowMarks(chunk.length)}`, chunk.flatMap(toValues));
  }
}

/** Stores points of which some may be there already; returns the ones that were not. */
export async function appendDistinct(tx: Db, points: SeriesPoint[]): Promise<SeriesPoint[]> {
  const added: SeriesPoint[] = [];
  for (const chunk of chunks(points, CHUNK)) {
    const { rows } = await tx.execute<StoredPoint>(
      `insert into points ${COLUMNS} values ${rowMarks(chunk.length)} on conflict do nothing returning *`,
      chunk.flatMap(toValues),
    );
    for (const row of rows) added.push({ run_seq: row.run_seq, no: row.no, ...toPoint(row) });
  }
  return added;
}

interface StoredPoint extends SeriesId {
  step: number;
  timestamp: number;
  value: number;
  kind: number;
}

function toValues({ run_seq, no, step, timestamp, value }: SeriesPoint): number[] {
  const stored = toStored(value);
  return [run_seq, no, step, timestamp, stored.value, stored.kind];
}

function toPoint({ step, timestamp, value, kind }: StoredPoint): Point {
  return { step, timestamp, value: fromStored(value, kind) };
}

function rowMarks(count: number): string {
  return Array(count).fill('(?,?,?,?,?,?)').join(',');
}

function* chunks<T>(items: T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** Place of a point in its series: the order of the primary key. */
export type PointPlace = [step: number, timestamp: number, value: number, kind: number];

/** Up to `limit` points after `after`, by step, timestamp, value. `next`: the place to go on from, null at the end. */
export async function scanPoints(
  db: Db,
  { run_seq, no }: SeriesId,
  limit: number,
  after: PointPlace | null = null,
): Promise<{ points: Point[]; next: PointPlace | null }> {
  const beyond = after ? 'and (step, timestamp, value, kind) > (?,?,?,?)' : '';
  const { rows } = await db.execute<StoredPoint>(
    `select * from points where run_seq = ? and no = ? ${beyond} order by step, timestamp, value, kind limit ?`,
    [run_seq, no, ...(after ?? []), limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next: PointPlace | null =
    last && rows.length > limit ? [last.step, last.timestamp, last.value, last.kind] : null;
  return { points: page.map(toPoint), next };
}

/** All points of a series in pages, for exports: memory is bounded by the page. */
export async function* allPoints(db: Db, series: SeriesId, pageSize = 5_000): AsyncGenerator<Point[]> {
  let after: PointPlace | null = null;
  do {
    const { points, next }: { points: Point[]; next: PointPlace | null } = await scanPoints(
      db,
      series,
      pageSize,
      after,
    );
    if (points.length > 0) yield points;
    after = next;
  } while (after);
}

/** What a chart draws of a stretch of steps. Values are finite; non-finite ones are only counted. */
export interface Bucket {
  /** The first and last step with a point in it. */
  from_step: number;
  to_step: number;
  /** ms since the epoch, of the first and last point */
  from_time: number;
  to_time: number;
  count: number;
  nonfinite_count: number;
  /** Of the non-finite ones: NaN, and +Infinity; the rest is −Infinity. */
  nan_count: number;
  inf_count: number;
  /** null when the bucket holds no finite value. */
  min: number | null;
  max: number | null;
  mean: number | null;
}

/**
 * The series as at most `wanted` stretches of equal length in steps, extremes kept; one of at most `wanted` points step
 * by step. Empty stretches are left out.
 */
export async function bucketsOf(
  db: Db,
  { run_seq, no, count }: SeriesId & { count: number },
  range: { from: number; to: number },
  wanted: number,
): Promise<Bucket[]> {
  // In floating point, so that steps up to ±2^53 do not overflow 64 bits when multiplied.
  const width = Math.max(1, (range.to - range.from + 1) / wanted);
  const isShort = count <= wanted;
  const groups = isShort ? 'group by step' : 'group by cast((step - ?) / ? as integer)';
  const read = async (more = '', scale: number[] = []): Promise<(Bucket & { scaled?: number })[]> => {
    const values = [...scale, run_seq, no, range.from, range.to, ...(isShort ? [] : [range.from, width])];
    return (await db.execute<Bucket>(`select ${BUCKET}${more} ${IN_RANGE} ${groups} order by from_step`, values)).rows;
  };
  let rows = await read();
  if (rows.some(isHuge)) rows = await read(`, avg(${FINITE_VALUE} * ?) as scaled`, [SCALE]);
  return rows.map(({ scaled, ...bucket }) => ({ ...bucket, mean: meanOf(bucket, scaled) }));
}

/** A power of two, so that multiplying by it is exact for the huge values it is for. */
const SCALE = 2 ** -64;

/** Sums of such values overflow, though their mean does not. */
function isHuge({ min, max }: Bucket): boolean {
  return Math.max(-(min ?? 0), max ?? 0) > 1e300;
}

/** Rounding must not carry a mean beyond what it is the mean of. */
function meanOf(bucket: Bucket, scaled: number | undefined): number | null {
  const { min, max } = bucket;
  const mean = isHuge(bucket) && scaled !== undefined ? scaled / SCALE : bucket.mean;
  return mean === null || min === null || max === null ? null : Math.min(max, Math.max(min, mean));
}

/** Finite values ≤ 0 in a stretch of steps: what a log scale cannot show. */
export async function countNonPositive(
  db: Db,
  { run_seq, no }: SeriesId,
  range: { from: number; to: number },
): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    `select count(*) as n from points where run_seq = ? and no = ? and step between ? and ? and value <= 0 and ${FINITE}`,
    [run_seq, no, range.from, range.to],
  );
  return rows[0]?.n ?? 0;
}

const FINITE = '(kind <> 1 and value between -1.7976931348623157e308 and 1.7976931348623157e308)';

const FINITE_VALUE = `(case when ${FINITE} then value end)`;

const BUCKET = `min(step) as from_step, max(step) as to_step, min(timestamp) as from_time,
  max(timestamp) as to_time, count(*) as count, sum(not ${FINITE}) as nonfinite_count, sum(kind = 1) as nan_count,
  sum(kind <> 1 and value > 1.7976931348623157e308) as inf_count,
  min(${FINITE_VALUE}) as min, max(${FINITE_VALUE}) as max, avg(${FINITE_VALUE}) as mean`;

const IN_RANGE = 'from points where run_seq = ? and no = ? and step between ? and ?';
