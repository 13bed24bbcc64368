// runs/ingest-usual.ts
// Purpose: the usual log request on SQLite, in one go: points that follow series of which all is in memory.
// Why: a training loop sends one point after the other; promises and questions would be half of what such a request costs.
// Relevant files: runs/ingest.ts, runs/ingest-points.ts, runs/series-state.ts, runs/series-api.ts, ARCHITECTURE.md

import { countPoints } from '../experiments/touch-changes.ts';
import type { Db } from '../shared/db/store.ts';
import { checkPoint } from './check-point.ts';
import { comparePlaces } from './chunks.ts';
import { growSeries } from './ingest-points.ts';
import { isEmpty, isKnownAt } from './ingest.ts';
import type { LoggedBatch } from './log-lines.ts';
import { appendAtOnce } from './points.ts';
import { leftRun } from './logged-run-queries.ts';
import { ROLL_AT } from './rollups.ts';
import type { LogBody, Receipt } from './schemas.ts';
import { keptStates } from './series-state.ts';
import { writeGrown, type SeriesState } from './series-rows.ts';
import type { Point } from './summary.ts';

/**
 * What `logBatch` would do and answer, for a run that was left by the request before it (so it goes on, and has one
 * attempt). Undefined: the request is another one, and nothing was done.
 */
export function logUsual(
  tx: Db,
  id: string,
  { metrics, params, tags, places }: LoggedBatch,
  now: number,
  precision: number,
): Receipt | undefined {
  const run = leftRun(tx, id);
  if (!run || !canDoAtOnce(tx) || !isKnownAt(run, now, precision)) return undefined;
  if (places || metrics.length === 0 || !isEmpty(params) || !isEmpty(tags)) return undefined;
  const series = following(keptStates(tx, run.seq), metrics, now);
  if (!series) return undefined;
  appendAtOnce(tx, run.seq, series.map(({ state, points }) => ({ no: state.no, points }))); // prettier-ignore
  for (const { state, points } of series) {
    growSeries(state, points);
    writeGrown(tx, run.seq, state);
  }
  countPoints(tx, run.experiment_id, metrics.length);
  return { accepted: metrics.length, duplicates: 0, rejected: [] };
}

function canDoAtOnce(tx: Db): tx is Db & Pick<Required<Db>, 'atOnce'> {
  return tx.atOnce !== undefined;
}

interface Following {
  state: SeriesState;
  points: Point[];
}

/** Undefined where one of them is wrong, begins a series, may be there already, or makes a roll-up due. */
function following(
  states: ReadonlyMap<string, SeriesState>,
  metrics: LogBody['metrics'],
  now: number,
): Following[] | undefined {
  const all = new Map<string, Following>();
  let [key, one]: [string | undefined, Following | undefined] = [undefined, undefined];
  for (const item of metrics) {
    if (!one || item.key !== key) {
      key = item.key;
      one = all.get(key);
    }
    if (!one) {
      const state = states.get(item.key);
      if (!state || state.summary.count + metrics.length - state.rolled.count > ROLL_AT) return undefined;
      one = { state, points: [] };
      all.set(item.key, one);
    }
    const point = checkPoint(item, now);
    if ('reason' in point) return undefined;
    if (comparePlaces(point, one.points.at(-1) ?? one.state.summary.last) <= 0) return undefined;
    one.points.push(point);
  }
  return [...all.values()];
}
