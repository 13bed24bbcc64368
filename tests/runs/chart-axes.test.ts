// tests/runs/chart-axes.test.ts
// Purpose: axes: which ticks are chosen, that values land where they belong, at the edges of doubles and of time.
// Why: a chart is read at its ticks; a wrong or repeated one is a wrong reading.
// Relevant files: runs/curves/chart-ticks.ts, runs/curves/time-ticks.ts, runs/curves/chart-scale.ts

import { expect, test } from 'vitest';
import { valueAxis, xAxis, xLabel, type Axis } from '../../runs/curves/chart-scale.ts';
import { Scale, XAxis } from '../../runs/curves/chart-settings.ts';
import { niceStep } from '../../runs/curves/chart-ticks.ts';
import { randomFrom } from '../support/random.ts';

const labels = (axis: Axis): string => axis.ticks.map(({ label }) => label).join(' | ');
const COUNT = 5;
const STEP_MAX = Number.MAX_SAFE_INTEGER;

test.each([
  [0.9, 0.98, '0.90 | 0.92 | 0.94 | 0.96 | 0.98'],
  [0.07, 0.32, '0.05 | 0.10 | 0.15 | 0.20 | 0.25 | 0.30 | 0.35'],
  [-3, 5, '−4 | −2 | 0 | 2 | 4 | 6'],
  [0, 2e6, '0 | 500k | 1M | 1.5M | 2M'],
  [123456, 123460, '123,456 | 123,457 | 123,458 | 123,459 | 123,460'],
  [0, 1e-9, '0 | 2e-10 | 4e-10 | 6e-10 | 8e-10 | 1e-9'],
  [1.5, 1.5, '1.35 | 1.40 | 1.45 | 1.50 | 1.55 | 1.60 | 1.65'],
  [0, 0, '−1.0 | −0.5 | 0 | 0.5 | 1.0'],
  [-0, -0, '−1.0 | −0.5 | 0 | 0.5 | 1.0'],
  [-1.7e308, 1.7e308, '−1.5e308 | −1e308 | −5e307 | 0 | 5e307 | 1e308 | 1.5e308'],
  [1e-320, 3e-320, '1e-320 | 1.5e-320 | 2e-320 | 2.5e-320 | 3e-320'],
  [1e16, 1e16 + 4, '10,000,000,000,000,000 | 10,000,000,000,000,002 | 10,000,000,000,000,004'],
])('a linear axis from %d to %d', (min, max, expected) => {
  expect(labels(valueAxis(min, max, Scale.Linear, COUNT))).toBe(expected);
});

test.each([
  [1e-4, 1, '1e-4 | 0.001 | 0.01 | 0.1 | 1'],
  [0.07, 2.3, '0.1 | 0.2 | 0.5 | 1 | 2'],
  [1, 1e5, '1 | 10 | 100 | 1,000 | 10k | 100k'],
  [5e-324, 1e308, '1e-300 | 1e-200 | 1e-100 | 1 | 1e100 | 1e200 | 1e300'],
  [0.5, 0.8, '0.50 | 0.55 | 0.60 | 0.65 | 0.70 | 0.75 | 0.80'],
  [1e307, 1.7e308, '1e307 | 2e307 | 5e307 | 1e308'],
])('a log axis from %d to %d', (min, max, expected) => {
  const axis = valueAxis(min, max, Scale.Log, COUNT);
  expect(labels(axis)).toBe(expected);
  expect(axis.at(Math.sqrt(axis.min) * Math.sqrt(axis.max))).toBeCloseTo(0.5, 2);
});

test.each([
  [20, 300, '0 | 50 | 100 | 150 | 200 | 250 | 300'],
  [0, 3, '0 | 1 | 2 | 3'],
  [5, 5, '5'],
  [0, 0, '0'],
  [1000, 48_000, '0 | 10k | 20k | 30k | 40k'],
  [STEP_MAX - 1, STEP_MAX, '9,007,199,254,740,990 | 9,007,199,254,740,991'],
  [-STEP_MAX, STEP_MAX, '−8e15 | −6e15 | −4e15 | −2e15 | 0 | 2e15 | 4e15 | 6e15 | 8e15'],
])('steps from %d to %d have whole ticks', (min, max, expected) => {
  const axis = xAxis(min, max, XAxis.Step, 6);
  expect(labels(axis)).toBe(expected);
  expect(axis.ticks.every(({ value }) => Number.isInteger(value))).toBe(true);
});

