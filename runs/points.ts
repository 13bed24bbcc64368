// runs/points.ts
// Purpose: the one place that knows how points are stored: append, scan a range, count.
// Why: rows can become compressed chunks later without a caller noticing; curves come from runs/buckets.ts.
// Relevant files: runs/models.ts, runs/ingest.ts, runs/point-rows.ts, runs/values.ts, runs/rollups.ts, exports/writers.ts

import type { Db } from '../shared/db/store.ts';
import type { Place } from './chunks.ts';
import { insertsOf, POINTS_OF_MANY, storedRows, type SeriesPoints } from './point-rows.ts';
import type { Point } from './summary.ts';
import { fromStored } from './values.ts';

/** Where a series is kept: its run's internal number, and the metric's number within the run. */
export interface SeriesId {
  run_seq: number;
  no: number;
}

/** Stores points that are known to be new: their places lie beyond all of their series, and differ. */
export async function appendNew(tx: Db, runSeq: number, series: SeriesPoints[]): Promise<void> {
  const count = series.reduce((sum, { points }) => sum + points.length, 0);
  if (tx.beside?.gathered?.take(POINTS_OF_MANY, count, () => storedRows(runSeq, series))) return;
  for (const { sql, values } of insertsOf(runSeq, series, '')) await tx.send(sql, values);
}

/** The same where it can be done without waiting (SQLite). */
export function appendAtOnce({ atOnce }: Pick<Required<Db>, 'atOnce'>, runSeq: number, series: SeriesPoints[]): void {
  for (const { sql, values } of insertsOf(runSeq, series, '')) atOnce(sql, values);
}

/** Stores points of which some may be there already; returns the ones that were not, by series. */
export async function appendDistinct(tx: Db, runSeq: number, series: SeriesPoints[]): Promise<Map<number, Point[]>> {
  const added = new Map<number, Point[]>();
  for (const { sql, values } of insertsOf(runSeq, series, 'on conflict do nothing returning *')) {
    for (const row of (await tx.execute<StoredPoint>(sql, values)).rows) {
      const points = added.get(row.no);
      if (points) points.push(toPoint(row));
      else added.set(row.no, [toPoint(row)]);
    }
  }
  return added;
}

interface StoredPoint extends SeriesId {
  step: number;
  timestamp: number;
  value: number;
  kind: number;
}

function toPoint({ step, timestamp, value, kind }: StoredPoint): Point {
  return { step, timestamp, value: fromStored(value, kind) };
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

/** All points of a series in pages as they are stored, for exports: memory is bounded by the page. */
export async function* pointRows(db: Db, { run_seq, no }: SeriesId, pageSize: number): AsyncGenerator<PointPlace[]> {
  let after: PointPlace | [] = [];
  for (;;) {
    const beyond = after.length > 0 ? 'and (step, timestamp, value, kind) > (?,?,?,?)' : '';
    const page: PointPlace[] = await db.arrays<PointPlace>(
      `select step, timestamp, value, kind from points where run_seq = ? and no = ? ${beyond}
       order by step, timestamp, value, kind limit ?`,
      [run_seq, no, ...after, pageSize],
    );
    const last = page.at(-1);
    if (!last) return;
    yield page;
    if (page.length < pageSize) return;
    after = last;
  }
}

/** The same as points. */
export async function* allPoints(db: Db, series: SeriesId, pageSize = 5_000): AsyncGenerator<Point[]> {
  for await (const page of pointRows(db, series, pageSize))
    yield page.map(([step, timestamp, value, kind]) => ({ step, timestamp, value: fromStored(value, kind) }));
}

/** A stretch of a series; a bound that is left out or null is none. */
export interface Stretch {
  after?: Place | null;
  from?: Place;
  until?: Place;
}

/** The points of a stretch, at most `limit`, in order of step, timestamp, value. */
export async function pointsBetween(
  db: Db,
  { run_seq, no }: SeriesId,
  { after, from, until }: Stretch,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<Point[]> {
  const bounds: [string, Place | null | undefined][] = [['>', after], ['>=', from], ['<=', until]]; // prettier-ignore
  let where = '';
  const values = [run_seq, no];
  for (const [sign, place] of bounds) {
    if (!place) continue;
    where += ` and (step, timestamp) ${sign} (?, ?)`;
    values.push(place.step, place.timestamp);
  }
  const { rows } = await db.execute<StoredPoint>(
    `select * from points where run_seq = ? and no = ?${where} order by step, timestamp, value, kind limit ?`,
    [...values, limit],
  );
  return rows.map(toPoint);
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

/** SQL: the stored value is neither NaN nor ±Infinity. */
export const FINITE = '(kind <> 1 and value between -1.7976931348623157e308 and 1.7976931348623157e308)';
