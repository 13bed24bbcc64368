// shared/static/chart-readout.js
// Purpose: what stands at the pointer: a box with the place and the value of each run there, nearest lines first, and dots on the lines.
// Why: a curve is read at a step; with 27 runs only the ones near the pointer are meant.
// Relevant files: shared/static/chart-plot.js, shared/static/chart-labels.js

import { bucketAt } from './chart-data.js';
import { placeText, valueText } from './chart-labels.js';

/** @typedef {import('./chart-plot.js').Answer} Answer */
/** @typedef {import('./chart-plot.js').Bucket} Bucket */
/** @typedef {import('./chart-plot.js').Curve} Curve */
/** @typedef {import('./chart-plot.js').Plot} Plot */

/** Of a line of the box, px. */
const LINE = 17;
const ROWS = 12;

/**
 * The values at the pointer: the nearest lines first.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {HTMLElement} readout
 * @param {HTMLElement | null} dots what holds them; null: a hundred of them hide what they stand on
 */
export function readOut(plot, answer, readout, dots) {
  const { left = -1, top = 0, idx } = plot.cursor;
  readout.hidden = left < 0 || idx === null || idx === undefined;
  dots?.replaceChildren();
  if (readout.hidden || idx === null || idx === undefined) return;
  const place = plot.posToVal(left, 'x');
  // A run that ended before, or starts later, has no value here.
  const reach = reachOf(plot, answer);
  const rows = answer.curves
    .flatMap((curve) => {
      if (curve.columns.x.length === 0) return [];
      const bucket = bucketAt(curve.columns, nearest(curve.columns.x, place));
      const value = bucket.smoothed ?? bucket.mean;
      if (Math.abs(bucket.x - place) > reach) return [];
      const y = value === null ? NaN : plot.valToPos(value, 'y');
      return [{ curve, bucket, value, y, distance: Number.isFinite(y) ? Math.abs(y - top) : Infinity }];
    })
    .sort((a, b) => a.distance - b.distance);
  readout.hidden = rows.length === 0;
  const room = Math.min(ROWS, Math.max(2, Math.floor(plot.over.clientHeight / LINE) - 3));
  const shown = rows.slice(0, rows.length > room ? room - 1 : room);
  const at = shown[0]?.bucket;
  readout.replaceChildren(
    textOf('b', at ? placeText(at, answer.x) : ''),
    ...shown.map(({ curve, bucket, value }) => readoutRow(curve, bucket, value, answer.curves.length > 1)),
    ...(rows.length > shown.length ? [textOf('div', `and ${rows.length - shown.length} more`)] : []),
  );
  readout.classList.toggle('left', left > plot.over.clientWidth / 2);
  dots?.append(
    ...rows
      .filter(({ y }) => y >= 0 && y <= plot.over.clientHeight)
      .map(({ curve, bucket, y }) => dotAt(curve, plot.valToPos(bucket.x, 'x'), y)),
  );
}

/**
 * @param {Curve} curve
 * @param {number} x
 * @param {number} y
 */
function dotAt({ color }, x, y) {
  const dot = document.createElement('div');
  dot.className = `dot ${color}`;
  dot.style.transform = `translate(${x}px, ${y}px)`;
  return dot;
}

/**
 * @param {Curve} curve
 * @param {Bucket} bucket
 * @param {number | null} value
 * @param {boolean} named
 */
function readoutRow(curve, bucket, value, named) {
  const row = document.createElement('div');
  if (named) {
    const swatch = document.createElement('span');
    swatch.className = `sw ${curve.color}`;
    row.append(swatch, textOf('span', curve.label));
  }
  row.append(textOf('b', valueText(bucket, value)));
  return row;
}

/**
 * @param {string} name
 * @param {string} text
 */
function textOf(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/**
 * Which of them.
 * @param {number[]} xs rising
 * @param {number} place
 */
function nearest(xs, place) {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [xs[low - 1] ?? -Infinity, xs[low] ?? Infinity];
  return place - before < after - place ? low - 1 : low;
}

/**
 * How far from the pointer a value may stand: the widest gap between neighbours, and a few pixels.
 * @param {Plot} plot
 * @param {Answer} answer
 */
function reachOf(plot, { curves }) {
  let widest = Math.abs(plot.posToVal(8, 'x') - plot.posToVal(0, 'x'));
  for (const { columns } of curves) {
    for (let i = 1; i < columns.x.length; i += 1) {
      widest = Math.max(widest, ((columns.x[i] ?? 0) - (columns.x[i - 1] ?? 0)) / 2);
    }
  }
  return widest;
}
