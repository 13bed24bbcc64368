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
 */
export function drawBands(plot, { curves, scale }, color) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  // A spike of one point is a sliver of band: its edge makes it seen.
  ctx.lineWidth = 0.8 * devicePixelRatio;
  ctx.lineJoin = 'bevel';
  ctx.setLineDash([]);
  for (const curve of curves) {
    if (curve.buckets.every(({ min, max }) => min === max)) continue;
    const area = new Path2D();
    for (const some of stretchesOf(curve.buckets, scale === 'log')) trace(area, plot, some, scale === 'log');
    ctx.fillStyle = `${color(curve.color)}29`;
    ctx.strokeStyle = `${color(curve.color)}66`;
    ctx.fill(area);
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
 * Along the greatest, back along the least; on a log scale what is ≤ 0 lies at the lower edge.
 * @param {Path2D} area
 * @param {Plot} plot
 * @param {Bucket[]} some
 * @param {boolean} isLog
 */
function trace(area, plot, some, isLog) {
  const bottom = plot.bbox.top + plot.bbox.height;
  const across = some.map(({ x }) => plot.valToPos(x, 'x', true));
  // A single one has no width: its range is an upright stroke.
  const wide = some.length === 1 ? devicePixelRatio : 0;
  const up = (/** @type {number | null} */ value) =>
    value === null || (isLog && value <= 0) ? bottom : plot.valToPos(value, 'y', true);
  some.forEach(({ max }, i) => {
    const [x, y] = [across[i] ?? 0, up(max)];
    if (i === 0) area.moveTo(x - wide, y);
    area.lineTo(x + wide, y);
  });
  for (let i = some.length - 1; i >= 0; i -= 1) {
    const [x, y] = [across[i] ?? 0, up(some[i]?.min ?? null)];
    area.lineTo(x + wide, y);
    if (wide > 0) area.lineTo(x - wide, y);
  }
  area.closePath();
}
