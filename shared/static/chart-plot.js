// shared/static/chart-plot.js
// Purpose: curves as the server gives them in a live chart: uPlot's axes, grid, cursor and zoom around what we draw ourselves.
// Why: fetched only when a chart is used; everything it draws is in the picture it stands in for.
// Relevant files: shared/static/charts.js, shared/static/chart-lines.js, runs/curves/curve-schemas.ts

import { placesOf } from './chart-data.js';
import { listenToKeys, makeFocusable } from './chart-keys.js';
import { drawCurves } from './chart-lines.js';
import { drawMarks } from './chart-marks.js';
import { readOut } from './chart-readout.js';

/**
 * @typedef {object} Bucket
 * @property {number} x
 * @property {number} from_step
 * @property {number} to_step
 * @property {number} nonfinite_count
 * @property {number} nan_count
 * @property {number} inf_count
 * @property {number | null} min
 * @property {number | null} max
 * @property {number | null} mean
 * @property {number | null} smoothed
 */
/** @typedef {{ run_id: string, label: string, color: string, dash: string, columns: import('./chart-data.js').Columns }} Curve */
/** @typedef {{ name: string, min: number, max: number, ticks: { value: number, label: string }[], linear_to?: number }} Axis */
/** @typedef {{ key: string, x: 'step' | 'time' | 'relative' | 'metric', scale: 'linear' | 'log' | 'symlog', caption: string, axes: { x: Axis, y: Axis } | null, curves: Curve[] }} Answer */
/** @typedef {{ height: number, focusable: () => void, destroy: () => void }} Live `focusable`: the holder is, again */
/** @typedef {{ from: number, to: number } | null} Stretch */
/** @typedef {import('uplot')} Plot */
/** @typedef {typeof import('uplot')} PlotClass */

/** As in runs/curves/chart-svg.ts. Broader ones hide each other, and take a browser three times as long. */
const THIN_BEYOND = 20;

/**
 * uPlot subtracts in plain doubles: what overflows there stays a picture.
 * @param {Pick<Answer, 'axes'>} answer
 */
export function canDraw({ axes }) {
  return axes !== null && Number.isFinite(axes.y.max - axes.y.min) && axes.y.min < axes.y.max;
}

/**
 * @param {HTMLElement} holder
 * @param {Answer} answer
 * @param {number} height
 * @param {(stretch: Stretch) => void} zoom
 * @returns {Live}
 */
export function drawLive(holder, answer, height, zoom) {
  const uPlot = /** @type {PlotClass} */ (Reflect.get(window, 'uPlot'));
  const box = document.createElement('div');
  box.className = 'live';
  box.setAttribute('aria-hidden', 'true');
  box.toggleAttribute('data-own', true);
  holder.append(box);
  const look = getComputedStyle(holder);
  /** @type {Map<string, string>} */
  const known = new Map();
  const color = (/** @type {string} */ name) => {
    const text = known.get(name) ?? look.getPropertyValue(`--${name}`).trim();
    known.set(name, text);
    return text;
  };
  const xs = placesOf(answer.curves);
  const isThin = answer.curves.length > THIN_BEYOND;
  const axes = answer.axes ?? { x: EMPTY, y: EMPTY };
  const readout = document.createElement('div');
  readout.className = 'readout';
  readout.hidden = true;
  const dots = isThin ? null : document.createElement('div');
  /** @type {import('uplot').Options} */
  const options = {
    width: holder.clientWidth,
    height,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: rangeOf(axes.x) },
      y: { ...scaleOf(answer), range: rangeOf(axes.y) },
    },
    axes: [xAxis(axes.x, color, answer.x !== 'step' || height > 300), yAxis(axes.y, color)],
    // One that is not drawn, so that there is a scale; the curves have their own places, which uPlot's must share.
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      sync: syncOf(answer),
      // Steps are what the server cuts by; runs of different speed share no stretch of steps on a time axis.
      drag: { x: answer.x === 'step', y: false, setScale: false },
      points: { show: false },
      bind: { dblclick: () => () => (zoom(null), null) },
    },
    hooks: {
      setSelect: [(plot) => takeSelection(plot, answer, zoom)],
      setCursor: [(plot) => readOut(plot, answer, readout, dots)],
      drawAxes: [(plot) => drawCurves(plot, answer, color, isThin)],
      draw: [(plot) => drawMarks(plot, answer, color)],
    },
  };
  const plot = new uPlot(options, [xs, xs.map(() => axes.y.min)], box);
  plot.over.append(...(dots ? [dots] : []), readout);
  const focusable = () => makeFocusable(holder, answer.key);
  focusable();
  const stopKeys = listenToKeys(holder, plot, { canZoom: answer.x === 'step', zoom, readout });
  // It tells the first width, too, and uPlot draws all again even for the same one.
  const observer = new ResizeObserver(() => {
    if (holder.clientWidth !== plot.width) plot.setSize({ width: holder.clientWidth, height });
  });
  observer.observe(holder);
  return {
    height,
    focusable,
    destroy: () => {
      stopKeys();
      observer.disconnect();
      plot.destroy();
      box.remove();
    },
  };
}

