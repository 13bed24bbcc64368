// shared/static/chart-data.js
// Purpose: the columns of each curve as they are drawn from, a bucket of them, and the places where a cursor can stand.
// Why: of a hundred curves an object for each bucket costs more than drawing them; what is not read is not made.
// Relevant files: shared/static/chart-plot.js, runs/curves/curve-columns.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Curve} Curve */

/** @typedef {(number | null)[]} Column */
/** @typedef {{ nonfinite: number[], nan: number[], inf: number[] }} Broken counts of each bucket */
/** @typedef {{ x: number[], from: number[], to: number[], min: Column, max: Column, mean: Column, smoothed: Column | null, broken: Broken | null }} Columns */
/** @typedef {Omit<Curve, 'columns'> & { columns: { x: number[], mean: Column, from_step?: number[], to_step?: number[], min?: Column, max?: Column, smoothed?: Column, nonfinite_count?: number[], nan_count?: number[], inf_count?: number[] } }} SentCurve */
/** @typedef {Omit<Answer, 'curves'> & { curves: SentCurve[] }} Sent what is left out is said in runs/curves/curve-columns.ts */

/**
 * The answer with what was left out; a column that equals another is that one.
 * @param {Sent} answer
 * @returns {Answer}
 */
export function unfold(answer) {
  return { ...answer, curves: answer.curves.map((curve) => ({ ...curve, columns: whole(curve.columns) })) };
}

/**
 * @param {SentCurve['columns']} sent
 * @returns {Columns}
 */
function whole({ x, mean, from_step: from = x, to_step: to = from, min = mean, max = mean, smoothed, ...counts }) {
  const { nonfinite_count: nonfinite, nan_count: nan = [], inf_count: inf = [] } = counts;
  return {
    x,
    mean,
    from,
    to,
    min,
    max,
    smoothed: smoothed ?? null,
    broken: nonfinite ? { nonfinite, nan, inf } : null,
  };
}

/**
 * @param {Columns} columns
 * @param {number} i
 * @returns {Bucket}
 */
export function bucketAt({ x, from, to, min, max, mean, smoothed, broken }, i) {
  return {
    x: x[i] ?? 0,
    from_step: from[i] ?? 0,
    to_step: to[i] ?? 0,
    min: min[i] ?? null,
    max: max[i] ?? null,
    mean: mean[i] ?? null,
    smoothed: smoothed?.[i] ?? null,
    nonfinite_count: broken?.nonfinite[i] ?? 0,
    nan_count: broken?.nan[i] ?? 0,
    inf_count: broken?.inf[i] ?? 0,
  };
}

/**
 * All places of all curves, rising. Runs of one experiment mostly log at the same steps: then nothing is joined.
 * @param {Curve[]} curves
 * @returns {number[]}
 */
export function placesOf(curves) {
  const all = curves.map(({ columns: { x } }) => x);
  const longest = all.reduce((a, b) => (b.length > a.length ? b : a), []);
  if (all.every((some) => some.every((x, i) => x === longest[i]))) return longest;
  return [...new Set(all.flat())].sort((a, b) => a - b);
}
