// runs/curves/chart-axes.ts
// Purpose: the sizes of charts, and the two axes that the values of some curves need.
// Why: picture and live chart have the same axes, computed here and nowhere else.
// Relevant files: runs/curves/chart-scale.ts, runs/curves/chart-svg.ts, runs/curves/curve-views.ts

import { valueAxis, xAxis, type Axis } from './chart-scale.ts';
import { Scale, type ChartSettings } from './chart-settings.ts';
import type { Curve } from './curves.ts';
import { fenceOf } from './outliers.ts';

export const Size = { Thumb: 'thumb', Small: 'small', Normal: 'normal', Large: 'large' } as const;
export type Size = (typeof Size)[keyof typeof Size];

export interface Shape {
  width: number;
  height: number;
  /** About how many ticks fit. */
  xTicks: number;
  yTicks: number;
  /** Buckets beyond which nothing more can be seen. */
  buckets: number;
}

export const SHAPES: Record<Size, Shape> = {
  [Size.Thumb]: { width: 80, height: 20, xTicks: 2, yTicks: 2, buckets: 40 },
  [Size.Small]: { width: 440, height: 130, xTicks: 5, yTicks: 3, buckets: 160 },
  [Size.Normal]: { width: 560, height: 230, xTicks: 6, yTicks: 5, buckets: 320 },
  [Size.Large]: { width: 1100, height: 420, xTicks: 11, yTicks: 7, buckets: 320 },
};

/** Of a picture that is so many units wide and high: a tick every hundred units, and every sixty upwards. */
export function shapeFor(width: number, height: number): Shape {
  const ticks = (length: number, each: number): number => Math.max(2, Math.round(length / each));
  return { width, height, xTicks: ticks(width, 100), yTicks: ticks(height, 60), buckets: SHAPES.large.buckets };
}

/** Both axes; null when there is no value to draw. */
export function axesOf(
  curves: readonly Curve[],
  settings: ChartSettings,
  size: Size,
  shape: Shape = SHAPES[size],
): { x: Axis; y: Axis } | null {
  const positive = settings.scale === Scale.Log;
  const spans = spansOf(curves, positive);
  if (spans.y[0] > spans.y[1]) return null;
  const [minX, maxX] = spans.x;
  const fence = fenceOf(curves, settings);
  const [minY, maxY] = fence ? [fence.low, fence.high] : spans.y;
  const zoomed = settings.from !== undefined || settings.to !== undefined;
  return {
    x: xAxis(minX, maxX, settings.x, shape.xTicks, zoomed),
    y: valueAxis(minY, maxY, settings.scale, shape.yTicks, linearTo(spans.size)),
  };
}

type Span = [least: number, greatest: number];

/**
 * From where to where places, values and sizes of values but 0 reach, without a list of them: twenty lines have 20,000.
 * `positive`: values above 0 only.
 */
function spansOf(curves: readonly Curve[], positive: boolean): { x: Span; y: Span; size: Span } {
  const [x, y, size] = [nothing(), nothing(), nothing()];
  const add = (value: number | null): void => {
    if (value === null || (positive && value <= 0)) return;
    widen(y, value);
    if (value !== 0) widen(size, Math.abs(value));
  };
  for (const { buckets } of curves) {
    for (const bucket of buckets) {
      widen(x, bucket.x);
      add(bucket.min);
      add(bucket.max);
      add(bucket.mean);
    }
  }
  return { x, y, size };
}

function nothing(): Span {
  return [Infinity, -Infinity];
}

function widen(span: Span, value: number): void {
  if (value < span[0]) span[0] = value;
  if (value > span[1]) span[1] = value;
}

/** Decades that a symlog axis has on each side at most. */
const DECADES = 6;

/**
 * c of a symlog scale, asinh(y / c): the power of ten at or below the least value that is not 0, and at most six decades
 * below the greatest, so that one value near 0 does not take the whole axis.
 */
function linearTo([least, greatest]: Span): number {
  if (!(least > 0 && greatest < Infinity)) return 1;
  const power = Math.max(Math.floor(Math.log10(least)), Math.floor(Math.log10(greatest)) - DECADES);
  return Math.max(Number(`1e${power}`), Number.MIN_VALUE);
}

export function extent(values: readonly number[]): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}
