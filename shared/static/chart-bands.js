// shared/static/chart-bands.js
// Purpose: the bands from least to greatest of a live chart, one area for each stretch without a gap.
// Why: uPlot's own bands are two more series and a clipped fill for each line: of a hundred lines that takes most of the time.
// Relevant files: shared/static/chart-lines.js, runs/curves/chart-line.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-data.js').Columns} Columns */
/** @typedef {import('./chart-plot.js').Plot} Plot */

/**
 * Under the lines.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(name: string) => string} color
 * @param {boolean} isThin of many lines the edges alone: filled, they bury the lines
 */
export function drawBands(plot, { curves, scale }, color, isThin) {
  const { ctx, bbox } = plot;
  // A spike of one point is a sliver of band: its edge makes it seen.
  ctx.lineWidth = 0.8 * devicePixelRatio;
  ctx.lineJoin = 'bevel';
  ctx.setLineDash([]);
  const isLog = scale === 'log';
  const [across, up] = [placerOf(plot, 'x', true), placerOf(plot, 'y', scale === 'linear')];
  const bottom = bbox.top + bbox.height;
  const height = (/** @type {number | null} */ value) => (value === null || (isLog && value <= 0) ? bottom : up(value));
  for (const { color: name, columns } of curves) {
    if (columns.min === columns.max) continue;
    const area = new Path2D();
    for (const some of stretchesOf(columns.max, isLog)) trace(area, columns, some, across, height);
    ctx.fillStyle = `${color(name)}29`;
    ctx.strokeStyle = `${color(name)}66`;
    if (!isThin) ctx.fill(area);
    ctx.stroke(area);
  }
}

/**
 * From – to of neighbours with finite values; on a log scale of those that reach above 0.
 * @param {Columns['max']} max
 * @param {boolean} isLog
 */
function stretchesOf(max, isLog) {
  /** @type {[from: number, to: number][]} */
  const found = [];
  /** @type {[from: number, to: number] | null} */
  let open = null;
  for (const [i, value] of max.entries()) {
    if (value === null || (isLog && value <= 0)) open = null;
    else if (open) open[1] = i;
    else found.push((open = [i, i]));
  }
  return found;
}

/**
 * Where values lie, in pixels of the canvas. uPlot's own is asked for each value anew which scale it is.
 * @param {Plot} plot
 * @param {'x' | 'y'} axis
 * @param {boolean} isLinear
 * @returns {(value: number) => number}
 */
export function placerOf(plot, axis, isLinear) {
  const { min = 0, max = 1 } = plot.scales[axis] ?? {};
  const [low, high] = [plot.valToPos(min, axis, true), plot.valToPos(max, axis, true)];
  if (!isLinear || max <= min) return (value) => plot.valToPos(value, axis, true);
  const unit = (high - low) / (max - min);
  return (value) => low + (value - min) * unit;
}

/**
 * Along the greatest, back along the least; on a log scale what is ≤ 0 lies at the lower edge.
 * @param {Path2D} area
 * @param {Columns} columns
 * @param {[from: number, to: number]} some
 * @param {(x: number) => number} across
 * @param {(value: number | null) => number} up
 */
function trace(area, { x, min, max }, [from, to], across, up) {
  // A single one has no width: its range is an upright stroke.
  const wide = from === to ? devicePixelRatio : 0;
  area.moveTo(across(x[from] ?? 0) - wide, up(max[from] ?? null));
  for (let i = from; i <= to; i += 1) area.lineTo(across(x[i] ?? 0) + wide, up(max[i] ?? null));
  for (let i = to; i >= from; i -= 1) area.lineTo(across(x[i] ?? 0) + wide, up(min[i] ?? null));
  if (wide > 0) area.lineTo(across(x[from] ?? 0) - wide, up(min[from] ?? null));
  area.closePath();
}
