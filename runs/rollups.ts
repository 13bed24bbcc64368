// runs/rollups.ts
// Purpose: roll-ups of a long series: chunks of its points on three levels, kept right while points arrive, late ones too.
// Why: 320 buckets of a series of any length read a bounded number of rows; ingest pays for them once in a thousand points.
// Relevant files: runs/chunks.ts, runs/buckets.ts, runs/series-state.ts, runs/points.ts, ARCHITECTURE.md

import type { Db } from '../shared/db/store.ts';
import {
  CHUNK_POINTS,
  FAN_OUT,
  comparePlaces,
  endOf,
  grouped,
  mergeChunks,
  pushPoint,
  startOf,
  type Chunk,
  type Place,
} from './chunks.ts';
import { pointsBetween, type SeriesId } from './points.ts';
import type { Point } from './summary.ts';

export const LEVELS = 3;

/** What of a series is in roll-ups: its first `count` points, up to and with the place `to`. */
export interface Rolled {
  count: number;
  /** null: nothing is. */
  to: Place | null;
}

/** As many points without a roll-up make new chunks: four of level 2 at once, since what is touched less often costs fewer pages on disk. */
export const ROLL_AT = 4 * CHUNK_POINTS * FAN_OUT;
/** Points read back at once where the chunks of the tail are not known; the rest waits for the next batch. */
const TAIL_MAX = 65_536;

const FIRST: Place = { step: -Infinity, timestamp: 0 };

/** The chunks of the points beyond `rolled`, as far as they are read back at once; `whole`: these were all. */
export async function readTail(db: Db, series: SeriesId, rolled: Rolled): Promise<{ chunks: Chunk[]; whole: boolean }> {
  const points = await pointsBetween(db, series, { after: rolled.to }, TAIL_MAX);
  const chunks: Chunk[] = [];
  for (const point of points) pushPoint(chunks, point);
  return { chunks, whole: points.length < TAIL_MAX };
}

/** Writes the full ones of the tail's chunks; takes them out of `chunks` and returns what is rolled up then. */
export async function rollUp(tx: Db, series: SeriesId, rolled: Rolled, chunks: Chunk[]): Promise<Rolled> {
  let { count, to } = rolled;
  // The last chunk is still open.
  while (chunks.length > FAN_OUT) {
    const full = chunks.splice(0, FAN_OUT);
    const above = mergeChunks(full);
    await insertChunks(tx, series, 1, full);
    await insertChunks(tx, series, 2, [above]);
    count += above.count;
    to = endOf(above);
  }
  while (count >= CHUNK_POINTS * FAN_OUT ** 2 && (await closeLevel3(tx, series)));
  return { count, to };
}

/** Takes away the roll-ups of all that lies at or beyond a step; returns what is rolled up then. */
export async function cutRollups(tx: Db, series: SeriesId, step: number): Promise<Rolled> {
  const left = await chunksAt(tx, series, 2, 'and to_step < ? order by from_step, from_time', [step]);
  const last = left.at(-1);
  const to = last ? endOf(last) : null;
  await tx.execute('delete from rollups where run_seq = ? and no = ? and (to_step, to_time) > (?, ?)', [
    series.run_seq,
    series.no,
    ...finite(to ?? FIRST),
  ]);
  return { count: left.reduce((sum, { count }) => sum + count, 0), to };
}

/** Whether there was one to close. */
async function closeLevel3(tx: Db, series: SeriesId): Promise<boolean> {
  const [last] = await chunksAt(tx, series, 3, 'order by from_step desc, from_time desc limit 1');
  const end = last ? endOf(last) : FIRST;
  const open = await chunksAt(tx, series, 2, `${AFTER} ${IN_ORDER} limit ${FAN_OUT + 1}`, finite(end));
  // Not at once: the newest chunk may still get neighbours that came late.
  if (open.length <= FAN_OUT) return false;
  await insertChunks(tx, series, 3, [mergeChunks(open.slice(0, FAN_OUT))]);
  return true;
}

/** Brings the roll-ups up to date with points that were stored at or before `rolled.to`. */
export async function repair(tx: Db, series: SeriesId, rolled: Rolled, late: Point[]): Promise<Rolled> {
  if (!rolled.to) return rolled;
  let places: Place[] = late;
  for (let level = 1; level <= LEVELS; level++) {
    const end = level === LEVELS ? await endOfLevel(tx, series, LEVELS) : rolled.to;
    if (!end) break;
    places = await repairLevel(tx, series, level, places, end);
  }
  return { count: rolled.count + late.length, to: rolled.to };
}

/** Makes the chunks anew in which `places` lie; returns where the new ones begin. Beyond `end` there are none yet. */
async function repairLevel(tx: Db, series: SeriesId, level: number, places: Place[], end: Place): Promise<Place[]> {
  const begins: Place[] = [];
  const left = places.filter((place) => comparePlaces(place, end) <= 0).sort(comparePlaces);
  while (left[0]) {
    const { old, from, until } = await stretchAround(tx, series, level, left[0], end);
    const chunks = await regrouped(tx, series, level, from, until);
    if (old) await deleteChunk(tx, series, level, old);
    await insertChunks(tx, series, level, chunks);
    begins.push(...chunks.map(startOf));
    const next = left.findIndex((place) => comparePlaces(place, until) > 0);
    left.splice(0, next < 0 ? left.length : next);
  }
  return begins;
}