test('an axis begins at 0 near it, but never when a stretch was asked for', () => {
  expect(xAxis(20, 300, XAxis.Step, 6).min).toBe(0);
  expect(xAxis(20, 300, XAxis.Step, 6, true).min).toBe(20);
  expect(xAxis(100, 300, XAxis.Step, 6).min).toBe(100);
});

test.each([
  [0.31, '0 | 0.05 s | 0.10 s | 0.15 s | 0.20 s | 0.25 s | 0.30 s'],
  [45, '0 | 10 s | 20 s | 30 s | 40 s'],
  [900, '0 | 2 min | 4 min | 6 min | 8 min | 10 min | 12 min | 14 min'],
  [4000, '0 | 10 min | 20 min | 30 min | 40 min | 50 min | 1:00 h'],
  [20_000, '0 | 1 h | 2 h | 3 h | 4 h | 5 h'],
  [1e6, '0 | 2 d | 4 d | 6 d | 8 d | 10 d'],
])('%d seconds since the start', (max, expected) => {
  expect(labels(xAxis(0, max, XAxis.Relative, 6))).toBe(expected);
});

const NOON = Date.UTC(2026, 10, 23, 14, 20, 41, 123);
test.each([
  [3, '14:20:41.123 | 14:20:41.124 | 14:20:41.125 | 14:20:41.126'],
  [5_000, '14:20:42 | 14:20:43 | 14:20:44 | 14:20:45 | 14:20:46'],
  [4e6, '14:30 | 14:40 | 14:50 | 15:00 | 15:10 | 15:20'],
  [5e7, '16:00 | 18:00 | 20:00 | 22:00 | 24 Nov | 02:00 | 04:00'],
  [3e9, '26 Nov | 3 Dec | 10 Dec | 17 Dec | 24 Dec'],
  [3e10, 'Jan 2027 | Mar 2027 | May 2027 | Jul 2027 | Sep 2027 | Nov 2027'],
])('clock time over %d ms, in UTC', (range, expected) => {
  expect(labels(xAxis(NOON, NOON + range, XAxis.Time, 6))).toBe(expected);
});

test('the whole range of dates has few ticks, one moment has one', () => {
  const all = xAxis(-8.64e15, 8.64e15, XAxis.Time, 6);
  expect(all.ticks.length).toBeGreaterThan(2);
  expect(all.ticks.length).toBeLessThan(12);
  expect(labels(xAxis(NOON, NOON, XAxis.Time, 6))).toBe('14:20:41.123');
  expect(xLabel(0, XAxis.Relative)).toBe('0');
});

test('whatever the range: ticks rise, lie within, are few, have different labels, and values keep their order', () => {
  const random = randomFrom(4);
  for (let round = 0; round < 3_000; round += 1) {
    const a = (random() - 0.5) * 10 ** (random() * 600 - 300);
    const b = random() < 0.3 ? a * (1 + random() * 1e-6) : (random() - 0.5) * 10 ** (random() * 600 - 300);
    const [min, max] = [Math.min(a, b), Math.max(a, b)];
    for (const axis of [
      valueAxis(min, max, Scale.Linear, COUNT),
      valueAxis(Math.abs(min) || 1, Math.max(Math.abs(min) || 1, Math.abs(max)), Scale.Log, COUNT),
    ]) {
      const values = axis.ticks.map(({ value }) => value);
      const seen = `${min} to ${max}: ${labels(axis)}`;
      expect(values, seen).toEqual([...new Set(values)].sort((x, y) => x - y));
      expect(values.length, seen).toBeLessThan(13);
      expect(
        values.every((value) => value >= axis.min - Math.abs(axis.min) * 1e-9 && value <= axis.max),
        seen,
      ).toBe(true);
      expect(new Set(axis.ticks.map(({ label }) => label)).size, seen).toBe(values.length);
      expect(axis.at(axis.min), seen).toBeCloseTo(0);
      expect(axis.at(axis.max), seen).toBeCloseTo(1);
    }
  }
});

test('a nice step is 1, 2 or 5 by a power of ten, and near what was asked for', () => {
  for (const raw of [1e-300, 0.0123, 0.7, 1, 3, 4.9, 33, 7e200]) {
    const step = niceStep(raw);
    expect(step.toExponential()).toMatch(/^[125]e/);
    expect(step / raw).toBeGreaterThan(0.6);
    expect(step / raw).toBeLessThan(1.7);
  }
});
