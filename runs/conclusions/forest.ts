// runs/conclusions/forest.ts
// Purpose: differences with their intervals drawn on one scale: a small picture for each row.
// Why: which intervals cross zero is seen before any number is read.
// Relevant files: runs/conclusions/conclusion-views.ts, runs/templates/conclusions.html

import type { Comparison } from './comparison.ts';

const WIDTH = 140;
const EDGE = 6;

/** Places in px, 140 wide. */
export interface Drawn {
  zero: string;
  at: string;
  /** Null without an interval. */
  from: string | null;
  to: string | null;
}

/** From the lowest end of an interval to the highest, with zero in it, so that rows can be compared. */
export function forestScale(
  comparisons: readonly Comparison[],
  left: number,
  right: number,
): { low: number; high: number; at: (value: number) => string } {
  const ends = comparisons.flatMap(({ welch, difference }) => (welch ? [welch.low, welch.high] : [difference]));
  const low = ends.reduce((a, b) => Math.min(a, held(b)), 0);
  const high = ends.reduce((a, b) => Math.max(a, held(b)), 0);
  // The distance of two values beyond ±9e307 is no number; that of their halves is.
  const part = Number.isFinite(high - low) ? 1 : 0.5;
  const share = (value: number): number =>
    high > low ? (held(value) * part - low * part) / (high * part - low * part) : 0.5;
  return { low, high, at: (value) => (left + share(value) * (right - left)).toFixed(1) };
}

/** An end that no number can hold stands at the edge. */
function held(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

export function drawForest(comparisons: readonly Comparison[]): Drawn[] {
  const { at } = forestScale(comparisons, EDGE, WIDTH - EDGE);
  return comparisons.map(({ welch, difference }) => ({
    zero: at(0),
    at: at(difference),
    from: welch && at(welch.low),
    to: welch && at(welch.high),
  }));
}
