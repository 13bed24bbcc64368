// runs/wide-points.ts
// Purpose: points whose step or timestamp is beyond what the product counts with: where they stand, and their exact 64 bits.
// Why: MLflow's clients may send any int64; everything else here stays with numbers that a double and a date can hold.
// Relevant files: runs/ingest.ts, runs/history-queries.ts, runs/models.ts, mlflow/log-body.ts

import type { Db } from '../shared/db/store.ts';
import type { LoggedRun } from './models.ts';
import type { SeriesId } from './points.ts';
import { statesOf } from './series-state.ts';
import { compareValues, fromStored, toStored } from './values.ts';

/** A point's place with all its 64 bits. */
export interface ExactPoint {
  step: number | bigint;
  timestamp: number | bigint;
  value: number;
}

export interface WidePoint extends ExactPoint {
  key: string;
}

/** The last step and time that points have here (ms; as far as dates go). What lies beyond, or on it, is kept exactly beside. */
export const STEP_MAX = Number.MAX_SAFE_INTEGER;
export const TIME_MAX = 8.64e15;

export function isWide(step: number | bigint, timestamp: number | bigint): boolean {
  return !(step < STEP_MAX && step > -STEP_MAX && timestamp < TIME_MAX && timestamp > -TIME_MAX);
}

/** The nearest place within the bounds; of two places the order stays, or they become one. */
export function nearestPlace(step: number | bigint, timestamp: number | bigint): { step: number; timestamp: number } {
  const within = (value: number | bigint, max: number): number => Math.max(-max, Math.min(max, Number(value)));
  return { step: within(step, STEP_MAX), timestamp: within(timestamp, TIME_MAX) };
}

/** The series are there: `series` of the same batch has been stored. */
export async function storeWide(tx: Db, run: LoggedRun, points: WidePoint[]): Promise<void> {
  if (points.length === 0) return;
  const states = await statesOf(tx, run, [...new Set(points.map(({ key }) => key))]);
  for (const { key, step, timestamp, value } of points) {
    const no = states.get(key)?.no;
    // Of an earlier attempt of the run, which came too late for the series.
    if (no === undefined) continue;
    const stored = toStored(value);
    await tx.execute('insert into wide_points values (?, ?, ?, ?, ?, ?) on conflict do nothing', [
      run.seq,
      no,
      String(step),
      String(timestamp),
      stored.value,
      stored.kind,
    ]);
  }
}

interface Row extends SeriesId {
  step: string;
  timestamp: string;
  value: number;
  kind: number;
}

export async function wideOf(db: Db, { run_seq, no }: SeriesId): Promise<ExactPoint[]> {
  const { rows } = await db.execute<Row>('select * from wide_points where run_seq = ? and no = ?', [run_seq, no]);
  return rows.map(toPoint);
}

/** The last one of each series of a run that has some, by the series' number. */
export async function lastWide(db: Db, runSeq: number): Promise<Map<number, ExactPoint>> {
  const { rows } = await db.execute<Row>('select * from wide_points where run_seq = ?', [runSeq]);
  const last = new Map<number, ExactPoint>();
  for (const row of rows) {
    const [point, before] = [toPoint(row), last.get(row.no)];
    if (!before || isLater(point, before)) last.set(row.no, point);
  }
  return last;
}

/** As summaries mean "last": NaN is above all. */
function isLater(a: ExactPoint, b: ExactPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp === b.timestamp ? compareValues(a.value, b.value) > 0 : a.timestamp > b.timestamp;
}

/** A number where that is exact: then `===` means the same. */
function toPoint({ step, timestamp, value, kind }: Row): ExactPoint {
  return { step: exact(step), timestamp: exact(timestamp), value: fromStored(value, kind) };
}

function exact(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}
