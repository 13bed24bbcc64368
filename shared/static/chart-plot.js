// shared/static/chart-plot.js
// Purpose: curves as the server gives them, drawn by uPlot: lines, bands of extremes, non-finite marks, readout, zoom.
// Why: fetched only when a chart is used; everything it draws is in the picture it stands in for.
// Relevant files: shared/static/charts.js, shared/static/chart-labels.js, runs/curve-schemas.ts

import { alignData } from './chart-data.js';
import { durationLabels, incrementsOf, numberLabels, timeLabels } from './chart-labels.js';
import { readOut } from './chart-readout.js';

/**
 * @typedef {object} Bucket
 * @property {number} x
 * @property {number} from_step
 * @property {number} to_step
 * @property {number} count
 * @property {number} nonfinite_count
 * @property {number} nan_count
 * @property {number} inf_count
 * @property {number | null} min
 * @property {number | null} max
 * @property {number | null} mean
 * @property {number | null} smoothed
 */
/** @typedef {{ run_id: string, label: string, color: string, dash: string, buckets: Bucket[] }} Curve */
/** @typedef {{ key: string, x: 'step' | 'time' | 'relative', scale: 'linear' | 'log', caption: string, curves: Curve[] }} Answer */
/** @typedef {{ height: number, destroy: () => void }} Live */
/** @typedef {{ from: number, to: number } | null} Stretch */
/** @typedef {import('uplot')} Plot */
/** @typedef {typeof import('uplot')} PlotClass */

const DASHES = { d0: [], d1: [7, 3], d2: [2, 3] };

/**
 * Not everything: uPlot counts its ticks in plain doubles, so what needs more care stays a picture.
 * @param {Answer} answer
 */
export function canDraw({ curves, scale }) {
  const buckets = curves.flatMap((curve) => curve.buckets);
  const values = buckets.flatMap(({ min, max }) => [min, max]).filter((value) => value !== null);
  const drawn = scale === 'log' ? values.filter((value) => value > 0) : values;
  return (
    isTame(drawn, 1e100) &&
    isTame(
      buckets.map(({ x }) => x),
      2 ** 50,
    ) &&
    (scale === 'linear' || Math.min(...drawn) > 1e-100)
  );
}

/**
 * @param {number[]} values
 * @param {number} limit
 */
function isTame(values, limit) {
  const [least, greatest] = [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const size = Math.max(Math.abs(least), Math.abs(greatest));
  return values.length > 0 && size < limit && (least === greatest || greatest - least > size * 1e-9);
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
  holder.append(box);
  const look = getComputedStyle(holder);
  const color = (/** @type {string} */ name) => look.getPropertyValue(`--${name}`).trim();
  const aligned = alignData(answer);
  const readout = document.createElement('div');
  readout.className = 'readout';
  readout.hidden = true;
  /** @type {import('uplot').Options} */
  const options = {
    width: holder.clientWidth,
    height,
    ms: 1,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    tzDate: (time) => uPlot.tzDate(new Date(time), 'Etc/UTC'),
    scales: { x: { time: answer.x === 'time' }, y: { distr: answer.scale === 'log' ? 3 : 1 } },
    axes: [xAxis(answer, color), yAxis(color)],
    series: [{}, ...aligned.series.map((series) => drawnSeries(series, color))],
    bands: aligned.bands.map(({ upper, lower, of }) => ({ series: [upper, lower], fill: `${color(of)}29` })),
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: {
        size: 6,
        show: (_plot, index) => (aligned.series[index - 1]?.kind === 'line' ? dotOf() : /** @type {any} */ (false)),
      },
      bind: { dblclick: () => () => (zoom(null), null) },
    },
    hooks: {
      setSelect: [(plot) => takeSelection(plot, answer, zoom)],
      setCursor: [(plot) => readOut(plot, answer, readout)],
      draw: [(plot) => drawMarks(plot, answer, color)],
    },
  };
  const plot = new uPlot(options, /** @type {any} */ (aligned.data), box);
  plot.over.append(readout);
  const observer = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height }));
  observer.observe(holder);
  return {
    height,
    destroy: () => {
      observer.disconnect();
      plot.destroy();
      box.remove();
    },
  };
}

