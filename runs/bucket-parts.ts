// runs/bucket-parts.ts
// Purpose: what of a series is read for its buckets: roll-ups of which level from where to where, and points at the edges.
// Why: each question to the database takes a tenth of what the answer does; of a hundred lines only those are asked whose answer is not known.
// Relevant files: runs/buckets.ts, runs/rollups.ts, runs/chunks.ts

import type { Db } from '../shared/db/store.ts';
import { CHUNK_POINTS, comparePlaces, endOf, FAN_OUT, startOf, type Place } from './chunks.ts';
import type { SeriesId } from './points.ts';
import { chunksAt, LEVELS } from './rollups.ts';

/** A series: how many points it has, from where to where, and how many of them are in roll-ups, up to which place. */
export interface CountedSeries extends SeriesId {
  count: number;
  first_step: number;
  last_step: number;
  rolled_count: number;
  rolled_step: number | null;
  rolled_time: number | null;
}

/** Chunks of a level that begin between two places; level 0: points. */
export interface Part {
  level: number;
  from: Place;
  until: Place;
}

/** Timestamps before and after all that are accepted, ms. */
const NEVER = { from: -9e15, to: 9e15 };

/** In the order of steps, together all of a range. */
export async function partsFor(
  db: Db,
  series: CountedSeries,
  range: { from: number; to: number },
  wanted: number,
): Promise<Part[]> {
  const level = await levelFor(db, series, range, wanted);
  const from = { step: range.from, timestamp: NEVER.from };
  const until = { step: range.to, timestamp: NEVER.to };
  return partsOf(db, series, level, { from, until, startsWhole: range.from <= series.first_step, endsWhole: false });
}

/** The coarsest level that has at least `wanted` chunks in range; 0 stands for the points themselves. */
async function levelFor(
  db: Db,
  series: CountedSeries,
  range: { from: number; to: number },
  wanted: number,
): Promise<number> {
  for (let level = LEVELS; level > 0; level--) {
    // Late points split chunks, so that there may be more than this says; rarely twice as many.
    if (2 * series.rolled_count < wanted * CHUNK_POINTS * FAN_OUT ** (level - 1)) continue;
    const { rows } = await db.execute<{ n: number }>(
      `select count(*) as n from (select 1 from rollups where run_seq = ? and no = ? and level = ?
        and from_step between ? and ? limit ?) few`,
      [series.run_seq, series.no, level, range.from, range.to, wanted],
    );
    if ((rows[0]?.n ?? 0) >= wanted) return level;
  }
  return 0;
}

/** A stretch of places; whether a chunk of this level, and so of all below, begins with it, and ends with it. */
interface Span {
  from: Place;
  until: Place;
  startsWhole: boolean;
  endsWhole: boolean;
}

/** The chunks of `level` that lie wholly in a stretch, and at both edges what the levels below have. */
async function partsOf(db: Db, series: CountedSeries, level: number, span: Span): Promise<Part[]> {
  if (comparePlaces(span.from, span.until) > 0) return [];
  if (level === 0) return [{ level, from: span.from, until: span.until }];
  const from = span.startsWhole ? span.from : await firstStart(db, series, level, span);
  const until = span.endsWhole ? span.until : await lastEnd(db, series, level, span);
  if (!from || !until || comparePlaces(from, until) > 0) return partsOf(db, series, level - 1, span);
  const before = { ...span, until: { step: from.step, timestamp: from.timestamp - 1 }, endsWhole: true };
  const after = { ...span, from: { step: until.step, timestamp: until.timestamp + 1 }, startsWhole: true };
  return [
    ...(span.startsWhole ? [] : await partsOf(db, series, level - 1, before)),
    { level, from, until },
    // Beyond what is rolled up no level has anything.
    ...(span.endsWhole ? [] : await partsOf(db, series, isRolledEnd(series, until) ? 0 : level - 1, after)),
  ];
}

const INSIDE = 'and (from_step, from_time) >= (?, ?) and (from_step, from_time) <= (?, ?)';

function boundsOf({ from, until }: Span): number[] {
  return [from.step, from.timestamp, until.step, until.timestamp];
}

async function firstStart(db: Db, series: SeriesId, level: number, span: Span): Promise<Place | null> {
  const more = `${INSIDE} order by from_step, from_time limit 1`;
  const [first] = await chunksAt(db, series, level, more, boundsOf(span));
  return first ? startOf(first) : null;
}

/** The levels below the coarsest are closed together, so that both end where what is rolled up does. */
async function lastEnd(db: Db, series: CountedSeries, level: number, span: Span): Promise<Place | null> {
  const { rolled_step: step, rolled_time: timestamp, last_step: last } = series;
  if (level < LEVELS && span.until.step >= last && step !== null && timestamp !== null) return { step, timestamp };
  const more = `${INSIDE} order by from_step desc, from_time desc limit 2`;
  const ends = await chunksAt(db, series, level, more, boundsOf(span));
  // Only the very last one can reach beyond.
  const end = ends.find((chunk) => comparePlaces(endOf(chunk), span.until) <= 0);
  return end ? endOf(end) : null;
}

function isRolledEnd({ rolled_step: step, rolled_time: time }: CountedSeries, place: Place): boolean {
  return place.step === step && place.timestamp === time;
}
