// runs/curves/chart-scale.ts
// Purpose: from values to places: domain, position and ticks of an axis, linear, log or symlog, steps, time or a metric.
// Why: one arithmetic that holds for equal values, ±1.7e308, subnormal numbers and steps at 2^53.
// Relevant files: runs/curves/chart-ticks.ts, runs/curves/time-ticks.ts, runs/curves/chart-svg.ts

import { Scale, XAxis } from './chart-settings.ts';
import { linearTicks, logTicks, numberLabel, stepFor, symlogTicks, times, type Tick } from './chart-ticks.ts';
import { durationLabel, durationTicks, timeLabel, timeTicks } from './time-ticks.ts';

export interface Axis {
  min: number;
  max: number;
  ticks: Tick[];
  /** 0 at min, 1 at max; values outside the domain are held at its edge. NaN is not a value. */
  at: (value: number) => number;
  /** c of a symlog scale, asinh(y / c). */
  linearTo?: number;
}

/** The value axis. `min` and `max`: the least and greatest finite value, both > 0 on a log scale. */
export function valueAxis(min: number, max: number, scale: Scale, count: number, linearTo = 1): Axis {
  if (scale === Scale.Symlog) return symlogAxis(min, max, count, linearTo);
  return scale === Scale.Log ? logAxis(min, max, count) : linearAxis(min, max, count);
}

/** Widened to round values, so that the first and last grid line frame the data. */
function linearAxis(least: number, greatest: number, count: number): Axis {
  const [min, max] = least === greatest ? around(least) : [least, greatest];
  const step = stepFor(min, max, count) ?? 1;
  const low = finite(times(Math.floor(min / step + 1e-9), step), min);
  const high = finite(times(Math.ceil(max / step - 1e-9), step), max);
  const [from, to] = low < high ? [Math.min(low, min), Math.max(high, max)] : [min, max];
  return { min: from, max: to, ticks: linearTicks(from, to, step), at: linear(from, to) };
}

function around(value: number): [number, number] {
  const pad = Math.abs(value) / 10 || 1;
  return [finite(value - pad, value), finite(value + pad, value)];
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}

function linear(min: number, max: number): (value: number) => number {
  // In halves: max − min may be beyond the largest double.
  const range = max / 2 - min / 2;
  return (value) => (range > 0 ? clamp((value / 2 - min / 2) / range) : 0.5);
}

/** A twentieth of the range is added at both ends; without a range, a factor of two. */
function logAxis(least: number, greatest: number, count: number): Axis {
  const [low, high] = [Math.log10(least), Math.log10(greatest)];
  const pad = high > low ? (high - low) / 20 : Math.log10(2);
  const min = Math.max(10 ** (low - pad), Number.MIN_VALUE);
  const max = finite(10 ** (high + pad), Number.MAX_VALUE);
  const [from, to] = [Math.log10(min), Math.log10(max)];
  return { min, max, ticks: logTicks(min, max, count), at: (value) => clamp((Math.log10(value) - from) / (to - from)) };
}

/** asinh(y / c): linear up to about ±c, logarithmic beyond, and the same for both signs. A twentieth is added at both ends. */
function symlogAxis(least: number, greatest: number, count: number, c: number): Axis {
  const to = (value: number): number => Math.asinh(value / c);
  const [low, high] = [to(least), to(greatest)];
  const pad = high > low ? (high - low) / 20 : 0.5;
  const back = (place: number, otherwise: number): number => finite(c * Math.sinh(place), otherwise);
  const [min, max] = [back(low - pad, least), back(high + pad, greatest)];
  const [from, range] = [to(min), to(max) - to(min)];
  return {
    min,
    max,
    ticks: symlogTicks(min, max, c, count),
    at: (value) => (range > 0 ? clamp((to(value) - from) / range) : 0.5),
    linearTo: c,
  };
}

/** The x-axis: exactly the data; from 0 where the data starts near it, unless a stretch was asked for (`exact`). */
export function xAxis(least: number, greatest: number, kind: XAxis, count: number, exact = false): Axis {
  const nearZero = !exact && kind !== XAxis.Time && kind !== XAxis.Metric && least > 0 && least <= greatest * 0.15;
  const [min, max] = [nearZero ? 0 : least, greatest];
  if (min < max) return { min, max, ticks: xTicks(min, max, kind, count), at: linear(min, max) };
  // One place only: it stands in the middle.
  return { min, max, ticks: [{ value: min, label: xLabel(min, kind) }], at: () => 0.5 };
}

/** A single place on the x-axis in words. */
export function xLabel(value: number, kind: XAxis): string {
  if (kind === XAxis.Step) return numberLabel(value, 1);
  if (kind === XAxis.Metric) return numberLabel(value, 0);
  return kind === XAxis.Time ? timeLabel(value, value % 1000 === 0 ? 1 : 0) : durationLabel(value, 0.01);
}

function xTicks(min: number, max: number, kind: XAxis, count: number): Tick[] {
  if (kind === XAxis.Step) return linearTicks(min, max, stepFor(min, max, count, true) ?? 1);
  if (kind === XAxis.Metric) return linearTicks(min, max, stepFor(min, max, count) ?? 1);
  return kind === XAxis.Time ? timeTicks(min, max, count) : durationTicks(min, max, count);
}

function clamp(part: number): number {
  return Math.min(1, Math.max(0, part));
}
