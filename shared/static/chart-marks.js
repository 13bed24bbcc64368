// shared/static/chart-marks.js
// Purpose: the marks of NaN and infinite values at the edges of a live chart.
// Why: they cannot be on the line, and a chart without them would look healthy.
// Relevant files: shared/static/chart-plot.js, runs/curves/chart-line.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Plot} Plot */

/**
 * Triangles at the edges, as in the picture: ∞ at the top, −∞ and NaN at the bottom; a bar over a whole stretch.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(name: string) => string} color
 */
export function drawMarks(plot, { curves }, color) {
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  const [top, bottom] = [Math.round(bbox.top), Math.round(bbox.top + bbox.height)];
  /** @type {[of: (bucket: Bucket) => number, base: number, tip: number][]} */
  const kinds = [
    [({ nan_count }) => nan_count, bottom, bottom - 7 * unit],
    [({ inf_count }) => inf_count, top + 5 * unit, top - 2 * unit],
    [
      ({ nonfinite_count, nan_count, inf_count }) => nonfinite_count - nan_count - inf_count,
      bottom - 5 * unit,
      bottom + 2 * unit,
    ],
  ];
  for (const curve of curves) {
    const broken = curve.buckets.filter(({ nonfinite_count: count }) => count > 0);
    if (broken.length === 0) continue;
    ctx.fillStyle = color(curve.color);
    for (const [of, base, tip] of kinds) {
      let last = -Infinity;
      for (const bucket of broken) {
        if (of(bucket) === 0) continue;
        const at = Math.round(plot.valToPos(bucket.x, 'x', true));
        if (at - last < 9 * unit) ctx.fillRect(last, base > tip ? base - 2 * unit : base, at - last + unit, 2 * unit);
        else triangle(ctx, at, base, tip);
        last = at;
      }
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} base
 * @param {number} tip
 */
function triangle(ctx, x, base, tip) {
  const half = 4 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x - half, base);
  ctx.lineTo(x + half, base);
  ctx.lineTo(x, tip);
  ctx.fill();
}
