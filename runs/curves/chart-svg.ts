// runs/curves/chart-svg.ts
// Purpose: a chart as SVG text: axes, grid, a curve for each run; inline in pages or as a file of its own.
// Why: drawn on the server it works without scripts, on phones, for screen readers and in papers.
// Relevant files: runs/curves/chart-line.ts, runs/curves/chart-axes.ts, runs/curves/chart-words.ts, runs/curves/chart-file.ts

import { axesOf, extent, SHAPES, Size, type Shape } from './chart-axes.ts';
import { drawCurve, drawLine, across, short, type Plot } from './chart-line.ts';
import type { Axis } from './chart-scale.ts';
import { DEFAULT_SETTINGS, isSmoothed, Scale, XAxis, type ChartSettings } from './chart-settings.ts';
import { escapeXml, widthOf } from './chart-text.ts';
import { axisName, describeChart } from './chart-words.ts';
import type { RunColor } from './colors.ts';
import type { Curve } from './curves.ts';

export interface ChartInput {
  curves: readonly Curve[];
  colors: ReadonlyMap<string, RunColor>;
  key: string;
  settings: ChartSettings;
  size: Size;
  /** A picture of its own measures. */
  shape?: Shape;
}

/** Of more lines than this each is thin: broader ones hide each other, and take a browser three times as long. */
const THIN_BEYOND = 20;
const PLAIN: RunColor = { color: 'c0', dash: 'd0' };

/** The whole `<svg>`; '' when nothing can be drawn (see `whyEmpty`). It holds no style and is safe as HTML. */
export function drawChart(input: ChartInput): string {
  const { width, height } = SHAPES[input.size];
  const body = drawPlot(input, { left: 0, right: width, top: 0, bottom: height });
  if (body === '') return '';
  const label = escapeXml(describeChart(input.curves, input.key, input.settings));
  const thin = input.curves.length > THIN_BEYOND ? ' thin' : '';
  return `<svg class="plot ${input.size}${thin}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg>`;
}

/** Just the line of one curve, in the colour of what is around it. */
export function drawSpark(curve: Curve): string {
  const { width, height } = SHAPES[Size.Thumb];
  const axes = axesOf([curve], DEFAULT_SETTINGS, Size.Thumb);
  if (!axes) return '';
  const tight = { ...axes, y: tightAxis(curve) };
  const plot: Plot = { ...tight, left: 2, right: width - 2, top: 2, bottom: height - 2, scale: Scale.Linear };
  const label = escapeXml(describeChart([curve], curve.key, DEFAULT_SETTINGS));
  const line = drawLine(curve.buckets, plot, 'line', (bucket) => bucket.mean);
  return `<svg class="spark" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${line}</svg>`;
}

/** A thumbnail has no ticks to be framed by: its line fills the height. */
function tightAxis(curve: Curve): Axis {
  const means = curve.buckets.flatMap(({ mean }) => mean ?? []);
  const [min, max] = extent(means);
  return { min, max, ticks: [], at: (value) => (max > min ? (value / 2 - min / 2) / (max / 2 - min / 2) : 0.5) };
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Axes, grid and curves within a box; '' when nothing can be drawn. */
export function drawPlot({ curves, colors, settings, size, shape }: ChartInput, box: Box): string {
  const axes = axesOf(curves, settings, size, shape);
  if (!axes) return '';
  // Where it is not simply the step, an axis says what it is.
  const named = size === Size.Large || settings.x !== XAxis.Step;
  const plot: Plot = {
    ...axes,
    scale: settings.scale,
    left: box.left + 8 + Math.max(24, ...axes.y.ticks.map(({ label }) => widest(label))),
    right: box.right - 14,
    top: box.top + 10,
    bottom: box.bottom - (named ? 40 : 24),
  };
  const name = named
    ? `<text class="ax" x="${short((plot.left + plot.right) / 2)}" y="${plot.bottom + 34}" text-anchor="middle">${escapeXml(axisName(settings, axes.x))}</text>`
    : '';
  const lines = curves.map((curve) => drawCurve(curve, colors.get(curve.run.id) ?? PLAIN, plot, isSmoothed(settings)));
  return drawValueTicks(plot) + drawPlaceTicks(plot) + name + lines.join('');
}

/** On a narrow screen app.css writes labels at 14 px instead of 11; the picture is made once for all. */
export function widest(label: string): number {
  return widthOf(label) * 1.27;
}

export function drawValueTicks({ left, right, top, bottom, y }: Plot): string {
  return y.ticks
    .map(({ value, label }) => {
      const at = short(bottom - y.at(value) * (bottom - top));
      return `<path class="grid" d="M${left} ${at}H${right}"/><text class="ax" x="${short(left - 6)}" y="${short(at + 4)}" text-anchor="end">${label}</text>`;
    })
    .join('');
}

/** Labels that would touch the one before are left out. */
export function drawPlaceTicks(plot: Plot): string {
  let free = -Infinity;
  return plot.x.ticks
    .map(({ value, label }) => {
      const half = widest(label) / 2;
      const at = short(Math.min(plot.right + 14 - half, Math.max(half, across(plot, value))));
      if (at - half < free) return '';
      free = at + half + 8;
      return `<text class="ax" x="${at}" y="${plot.bottom + 18}" text-anchor="middle">${label}</text>`;
    })
    .join('');
}