function dotOf() {
  const dot = document.createElement('div');
  dot.className = 'u-cursor-pt';
  return dot;
}

const FONT = '11px system-ui, sans-serif';

/**
 * @param {Answer} answer
 * @param {(name: string) => string} color
 * @returns {import('uplot').Axis}
 */
function xAxis({ x }, color) {
  return {
    stroke: color('soft'),
    font: FONT,
    size: 30,
    space: x === 'time' ? 80 : 60,
    grid: { show: false },
    ticks: { show: false },
    ...incrementsOf(x),
    values: (_plot, splits, _axis, _space, step) =>
      (x === 'time' ? timeLabels : x === 'relative' ? durationLabels : numberLabels)(splits, step),
  };
}

/**
 * @param {(name: string) => string} color
 * @returns {import('uplot').Axis}
 */
function yAxis(color) {
  return {
    stroke: color('soft'),
    font: FONT,
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
    size: (_plot, labels) => 14 + Math.max(24, ...(labels ?? []).map((label) => String(label ?? '').length * 6.5)),
    values: (_plot, splits, _axis, _space, step) => numberLabels(splits, step),
  };
}

/**
 * @param {import('./chart-data.js').Series} series
 * @param {(name: string) => string} color
 * @returns {import('uplot').Series}
 */
function drawnSeries({ kind, curve, lone }, color) {
  const ink = color(curve.color);
  if (kind === 'edge') return { stroke: 'transparent', width: 0, points: { show: false } };
  const dash = DASHES[/** @type {keyof DASHES} */ (curve.dash)] ?? [];
  return {
    stroke: kind === 'raw' ? `${ink}55` : ink,
    width: kind === 'raw' ? 1 : 1.6,
    dash: kind === 'raw' ? [] : dash,
    // Only what stands between gaps is a dot: a line has no width there.
    points: { show: lone.length > 0, filter: () => lone, size: 5, fill: ink, stroke: ink },
  };
}

/**
 * A stretch that was dragged over is asked for again, in finer buckets.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(stretch: Stretch) => void} zoom
 */
function takeSelection(plot, { x, curves }, zoom) {
  const { left, width } = plot.select;
  if (width < 4) return;
  const [a, b] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  const inside = curves.flatMap(({ buckets }) => buckets.filter((bucket) => bucket.x >= a && bucket.x <= b));
  if (inside.length === 0) return;
  if (x === 'step') return zoom({ from: Math.ceil(a), to: Math.max(Math.ceil(a), Math.floor(b)) });
  zoom({
    from: inside.reduce((least, bucket) => Math.min(least, bucket.from_step), Infinity),
    to: inside.reduce((greatest, bucket) => Math.max(greatest, bucket.to_step), -Infinity),
  });
}

/**
 * Triangles at the edges, as in the picture: ∞ at the top, −∞ and NaN at the bottom.
 * @param {Plot} plot
 * @param {Answer} answer
 * @param {(name: string) => string} color
 */
function drawMarks(plot, { curves }, color) {
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  for (const curve of curves) {
    ctx.fillStyle = color(curve.color);
    for (const { x, nonfinite_count, nan_count, inf_count } of curve.buckets) {
      if (nonfinite_count === 0) continue;
      const at = plot.valToPos(x, 'x', true);
      if (nan_count > 0) triangle(ctx, at, bottom, bottom - 7 * unit);
      if (inf_count > 0) triangle(ctx, at, top + 5 * unit, top - 2 * unit);
      if (nonfinite_count > nan_count + inf_count) triangle(ctx, at, bottom - 5 * unit, bottom + 2 * unit);
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
