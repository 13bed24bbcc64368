// runs/pictures/frame.ts
// Purpose: the axes of a picture: grid, ticks and names around the place where marks are drawn.
// Why: all kinds of pictures have the frame that curves have, drawn by the same functions.
// Relevant files: runs/curves/chart-svg.ts, runs/pictures/scatter.ts, runs/pictures/boxes.ts

import { middle } from '../../shared/format.ts';
import { shapeFor } from '../curves/chart-axes.ts';
import { short, type Plot } from '../curves/chart-line.ts';
import type { Axis } from '../curves/chart-scale.ts';
import { Scale } from '../curves/chart-settings.ts';
import { drawPlaceTicks, drawValueTicks, widest, type Box } from '../curves/chart-svg.ts';
import { escapeXml } from '../curves/chart-text.ts';

export interface Frame {
  svg: string;
  plot: Plot;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** How many ticks fit into a box, across and upwards. */
export function ticksIn(box: Box): { x: number; y: number } {
  const { xTicks, yTicks } = shapeFor(box.right - box.left, box.bottom - box.top);
  return { x: xTicks, y: yTicks };
}

/** `names`: of the axis below, and of the one on the left, which is written above it. */
export function drawFrame(axes: { x: Axis; y: Axis }, names: { x: string; y: string }, box: Box): Frame {
  const plot: Plot = {
    ...axes,
    scale: Scale.Linear,
    left: short(box.left + 10 + Math.max(24, ...axes.y.ticks.map(({ label }) => widest(label)))),
    right: box.right - 14,
    top: box.top + (names.y === '' ? 10 : 26),
    bottom: box.bottom - 40,
  };
  const { left, right, top, bottom } = plot;
  const below = `<text class="ax" x="${short((left + right) / 2)}" y="${bottom + 34}" text-anchor="middle">${escapeXml(names.x)}</text>`;
  const above = names.y === '' ? '' : `<text class="ax" x="${box.left + 4}" y="${box.top + 13}">${escapeXml(names.y)}</text>`;
  return {
    svg: drawValueTicks(plot) + drawPlaceTicks(plot) + below + above,
    plot,
    x: (value) => left + axes.x.at(value) * (right - left),
    y: (value) => bottom - axes.y.at(value) * (bottom - top),
  };
} // prettier-ignore

/** One row for each name, from the top down; names are cut in the middle to so many characters. */
export function rowAxis(names: readonly string[], most: number): Axis {
  const at = (row: number): number => 1 - (row + 0.5) / names.length;
  const ticks = names.map((name, value) => ({ value, label: escapeXml(middle(name, most)) }));
  return { min: 0, max: names.length, at, ticks };
}
