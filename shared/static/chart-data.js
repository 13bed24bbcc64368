// shared/static/chart-data.js
// Purpose: curves with their own x-values as the one table that uPlot draws from; columns of the answer as buckets.
// Why: runs log at different steps; a missing place is bridged, a non-finite one is a gap.
// Relevant files: shared/static/chart-plot.js, runs/curves/curve-columns.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Curve} Curve */

/** @typedef {{ kind: 'line' | 'raw', curve: Curve, lone: number[] }} Series `lone`: places between gaps */
/** @typedef {{ data: (number | null | undefined)[][], series: Series[] }} Aligned */
/** @typedef {(number | null)[]} Column */
/** @typedef {{ x: number[], mean: Column, [name: string]: Column | undefined }} Columns what is left out is said in runs/curves/curve-columns.ts */

/**
 * The answer as it is drawn from: each curve's columns as its buckets.
 * @param {Answer & { curves: (Curve & { columns?: Columns })[] }} answer
 * @returns {Answer}
 */
export function unfold(answer) {
  for (const curve of answer.curves) if (curve.columns) curve.buckets = bucketsOf(curve.columns);
  return answer;
}

/**
 * @param {Columns} columns
 * @returns {Bucket[]}
 */
function bucketsOf({ x, mean, from_step, to_step, min, max, smoothed, nonfinite_count, nan_count, inf_count }) {
  return x.map((place, i) => ({
    x: place,
    from_step: from_step?.[i] ?? place,
    to_step: to_step?.[i] ?? from_step?.[i] ?? place,
    min: (min ?? mean)[i] ?? null,
    max: (max ?? mean)[i] ?? null,
    mean: mean[i] ?? null,
    smoothed: smoothed?.[i] ?? null,
    nonfinite_count: nonfinite_count?.[i] ?? 0,
    nan_count: nan_count?.[i] ?? 0,
    inf_count: inf_count?.[i] ?? 0,
  }));
}

/**
 * @param {Answer} answer
 * @returns {Aligned}
 */
export function alignData({ curves, scale }) {
  const xs = placesOf(curves);
  const places = new Map(xs.map((x, index) => [x, index]));
  /** @type {Aligned} */
  const aligned = { data: [xs], series: [] };
  /**
   * @param {Curve} curve
   * @param {Series['kind']} kind
   * @param {(bucket: Bucket) => number | null} of
   */
  const add = (curve, kind, of) => {
    const column = columnOf(curve, xs, places, (bucket) => visible(of(bucket), scale));
    aligned.data.push(column);
    aligned.series.push({ kind, curve, lone: loneOf(column) });
  };
  for (const curve of curves) {
    const smoothed = curve.buckets.some((bucket) => bucket.smoothed !== null);
    if (smoothed) add(curve, 'raw', ({ mean }) => mean);
    add(curve, 'line', (bucket) => (smoothed ? bucket.smoothed : bucket.mean));
  }
  return aligned;
}

/**
 * All places of all curves, rising. Runs of one experiment mostly log at the same steps: then nothing is joined.
 * @param {Curve[]} curves
 */
function placesOf(curves) {
  const longest = curves.reduce((a, b) => (b.buckets.length > a.length ? b.buckets : a), /** @type {Bucket[]} */ ([]));
  const all = new Set(longest.map(({ x }) => x));
  const before = all.size;
  for (const { buckets } of curves) for (const { x } of buckets) all.add(x);
  const xs = [...all];
  return all.size === before ? xs : xs.sort((a, b) => a - b);
}

/**
 * On a log scale a line has a gap where it is ≤ 0.
 * @param {number | null} value
 * @param {Answer['scale']} scale
 */
function visible(value, scale) {
  return value !== null && scale === 'log' && value <= 0 ? null : value;
}

/**
 * @param {Curve} curve
 * @param {number[]} xs
 * @param {Map<number, number>} places
 * @param {(bucket: Bucket) => number | null} of
 */
function columnOf({ buckets }, xs, places, of) {
  /** @type {(number | null | undefined)[]} */
  const column = new Array(xs.length).fill(undefined);
  buckets.forEach((bucket, i) => {
    column[xs[i] === bucket.x ? i : (places.get(bucket.x) ?? 0)] = of(bucket);
  });
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