/** The chunk a place belongs to, and the places that are its own: up to the next chunk. The first one also takes what comes before it. */
async function stretchAround(
  db: Db,
  series: SeriesId,
  level: number,
  place: Place,
  end: Place,
): Promise<{ old: Chunk | undefined; from: Place; until: Place }> {
  const chunkAfter = async (at: Place): Promise<Chunk | undefined> =>
    (await chunksAt(db, series, level, `${AFTER} ${IN_ORDER} limit 1`, finite(at)))[0];
  const [above] = await chunksAt(db, series, level, `${UP_TO} ${IN_REVERSE} limit 1`, finite(place));
  const old = above ?? (await chunkAfter(place));
  const next = old && (await chunkAfter(startOf(old)));
  return { old, from: above ? startOf(above) : place, until: next ? before(startOf(next)) : end };
}

/** The chunks that a stretch should have: of level 1 from its points, of a higher level from those of the level below. */
async function regrouped(db: Db, series: SeriesId, level: number, from: Place, until: Place): Promise<Chunk[]> {
  if (level > 1) {
    const between = `and (from_step, from_time) >= (?, ?) and (from_step, from_time) <= (?, ?) ${IN_ORDER}`;
    const below = await chunksAt(db, series, level - 1, between, [...finite(from), ...finite(until)]);
    return grouped(below).map(mergeChunks);
  }
  const points = await pointsBetween(db, series, { from, until });
  const chunks: Chunk[] = [];
  for (const point of points) pushPoint(chunks, point);
  return points.length <= 2 * CHUNK_POINTS ? [mergeChunks(chunks)] : chunks;
}

async function endOfLevel(db: Db, series: SeriesId, level: number): Promise<Place | null> {
  const [last] = await chunksAt(db, series, level, `${IN_REVERSE} limit 1`);
  return last ? endOf(last) : null;
}

const UP_TO = 'and (from_step, from_time) <= (?, ?)';
const AFTER = 'and (from_step, from_time) > (?, ?)';
const IN_ORDER = 'order by from_step, from_time';
const IN_REVERSE = 'order by from_step desc, from_time desc';

/** Chunks of one level; `more`: conditions, order and limit in SQL. */
export async function chunksAt(
  db: Db,
  { run_seq, no }: SeriesId,
  level: number,
  more: string,
  values: readonly unknown[] = [],
): Promise<Chunk[]> {
  const sql = `select ${COLUMNS} from rollups where run_seq = ? and no = ? and level = ? ${more}`;
  return (await db.execute<Chunk>(sql, [run_seq, no, level, ...values])).rows;
}

/** Where a chunk begins, and how many points it has. */
export type ChunkStart = [step: number, timestamp: number, count: number];

/** Of all chunks of level 1, in order. */
export function chunkStarts(db: Db, { run_seq, no }: SeriesId): Promise<ChunkStart[]> {
  return db.arrays<ChunkStart>(
    `select from_step, from_time, count from rollups where run_seq = ? and no = ? and level = 1 ${IN_ORDER}`,
    [run_seq, no],
  );
}

const NAMES = [
  'from_step', 'from_time', 'to_step', 'to_time', 'min_time', 'max_time',
  'count', 'nonfinite_count', 'nan_count', 'inf_count', 'min', 'max', 'mean',
] as const satisfies (keyof Chunk)[]; // prettier-ignore
const COLUMNS = NAMES.map((name) => `"${name}"`).join(', ');
const ROW = `(?, ?, ?, ${NAMES.map(() => '?').join(', ')})`;

async function insertChunks(tx: Db, { run_seq, no }: SeriesId, level: number, chunks: Chunk[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += FAN_OUT) {
    const some = chunks.slice(start, start + FAN_OUT);
    const values = some.flatMap((chunk) => [run_seq, no, level, ...NAMES.map((name) => chunk[name])]);
    const rows = some.map(() => ROW).join(', ');
    await tx.send(`insert into rollups (run_seq, no, level, ${COLUMNS}) values ${rows}`, values);
  }
}

async function deleteChunk(tx: Db, { run_seq, no }: SeriesId, level: number, chunk: Chunk): Promise<void> {
  await tx.send('delete from rollups where run_seq = ? and no = ? and level = ? and from_step = ? and from_time = ?', [
    run_seq,
    no,
    level,
    chunk.from_step,
    chunk.from_time,
  ]);
}

/** The last place before `place`: times are whole milliseconds. */
function before({ step, timestamp }: Place): Place {
  return { step, timestamp: timestamp - 1 };
}

function finite({ step, timestamp }: Place): [number, number] {
  return [Math.max(step, Number.MIN_SAFE_INTEGER), timestamp];
}
