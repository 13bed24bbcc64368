// tests/runs/chart-smoothing.test.ts
// Purpose: the smoothed line equals its definition, term by term, and TensorBoard's on even spacing.
// Why: conclusions are drawn from smoothed lines.
// Relevant files: runs/curves/smoothing.ts

import { expect, test } from 'vitest';
import { smooth } from '../../runs/curves/smoothing.ts';

/** The formula of the docstring, written as sums. */
function plain(xs: number[], ys: (number | null)[], weight: number): (number | null)[] {
  const distance = ((xs.at(-1) ?? 0) - (xs[0] ?? 0)) / (xs.length - 1);
  return ys.map((y, i) => {
    if (y === null) return null;
    let [above, below] = [0, 0];
    for (let j = 0; j <= i; j += 1) {
      const value = ys[j] ?? null;
      if (value === null) continue;
      const part = weight ** (((xs[i] ?? 0) - (xs[j] ?? 0)) / distance);
      above += part * value;
      below += part;
    }
    return above / below;
  });
}

/** TensorBoard's: last = last·w + (1 − w)·y, divided by 1 − w^n. */
function tensorBoard(ys: number[], weight: number): number[] {
  let last = 0;
  return ys.map((y, index) => {
    last = last * weight + (1 - weight) * y;
    return last / (1 - weight ** (index + 1));
  });
}

const YS = [2, 1.5, 1.7, 0.9, 1.1, 0.4, 0.6, 0.5];

test.each([0.1, 0.6, 0.9, 0.99])('even spacing, weight %d: TensorBoard’s moving average', (weight) => {
  const smoothed = smooth([10, 20, 30, 40, 50, 60, 70, 80], YS, weight);
  for (const [index, expected] of tensorBoard(YS, weight).entries()) expect(smoothed[index]).toBeCloseTo(expected, 12);
});

test.each([0.3, 0.95])('uneven spacing and gaps, weight %d: the formula', (weight) => {
  const xs = [0, 1, 5, 6, 20, 21, 22, 100];
  const ys = [2, null, 1.7, 0.9, null, 0.4, 0.6, 0.5];
  const expected = plain(xs, ys, weight);
  for (const [index, value] of smooth(xs, ys, weight).entries()) {
    const wanted = expected[index] ?? null;
    if (wanted === null) expect(value).toBeNull();
    else expect(value).toBeCloseTo(wanted, 12);
  }
});

test('stays within its values and does not overflow', () => {
  const huge = smooth([0, 1, 2, 3], [1.7e308, 1.7e308, -1.7e308, 1.7e308], 0.9);
  expect(huge.every((value) => value !== null && Number.isFinite(value) && Math.abs(value) <= 1.7e308)).toBe(true);
});

test('one value, one place, nothing', () => {
  expect(smooth([7], [3], 0.5)).toEqual([3]);
  expect(smooth([7, 7], [3, 5], 0.5)).toEqual([3, 4]);
  expect(smooth([], [], 0.5)).toEqual([]);
  expect(smooth([1, 2], [null, null], 0.5)).toEqual([null, null]);
});
