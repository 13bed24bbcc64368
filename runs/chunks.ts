// runs/chunks.ts
// Purpose: chunks: what consecutive points of a series sum up to, and how points and chunks are put into chunks.
// Why: plain arithmetic, apart from the tables: a long curve is drawn from a few thousand of these, whatever its length.
// Relevant files: runs/rollups.ts, runs/buckets.ts, runs/summary.ts

import type { Point } from './summary.ts';

/** A place in a series: by step, then timestamp (ms). Points of one place are never in different chunks. */
export interface Place {
  step: number;
  timestamp: number;
}

/** What a stretch of points sums up to. */
export interface Sums {
  count: number;
  nonfinite_count: number;
  /** Of the non-finite ones: NaN, and +Infinity; the rest is −Infinity. */
  nan_count: number;
  inf_count: number;
  /** Over finite values; null when there is none. */
  min: number | null;
  max: number | null;
  mean: number | null;
}

/** Sums, and where the points lie. */
export interface Stretch extends Sums {
  /** Of the first and last point. */
  from_step: number;
  to_step: number;
  /** Earliest and latest timestamp: a resumed run may log earlier steps later. */
  min_time: number;
  max_time: number;
}

/** Column names of the table `rollups`, without the series and the level: with its first step and last step, the places of its ends. */
export interface Chunk extends Stretch {
  from_time: number;
  to_time: number;
}

/** Points in a chunk of level 1, and chunks in one of the next level; more where points share a place or came late. */
export const CHUNK_POINTS = 64;
export const FAN_OUT = 16;

/** Puts a point at or beyond the end of `chunks` into the last of them, or into a new one when that is full. */
export function pushPoint(chunks: Chunk[], point: Point): void {
  const last = chunks.at(-1);
  if (!last || (last.count >= CHUNK_POINTS && comparePlaces(point, endOf(last)) > 0)) chunks.push(chunkOf(point));
  else growChunk(last, point);
}

/** A chunk of one point. */
export function chunkOf({ step, timestamp, value }: Point): Chunk {
  const chunk: Chunk = {
    from_step: step,
    from_time: timestamp,
    to_step: step,
    to_time: timestamp,
    min_time: timestamp,
    max_time: timestamp,
    count: 0,
    nonfinite_count: 0,
    nan_count: 0,
    inf_count: 0,
    min: null,
    max: null,
    mean: null,
  };
  growChunk(chunk, { step, timestamp, value });
  return chunk;
}

/** Puts a point at or beyond its end into a chunk, in place. */
export function growChunk(chunk: Chunk, point: Point): void {
  const { step, timestamp, value } = point;
  chunk.count += 1;
  chunk.to_step = step;
  chunk.to_time = timestamp;
  if (timestamp < chunk.min_time) chunk.min_time = timestamp;
  if (timestamp > chunk.max_time) chunk.max_time = timestamp;
  if (Number.isFinite(value)) {
    const n = chunk.count - chunk.nonfinite_count;
    const mean = chunk.mean ?? 0;
    chunk.mean = mean + (value / n - mean / n);
    if (chunk.min === null || value < chunk.min) chunk.min = value + 0;
    if (chunk.max === null || value > chunk.max) chunk.max = value + 0;
  } else {
    chunk.nonfinite_count += 1;
    if (Number.isNaN(value)) chunk.nan_count += 1;
    else if (value > 0) chunk.inf_count += 1;
  }
}

/** Consecutive chunks as one. */
export function mergeChunks(chunks: Chunk[]): Chunk {
  const [first, ...others] = chunks;
  if (!first) throw new Error('Nothing to merge.');
  const merged = { ...first };
  for (const other of others) absorb(merged, other);
  merged.to_time = others.at(-1)?.to_time ?? first.to_time;
  return merged;
}

/** Puts what follows a stretch into it, in place. */
export function absorb(into: Stretch, other: Stretch): void {
  const [here, there] = [into.count - into.nonfinite_count, other.count - other.nonfinite_count];
  // Weighted before adding, so that means near ±1e308 do not overflow.
  into.mean = weighted(into.mean, here / (here + there), other.mean, there / (here + there));
  into.min = extreme(Math.min, into.min, other.min);
  into.max = extreme(Math.max, into.max, other.max);
  into.to_step = other.to_step;
  into.min_time = Math.min(into.min_time, other.min_time);
  into.max_time = Math.max(into.max_time, other.max_time);
  into.count += other.count;
  into.nonfinite_count += other.nonfinite_count;
  into.nan_count += other.nan_count;
  into.inf_count += other.inf_count;
}

function weighted(a: number | null, ofA: number, b: number | null, ofB: number): number | null {
  if (a === null || b === null) return a ?? b;
  return a * ofA + b * ofB;
}

function extreme(best: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : best(a, b);
}

/** Consecutive chunks in groups of `FAN_OUT`, the last one larger or smaller; as few as up to twice that stay together. */
export function grouped(chunks: Chunk[]): Chunk[][] {
  if (chunks.length <= 2 * FAN_OUT) return [chunks];
  const groups: Chunk[][] = [];
  for (let start = 0; start < chunks.length; start += FAN_OUT) groups.push(chunks.slice(start, start + FAN_OUT));
  return groups;
}

export function startOf({ from_step, from_time }: Chunk): Place {
  return { step: from_step, timestamp: from_time };
}

export function endOf({ to_step, to_time }: Chunk): Place {
  return { step: to_step, timestamp: to_time };
}

export function comparePlaces(a: Place, b: Place): number {
  return a.step - b.step || a.timestamp - b.timestamp;
}
