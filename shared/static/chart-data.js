// shared/static/chart-data.js
// Purpose: curves with their own x-values as the one table that uPlot draws from.
// Why: runs log at different steps; a missing place is bridged, a non-finite one is a gap.
// Relevant files: shared/static/chart-plot.js

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Curve} Curve */

/** @typedef {{ kind: 'line' | 'raw' | 'edge', curve: Curve, lone: number[] }} Series `lone`: places between gaps */
/** @typedef {{ upper: number, lower: number, of: string }} Band numbers of two series, and a colour's name */
/** @typedef {{ data: (number | null | undefined)[][], series: Series[], bands: Band[] }} Aligned */

/**
 * @param {Answer} answer
 * @returns {Aligned}
 */
export function alignData({ curves, scale }) {
  const xs = [...new Set(curves.flatMap((curve) => curve.buckets.map(({ x }) => x)))].sort((a, b) => a - b);
  const places = new Map(xs.map((x, index) => [x, index]));
  const least = scale === 'log' ? leastPositive(curves) : -Infinity;
  /** @type {Aligned} */
  const aligned = { data: [xs], series: [], bands: [] };
  /**
   * @param {Curve} curve
   * @param {Series['kind']} kind
   * @param {(bucket: Bucket) => number | null} of
   */
  const add = (curve, kind, of) => {
    const column = columnOf(curve, xs.length, places, (bucket) => atLeast(of(bucket), least, kind));
    aligned.data.push(column);
    aligned.series.push({ kind, curve, lone: kind === 'edge' ? [] : loneOf(column) });
    return aligned.data.length - 1;
  };
  for (const curve of curves) {
    const smoothed = curve.buckets.some((bucket) => bucket.smoothed !== null);
    if (curve.buckets.some(({ min, max }) => min !== max)) {
      const upper = add(curve, 'edge', ({ max }) => max);
      aligned.bands.push({ upper, lower: add(curve, 'edge', ({ min }) => min), of: curve.color });
    }
    if (smoothed) add(curve, 'raw', ({ mean }) => mean);
    add(curve, 'line', (bucket) => (smoothed ? bucket.smoothed : bucket.mean));
  }
  return aligned;
}

/** @param {Curve[]} curves */
function leastPositive(curves) {
  let least = Infinity;
  for (const { buckets } of curves) {
    for (const { min, max, mean } of buckets) {
      for (const value of [min, max, mean]) if (value !== null && value > 0 && value < least) least = value;
    }
  }
  return least;
}

/**
 * On a log scale a line has a gap where it is ≤ 0, a band reaches down to the edge.
 * @param {number | null} value
 * @param {number} least
 * @param {Series['kind']} kind
 */
function atLeast(value, least, kind) {
  if (value === null || value >= least) return value;
  return kind === 'edge' ? least : null;
}

/**
 * @param {Curve} curve
 * @param {number} length
 * @param {Map<number, number>} places
 * @param {(bucket: Bucket) => number | null} of
 */
function columnOf(curve, length, places, of) {
  /** @type {(number | null | undefined)[]} */
  const column = new Array(length).fill(undefined);
  for (const bucket of curve.buckets) column[places.get(bucket.x) ?? 0] = of(bucket);
  return column;
}

/** @param {(number | null | undefined)[]} column */
function loneOf(column) {
  /** @type {number[]} */
  const lone = [];
  /** @type {number[]} */
  let open = [];
  const close = () => {
    if (open.length === 1) lone.push(...open);
    open = [];
  };
  column.forEach((value, index) => {
    if (value === null) close();
    else if (value !== undefined) open.push(index);
  });
  close();
  return lone;
}
