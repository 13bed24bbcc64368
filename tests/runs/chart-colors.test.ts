// tests/runs/chart-colors.test.ts
// Purpose: a run's colour comes from its number; within a chart no two runs look the same as long as that is possible.
// Why: colour is how a run is found again.
// Relevant files: runs/curves/colors.ts

import { expect, test } from 'vitest';
import { colorOf, colorsFor } from '../../runs/curves/colors.ts';

const runs = (...numbers: number[]): { id: string; number: number }[] =>
  numbers.map((number, index) => ({ id: `${index}-${number}`, number }));
const looks = (...numbers: number[]): string[] =>
  [...colorsFor(runs(...numbers)).values()].map(({ color, dash }) => `${color} ${dash}`);

test.each([
  [1, 'c0', 'd0'],
  [10, 'c9', 'd0'],
  [11, 'c0', 'd1'],
  [30, 'c9', 'd2'],
  [31, 'c0', 'd0'],
])('run %d is %s %s', (number, color, dash) => {
  expect(colorOf(number)).toEqual({ color, dash });
});

test('the hue is the same in every chart; dashes only where two runs share it', () => {
  expect(looks(13)).toEqual(['c2 d0']);
  expect(looks(13, 14)).toEqual(['c2 d0', 'c3 d0']);
  expect(looks(3, 13, 23)).toEqual(['c2 d0', 'c2 d1', 'c2 d2']);
});

test('runs that would look the same: the first keeps its colour, and takes none from a run that owns it', () => {
  expect(looks(1, 1, 2)).toEqual(['c0 d0', 'c2 d0', 'c1 d0']);
  expect(looks(1, 31, 2)).toEqual(['c0 d0', 'c2 d0', 'c1 d0']);
});

test('30 runs all look different, whatever their numbers; more than 30 repeat', () => {
  expect(new Set(looks(...Array.from({ length: 30 }, (_, index) => index + 1))).size).toBe(30);
  expect(new Set(looks(...Array.from({ length: 30 }, () => 7))).size).toBe(30);
  expect(looks(...Array.from({ length: 100 }, (_, index) => index + 1))).toHaveLength(100);
});
