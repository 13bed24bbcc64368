// shared/static/chart-lines.js
// Purpose: the lines of a live chart over their bands: one stroke a curve, the raw one faint under a smoothed one, a dot where a value stands alone.
// Why: each of uPlot's series is set up, aligned to all others and traced by itself: of a hundred curves that was a quarter of the page's work.
// Relevant files: shared/static/chart-plot.js, shared/static/chart-bands.js, runs/curves/chart-line.ts

import { drawBands, placerOf } from './chart-bands.js';

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Plot} Plot */
/** @typedef {import('./chart-data.js').Column} Column */

/** px of the screen: stroke and space, again and again. @type {Record<string, number[]>} */
const DASHES = { d0: [], d1: [7, 3], d2: [2, 3] };
const LONE_RADIUS = 2.5;
/** A value far beyond the axis leaves the chart; canvases draw nothing for places that are no number to them. */
const BEYOND = 1e6;

/**
 * Bands, then lines, within the plot.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(name: string) => string} color
 * @param {boolean} isThin
 */
export function drawCurves(plot, answer, color, isThin) {
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  drawBands(plot, answer, color, isThin);
  ctx.lineJoin = isThin ? 'bevel' : 'round';
  const place = placed(plot, answer);
  for (const { color: name, dash, columns } of answer.curves) {
    const ink = color(name);
    ctx.fillStyle = ink;
    if (columns.smoothed) stroke(ctx, place(columns.x, columns.mean), { ink: `${ink}55`, width: unit, dash: [] });
    const dashes = (DASHES[dash] ?? []).map((length) => length * unit);
    const width = (isThin ? 1 : 1.6) * unit;
    stroke(ctx, place(columns.x, columns.smoothed ?? columns.mean), { ink, width, dash: dashes });
  }
  ctx.restore();
}

/**
 * A line with a gap where nothing is finite, on a log scale also where it is ≤ 0; `lone`: those between gaps.
 * @param {Plot} plot
 * @param {Answer} answer
 * @returns {(xs: number[], values: Column) => { line: Path2D, lone: [number, number][] }}
 */
function placed(plot, { scale }) {
  const isLog = scale === 'log';
  const [across, up] = [placerOf(plot, 'x', true), placerOf(plot, 'y', scale === 'linear')];
  return (xs, values) => {
    const line = new Path2D();
    /** @type {[number, number][]} */
    const lone = [];
    let [run, x, y] = [0, 0, 0];
    for (const [i, value] of values.entries()) {
      if (value === null || (isLog && value <= 0)) {
        if (run === 1) lone.push([x, y]);
        run = 0;
        continue;
      }
      x = across(xs[i] ?? 0);
      y = Math.min(BEYOND, Math.max(-BEYOND, up(value)));
      if (run === 0) line.moveTo(x, y);
      else line.lineTo(x, y);
      run += 1;
    }
    if (run === 1) lone.push([x, y]);
    return { line, lone };
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ line: Path2D, lone: [number, number][] }} placed
 * @param {{ ink: string, width: number, dash: number[] }} look
 */
function stroke(ctx, { line, lone }, { ink, width, dash }) {
  ctx.strokeStyle = ink;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(line);
  for (const [x, y] of lone) {
    ctx.beginPath();
    ctx.arc(x, y, LONE_RADIUS * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
}
