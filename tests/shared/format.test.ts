// tests/shared/format.test.ts
// Purpose: numbers, times, durations and sizes as people read them.
// Why: one wrong digit on a page is believed.
// Relevant files: shared/format.ts

import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatColumn,
  formatDuration,
  formatNumber,
  formatStep,
  formatTime,
  middle,
  plural,
  relativeTime,
} from '../../shared/format.ts';

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [-0, '−0'],
    [1, '1'],
    [-12345, '−12,345'],
    [0.97777777, '0.9778'],
    [-0.5, '−0.5000'],
    [123.456789, '123.4568'],
    [0.001, '0.0010'],
    [0.000123456, '1.235e-4'],
    [1.23e-7, '1.23e-7'],
    [-1.5e300, '−1.5e300'],
    [1234567.25, '1.235e6'],
    [1e15, '1e15'],
    [999999.5, '999,999.5000'],
    [5e-324, '4.941e-324'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [null, '–'],
  ])('%s is shown as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

test.each<[(number | null)[], string[]]>([
  [
    [1, 20_000, null],
    ['1', '20,000', '–'],
  ],
  [
    [100_000, -2_500.5, 0],
    ['100,000.0000', '−2,500.5000', '0.0000'],
  ],
  [
    [-100_000, 0.5, NaN],
    ['−100,000.0000', '0.5000', 'NaN'],
  ],
  [
    [2_000_000, 0.25],
    ['2,000,000', '0.2500'],
  ],
])('a column %j reads %j: one number of digits, grouped like anywhere else', (values, texts) => {
  expect(formatColumn(values)).toEqual(texts);
});

test('steps are grouped, also below 0', () => {
  expect([0, -0, 12_000, -3, -Number.MAX_SAFE_INTEGER].map(formatStep)).toEqual([
    '0',
    '0',
    '12,000',
    '−3',
    '−9,007,199,254,740,991',
  ]);
});

const NOW = Date.UTC(2026, 10, 23, 14, 20, 41);

describe('times', () => {
  test('exact ones are UTC', () => {
    expect(formatTime(NOW)).toBe('23 Nov 2026, 14:20:41 UTC');
    expect(formatTime(-1)).toBe('31 Dec 1969, 23:59:59 UTC');
  });

  test.each([
    [0, 'just now'],
    [4_000, '4 s ago'],
    [-4_000, 'in 4 s'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [2 * 3_600_000, '2 h ago'],
    [25 * 3_600_000, 'yesterday'],
    [3 * 86_400_000, '3 d ago'],
    [40 * 86_400_000, '14 Oct 2026'],
    [-3 * 86_400_000, 'in 3 d'],
  ])('%d ms ago is %s', (ago, text) => {
    expect(relativeTime(NOW - ago, NOW)).toBe(text);
  });

  test('a page that ticks by the minute is behind by up to one: what was done since is not in the future', () => {
    const tick = NOW - (NOW % 60_000);
    expect(relativeTime(NOW, tick)).toBe('just now');
    expect(relativeTime(tick + 90_000, tick)).toBe('in 1 min');
  });
});

test.each([
  [0, '0 ms'],
  [3.4, '3 ms'],
  [10, '0.01 s'],
  [310, '0.31 s'],
  [42_000, '42.0 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
  [273_600_000, '3 d 4 h'],
  [-1, '–'],
])('a duration of %d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
  [3 * 1024 ** 5, '3072.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('plurals', () => {
  expect([plural(1, 'run'), plural(0, 'run'), plural(1234, 'entry', 'entries')]).toEqual([
    '1 run',
    '0 runs',
    '1,234 entries',
  ]);
});

test('long names are cut in the middle, between characters', () => {
  expect(middle('short')).toBe('short');
  expect(middle('0123456789', 7)).toBe('012…789');
  const cut = middle('🎲'.repeat(100), 11);
  expect([...cut]).toHaveLength(11);
  expect(cut.isWellFormed()).toBe(true);
});