/**
 * Charts of a page with the same x-axis have their cursors at the same place. What is dragged stays with its chart.
 * @param {Answer} answer
 * @returns {import('uplot').Cursor.Sync}
 */
function syncOf({ x, axes }) {
  const follows = (/** @type {string} */ type) => ['mousemove', 'mouseenter', 'mouseleave'].includes(type);
  return {
    key: x === 'metric' ? `metric ${axes?.x.name ?? ''}` : x,
    setSeries: false,
    scales: ['x', null],
    filters: { pub: follows, sub: follows },
  };
}

const FONT = '11px system-ui, sans-serif';
/** @type {Axis} */
const EMPTY = { name: '', min: 0, max: 1, ticks: [] };
/** Of a character of FONT, px. */
const CHARACTER = 6.5;
/**
 * uPlot hides an axis when no distance of its own list fits, or when one has more than 17 digits with its decimals
 * (0.3 − 0.1 has). The ticks are given, so the distance is never used: any whole one, in any space, will do.
 */
const ALWAYS = { incrs: [10], space: () => 0 };

/**
 * As the server's axes: log; asinh(y / c) for symlog; linear.
 * @param {Answer} answer
 * @returns {import('uplot').Scale}
 */
function scaleOf({ scale, axes }) {
  if (scale === 'symlog') return { distr: 4, asinh: axes?.y.linear_to ?? 1 };
  return { distr: scale === 'log' ? 3 : 1 };
}

/**
 * @param {Axis} axis
 * @returns {import('uplot').Scale.Range}
 */
function rangeOf({ min, max }) {
  // One place only: it stands in the middle.
  return min < max ? [min, max] : [min - 1, max + 1];
}

/**
 * @param {Axis} axis
 * @param {(name: string) => string} color
 * @param {boolean} named
 * @returns {import('uplot').Axis}
 */
function xAxis({ name, ticks }, color, named) {
  return {
    stroke: color('soft'),
    font: FONT,
    size: 24,
    gap: 8,
    grid: { show: false },
    ticks: { show: false },
    ...(named ? { label: name, labelFont: FONT, labelSize: 16, labelGap: 0 } : {}),
    ...ALWAYS,
    splits: ticks.map(({ value }) => value),
    // On a narrow screen every second or third tick has its label.
    values: (plot) => {
      const wide = Math.max(0, ...ticks.map(({ label }) => label.length)) * CHARACTER + 10;
      const every = Math.max(1, Math.ceil((wide * ticks.length) / Math.max(1, plot.bbox.width / devicePixelRatio)));
      return ticks.map(({ label }, index) => (index % every === 0 ? label : ''));
    },
  };
}

/**
 * @param {Axis} axis
 * @param {(name: string) => string} color
 * @returns {import('uplot').Axis}
 */
function yAxis({ ticks }, color) {
  return {
    stroke: color('soft'),
    font: FONT,
    gap: 6,
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
    size: 8 + Math.max(24, ...ticks.map(({ label }) => label.length * CHARACTER)),
    ...ALWAYS,
    splits: ticks.map(({ value }) => value),
    values: ticks.map(({ label }) => label),
  };
}

/**
 * A stretch of steps that was dragged over is asked for again, in finer buckets.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(stretch: Stretch) => void} zoom
 */
function takeSelection(plot, { curves }, zoom) {
  const { left, width } = plot.select;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width < 4) return;
  const from = Math.ceil(plot.posToVal(left, 'x'));
  const to = Math.floor(plot.posToVal(left + width, 'x'));
  if (curves.some(({ columns }) => columns.to.some((last, i) => last >= from && (columns.from[i] ?? 0) <= to)))
    zoom({ from, to });
}
