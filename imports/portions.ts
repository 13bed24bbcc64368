// imports/portions.ts
// Purpose: a run's points in portions for one transaction each, and when the run was last heard of.
// Why: a server on the same database waits for each transaction: most runs are one, a huge one is several short ones.
// Relevant files: imports/write-run.ts, imports/records.ts

import type { SourcePoint, SourceRun } from './records.ts';

/** About a quarter of a second of writing. */
const PORTION_POINTS = 50_000;

export interface Portion {
  points: SourcePoint[];
  isFirst: boolean;
  isLast: boolean;
}

/** At least one portion, also of a run without points. Each is read before its transaction begins. */
export async function* portionsOf(run: SourceRun): AsyncGenerator<Portion> {
  let points: SourcePoint[] = [];
  let isFirst = true;
  for await (const batch of run.points()) {
    if (points.length > 0 && points.length + batch.length > PORTION_POINTS) {
      yield { points, isFirst, isLast: false };
      points = [];
      isFirst = false;
    }
    points.push(...batch);
  }
  yield { points, isFirst, isLast: true };
}

/** ms since the epoch: the end, else the latest of start and points, as far as that is not in the future. */
export function lastHeard(
  { start_time, end_time }: Pick<SourceRun, 'start_time' | 'end_time'>,
  points: SourcePoint[],
  now: number,
  soFar: number | null,
): number {
  if (end_time !== null) return end_time;
  let latest = soFar ?? start_time ?? -Infinity;
  for (const { timestamp } of points) if (timestamp > latest && timestamp <= now) latest = timestamp;
  return Number.isFinite(latest) ? latest : now;
}
