// runs/summary.ts
// Purpose: the summary of a series, grown point by point: count, first, last, min, max, mean, non-finite.
// Why: lists and tables read this one row and never the points.
// Relevant files: runs/ingest.ts, runs/series-state.ts, runs/models.ts, runs/values.ts

import type { MetricRow } from './models.ts';
import { compareValues, fromStored, toStored } from './values.ts';

export interface Point {
  step: number;
  /** ms since the epoch */
  timestamp: number;
  value: number;
}

export interface Summary {
  count: number;
  /** Lowest step, then timestamp, then value. */
  first: Point;
  /** Highest step, then timestamp, then value. */
  last: Point;
  /** Least finite value, at the lowest step that has it; null when no value is finite. */
  min: { value: number; step: number } | null;
  max: { value: number; step: number } | null;
  /** Mean of the finite values, kept by Welford's update (Technometrics 4(3), 1962); null when there is none. */
  mean: number | null;
  nonfinite_count: number;
  /** Lowest step with a NaN or ±Infinity. */
  nonfinite_step: number | null;
}

/** The summary of a series of one point. */
export function startSummary(point: Point): Summary {
  const summary = emptySummary(point);
  growSummary(summary, point);
  return summary;
}

/** To be grown by all points of a series; `point`: any of them. */
export function emptySummary(point: Point): Summary {
  // Written out, and in the order of `fromRow`: put together from another object, each would have a hidden class of its own.
  return {
    count: 0,
    first: point,
    last: point,
    min: null,
    max: null,
    mean: null,
    nonfinite_count: 0,
    nonfinite_step: null,
  };
}

/** Puts one more point into the summary, in place: this runs once for each point logged. */
export function growSummary(summary: Summary, point: Point): void {
  summary.count += 1;
  if (comparePoints(point, summary.last) > 0) summary.last = point;
  else if (comparePoints(point, summary.first) < 0) summary.first = point;
  if (Number.isFinite(point.value)) addFinite(summary, point);
  else {
    summary.nonfinite_count += 1;
    summary.nonfinite_step = Math.min(point.step, summary.nonfinite_step ?? point.step);
  }
}

function addFinite(summary: Summary, { value, step }: Point): void {
  const n = summary.count - summary.nonfinite_count;
  const mean = summary.mean ?? 0;
  // Divided before subtracting, so that values near ±1e308 do not overflow.
  summary.mean = mean + (value / n - mean / n);
  const { min, max } = summary;
  if (!min || value < min.value || (value === min.value && step < min.step)) summary.min = { value: value + 0, step };
  if (!max || value > max.value || (value === max.value && step < max.step)) summary.max = { value: value + 0, step };
}

/** By step, then timestamp, then value; NaN above all. */
function comparePoints(a: Point, b: Point): number {
  return a.step - b.step || a.timestamp - b.timestamp || compareValues(a.value, b.value);
}

/** What of a metric's row is its summary. */
export type SummaryRow = Pick<
  MetricRow,
  | 'count'
  | `first_${'step' | 'time' | 'value' | 'kind'}`
  | `last_${'step' | 'time' | 'value' | 'kind'}`
  | `${'min' | 'max'}_${'value' | 'step'}`
  | 'mean'
  | `nonfinite_${'count' | 'step'}`
>;

export function fromRow(row: SummaryRow): Summary {
  const point = (step: number, timestamp: number, value: number, kind: number): Point => ({
    step,
    timestamp,
    value: fromStored(value, kind),
  });
  const extreme = (value: number | null, step: number | null): Summary['min'] =>
    value === null || step === null ? null : { value, step };
  return {
    count: row.count,
    first: point(row.first_step, row.first_time, row.first_value, row.first_kind),
    last: point(row.last_step, row.last_time, row.last_value, row.last_kind),
    min: extreme(row.min_value, row.min_step),
    max: extreme(row.max_value, row.max_step),
    mean: row.mean,
    nonfinite_count: row.nonfinite_count,
    nonfinite_step: row.nonfinite_step,
  };
}

export function toRow(summary: Summary): SummaryRow {
  const first = toStored(summary.first.value);
  const last = toStored(summary.last.value);
  return {
    count: summary.count,
    first_step: summary.first.step,
    first_time: summary.first.timestamp,
    first_value: first.value,
    first_kind: first.kind,
    last_step: summary.last.step,
    last_time: summary.last.timestamp,
    last_value: last.value,
    last_kind: last.kind,
    min_value: summary.min?.value ?? null,
    min_step: summary.min?.step ?? null,
    max_value: summary.max?.value ?? null,
    max_step: summary.max?.step ?? null,
    mean: summary.mean,
    nonfinite_count: summary.nonfinite_count,
    nonfinite_step: summary.nonfinite_step,
  };
}
