// runs/ingest-points.ts
// Purpose: the points of a batch: checked, told apart into new, late and repeated, stored, summed up, rolled up.
// Why: the hottest path there is; apart from the rest of a batch, so that each step of it can be read.
// Relevant files: runs/ingest.ts, runs/check-point.ts, runs/points.ts, runs/series-state.ts, runs/rollups.ts

import { addMetricKeys } from '../experiments/touch-changes.ts';
import type { Db } from '../shared/db/store.ts';
import { NOTHING_ASIDE, setAside } from './attempts/superseding-changes.ts';
import { checkPoint } from './check-point.ts';
import { comparePlaces, pushPoint, type Chunk } from './chunks.ts';
import type { LoggedRun } from './models.ts';
import { appendDistinct, appendNew } from './points.ts';
import type { SeriesPoints } from './point-rows.ts';
import { readTail, repair, ROLL_AT, rollUp } from './rollups.ts';
import type { LogBody, Receipt } from './schemas.ts';
import { addSeries, statesOf, type NewSeries } from './series-state.ts';
import { writeStates, type SeriesState } from './series-rows.ts';
import { growSummary, startSummary, type Point } from './summary.ts';

/** What became of a batch's points. `grown`: so many more points has the run in sight; fewer where it was restarted. */
export type PointsReceipt = Receipt & { grown: number };

/**
 * Stores the points of a batch; what cannot be one is rejected with its place and reason. `attempt`: the id of the
 * attempt that they are of, else the latest.
 */
export async function logPoints(
  tx: Db,
  run: LoggedRun,
  raw: LogBody['metrics'],
  now: number,
  attempt?: string,
): Promise<PointsReceipt> {
  const rejected: Receipt['rejected'] = [];
  const series = new Map<string, Point[]>();
  let points: Point[] | undefined;
  let key: string | undefined;
  raw.forEach((item, index) => {
    const checked = checkPoint(item, now);
    if ('reason' in checked) {
      const { field, reason } = checked;
      return rejected.push({ field: 'metrics', index, key: item.key, path: `metrics[${index}].${field}`, reason });
    }
    if (item.key !== key || !points) points = series.get((key = item.key));
    return points ? points.push(checked) : series.set(item.key, (points = [checked]));
  });
  return { ...(await storeChecked(tx, run, series, raw.length - rejected.length, attempt)), rejected };
}

/** Points that are checked, `count` in all, by key in the order in which they came. */
export async function storeChecked(
  tx: Db,
  run: LoggedRun,
  series: Map<string, Point[]>,
  count: number,
  attempt?: string,
): Promise<PointsReceipt> {
  const aside = run.attempts > 1 ? await setAside(tx, run, series, attempt) : NOTHING_ASIDE;
  const stored = series.size > 0 ? await storeSeries(tx, run, series) : 0;
  const accepted = stored + aside.stored;
  return { accepted, duplicates: count - accepted, rejected: [], grown: stored - aside.moved };
}

/** Stores the points of each key and brings summaries and roll-ups up to date; returns how many points were new. */
async function storeSeries(tx: Db, run: LoggedRun, series: Map<string, Point[]>): Promise<number> {
  const known = await statesOf(tx, run, [...series.keys()]);
  const states = new Map<number, SeriesState>();
  const changed = new Set<SeriesState>();
  const [fresh, doubtful]: [SeriesPoints[], SeriesPoints[]] = [[], []];
  const begun: (NewSeries & { points: Point[] })[] = [];
  for (const [key, sent] of series) {
    const before = known.get(key);
    const isRising = isRisingFrom(before?.summary.last, sent);
    if (!before) {
      const points = isRising ? sent : withoutRepeats(sent);
      begun.push({ key, points, ...startSeries(points, isRising) });
      continue;
    }
    states.set(before.no, before);
    if (isRising) growSeries(before, sent);
    if (isRising) changed.add(before);
    (isRising ? fresh : doubtful).push({ no: before.no, points: sent });
  }
  // Most requests neither begin a series nor come late: nothing is asked for nothing.
  if (begun.length > 0) {
    for (const [i, state] of (await addSeries(tx, run, begun)).entries()) {
      states.set(state.no, state);
      fresh.push({ no: state.no, points: begun[i]?.points ?? [] });
    }
    await addMetricKeys(tx, run.experiment_id, begun.map(({ key }) => key)); // prettier-ignore
  }
  await appendNew(tx, run.seq, fresh);
  const added = doubtful.length > 0 ? await appendDistinct(tx, run.seq, doubtful) : new Map<number, Point[]>();
  for (const state of states.values()) {
    const late = added.get(state.no);
    if (late) await growLate(tx, run.seq, state, late);
    const hasRolled = await rollTail(tx, run.seq, state);
    if (late || hasRolled) changed.add(state);
  }
  await writeStates(tx, run.seq, [...changed]);
  return [...fresh.map(({ points }) => points), ...added.values()].reduce((sum, points) => sum + points.length, 0);
}

/** Places that strictly rise and begin beyond the series cannot repeat anything: the usual case, stored without asking. */
function isRisingFrom(last: Point | undefined, points: Point[]): boolean {
  let before = last;
  for (const point of points) {
    if (before && comparePlaces(point, before) <= 0) return false;
    before = point;
  }
  return true;
}

function withoutRepeats(points: Point[]): Point[] {
  const textOf = ({ step, timestamp, value }: Point): string =>
    `${step} ${timestamp} ${Object.is(value, -0) ? '-0' : value}`;
  return [...new Map(points.map((point) => [textOf(point), point])).values()];
}

function startSeries(points: Point[], isRising: boolean): Pick<SeriesState, 'summary' | 'tail'> {
  const [first, ...others] = points;
  if (!first) throw new Error('A series begins with a point.');
  const summary = startSummary(first);
  const tail: Chunk[] = [];
  if (isRising) pushPoint(tail, first);
  for (const point of others) {
    growSummary(summary, point);
    if (isRising) pushPoint(tail, point);
  }
  return { summary, tail: isRising ? tail : null };
}

/** Points that follow the series. */
export function growSeries({ summary, tail }: SeriesState, points: Point[]): void {
  for (const point of points) {
    growSummary(summary, point);
    if (tail) pushPoint(tail, point);
  }
}

/** Points that were stored somewhere in the series, in any order. */
async function growLate(tx: Db, run_seq: number, state: SeriesState, points: Point[]): Promise<void> {
  for (const point of points) growSummary(state.summary, point);
  const { to } = state.rolled;
  const rolled = to ? points.filter((point) => comparePlaces(point, to) <= 0) : [];
  if (rolled.length < points.length) state.tail = null;
  if (rolled.length > 0) state.rolled = await repair(tx, { run_seq, no: state.no }, state.rolled, rolled);
}

/** Rolls the tail up when it is long enough; true when that moved something. */
async function rollTail(tx: Db, run_seq: number, state: SeriesState): Promise<boolean> {
  const { summary, rolled, no } = state;
  const waiting = summary.count - rolled.count;
  if (waiting <= ROLL_AT || (!state.tail && waiting < state.reread_at)) return false;
  const read = state.tail ? { chunks: state.tail, whole: true } : await readTail(tx, { run_seq, no }, rolled);
  state.rolled = await rollUp(tx, { run_seq, no }, rolled, read.chunks);
  state.tail = read.whole ? read.chunks : null;
  // Thousands of points at one place make one chunk that stays open: not to be read again for each of them.
  state.reread_at = 1.25 * (summary.count - state.rolled.count);
  return state.rolled.count > rolled.count;
}
