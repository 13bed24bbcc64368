// shared/static/chart-marks.js
// Purpose: the marks of NaN and infinite values at the edges of a live chart.
// Why: they cannot be on the line, and a chart without them would look healthy.
// Relevant files: shared/static/chart-plot.js, runs/curves/chart-line.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-data.js').Broken} Broken */
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
  /** @type {[of: (broken: Broken, i: number) => number, base: number, tip: number][]} */
  const kinds = [
    [({ nan }, i) => nan[i] ?? 0, bottom, bottom - 7 * unit],
    [({ inf }, i) => inf[i] ?? 0, top + 5 * unit, top - 2 * unit],
    [
      ({ nonfinite, nan, inf }, i) => (nonfinite[i] ?? 0) - (nan[i] ?? 0) - (inf[i] ?? 0),
      bottom - 5 * unit,
      bottom + 2 * unit,
    ],
  ];
  for (const { color: name, columns } of curves) {
    const { x: places, broken } = columns;
    if (!broken) continue;
    ctx.fillStyle = color(name);
    for (const [of, base, tip] of kinds) {
      let last = -Infinity;
      for (const [i, x] of places.entries()) {
        if (of(broken, i) === 0) continue;
        const at = Math.round(plot.valToPos(x, 'x', true));
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
