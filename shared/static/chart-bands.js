// shared/static/chart-bands.js
// Purpose: the bands from least to greatest of a live chart, one area for each stretch without a gap.
// Why: uPlot's own bands are two more series and a clipped fill for each line: of a hundred lines that takes most of the time.
// Relevant files: shared/static/chart-plot.js, runs/curves/chart-line.ts

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Plot} Plot */

/**
 * Under the lines, within the plot.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(name: string) => string} color
 * @param {boolean} isThin of many lines the edges alone: filled, they bury the lines
 */
export function drawBands(plot, { curves, scale }, color, isThin) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  // A spike of one point is a sliver of band: its edge makes it seen.
  ctx.lineWidth = 0.8 * devicePixelRatio;
  ctx.lineJoin = 'bevel';
  ctx.setLineDash([]);
  const isLog = scale === 'log';
  const [across, up] = [placerOf(plot, 'x', true), placerOf(plot, 'y', scale === 'linear')];
  const bottom = bbox.top + bbox.height;
  const height = (/** @type {number | null} */ value) => (value === null || (isLog && value <= 0) ? bottom : up(value));
  for (const curve of curves) {
    if (curve.buckets.every(({ min, max }) => min === max)) continue;
    const area = new Path2D();
    for (const some of stretchesOf(curve.buckets, isLog)) trace(area, some, across, height);
    ctx.fillStyle = `${color(curve.color)}29`;
    ctx.strokeStyle = `${color(curve.color)}66`;
    if (!isThin) ctx.fill(area);
    ctx.stroke(area);
  }
  ctx.restore();
}

/**
 * Neighbours with finite values; on a log scale those that reach above 0.
 * @param {Bucket[]} buckets
 * @param {boolean} isLog
 */
function stretchesOf(buckets, isLog) {
  /** @type {Bucket[][]} */
  const found = [];
  /** @type {Bucket[] | null} */
  let open = null;
  for (const bucket of buckets) {
    if (bucket.max === null || (isLog && bucket.max <= 0)) open = null;
    else if (open) open.push(bucket);
    else found.push((open = [bucket]));
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
 * @param {Bucket[]} some
 * @param {(x: number) => number} across
 * @param {(value: number | null) => number} up
 */
function trace(area, some, across, up) {
  // A single one has no width: its range is an upright stroke.
  const wide = some.length === 1 ? devicePixelRatio : 0;
  some.forEach(({ x, max }, i) => {
    const [at, y] = [across(x), up(max)];
    if (i === 0) area.moveTo(at - wide, y);
    area.lineTo(at + wide, y);
  });
  for (const { x, min } of some.toReversed()) {
    const [at, y] = [across(x), up(min)];
    area.lineTo(at + wide, y);
    if (wide > 0) area.lineTo(at - wide, y);
  }
  area.closePath();
}
