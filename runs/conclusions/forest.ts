// runs/conclusions/forest.ts
// Purpose: differences with their intervals drawn on one scale: a small picture for each row.
// Why: which intervals cross zero is seen before any number is read.
// Relevant files: runs/conclusions/conclusion-views.ts, runs/templates/conclusions.html

import type { Comparison } from './comparison.ts';

const WIDTH = 200;
const EDGE = 6;

/** Places in px, 200 wide. */
export interface Drawn {
  zero: string;
  at: string;
  /** Null without an interval. */
  from: string | null;
  to: string | null;
}

/** Of all intervals and zero, so that rows can be compared. */
export function drawForest(comparisons: readonly Comparison[]): Drawn[] {
  const ends = comparisons.flatMap(({ welch, difference }) => (welch ? [welch.low, welch.high] : [difference]));
  const low = ends.reduce((a, b) => Math.min(a, b), 0);
  const high = ends.reduce((a, b) => Math.max(a, b), 0);
  const x = (value: number): string => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return (EDGE + share * (WIDTH - 2 * EDGE)).toFixed(1);
  };
  return comparisons.map(({ welch, difference }) => ({
    zero: x(0),
    at: x(difference),
    from: welch && x(welch.low),
    to: welch && x(welch.high),
  }));
}
