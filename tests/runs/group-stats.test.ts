// tests/runs/group-stats.test.ts
// Purpose: mean and standard deviation of 1,000 random samples are what exact arithmetic gives, to 1e-12.
// Why: these two numbers are what people publish.
// Relevant files: runs/groups/group-stats.ts

import { expect, it } from 'vitest';
import { statsOf } from '../../runs/groups/group-stats.ts';
import { randomFrom } from '../support/random.ts';

/** A double is a whole number divided by 2 to this power; all of ours are. */
const SHIFT = 1200n;

/** `value` × 2^SHIFT, exactly. */
function exact(value: number): bigint {
  if (value === 0) return 0n;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = (bits & ((1n << 52n) - 1n)) | (exponent === 0n ? 0n : 1n << 52n);
  const power = (exponent === 0n ? 1n : exponent) - 1075n + SHIFT;
  return (bits >> 63n === 1n ? -1n : 1n) * (fraction << power);
}

/** The quotient as a double, right to 1e-15. */
function quotient(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  const sign = a < 0n !== b < 0n ? -1 : 1;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const shift = BigInt(Math.max(0, 64 - (x.toString(2).length - y.toString(2).length)));
  const whole = ((x << shift) / y).toString(2);
  return sign * Number(BigInt(`0b${whole.slice(0, 64)}`)) * 2 ** (whole.length - Math.min(64, whole.length)) * 2 ** -Number(shift); // prettier-ignore
}

function reference(values: number[]): { mean: number; variance: number } {
  const [n, all] = [BigInt(values.length), values.map(exact)];
  const total = all.reduce((sum, value) => sum + value, 0n);
  // n² times the sum of squared deviations, times 2^(2 SHIFT).
  const squares = all.reduce((sum, value) => sum + (n * value - total) ** 2n, 0n);
  const variance = quotient(squares >> SHIFT, (n * n * (n - 1n)) << SHIFT);
  return { mean: quotient(total, n << SHIFT), variance };
}

const close = (got: number, want: number): boolean => got === want || Math.abs(got - want) <= 1e-12 * Math.abs(want);

it('of samples that are small, large, nearly equal, or far from zero', () => {
  const random = randomFrom(5);
  for (let i = 0; i < 1_000; i++) {
    const n = 2 + Math.floor(random() * 12);
    const [size, offset] = [10 ** (random() * 40 - 20), random() < 0.5 ? 0 : 10 ** (random() * 8)];
    const values = Array.from({ length: n }, () => (random() - 0.5 + offset) * size);
    const got = statsOf(values);
    const want = reference(values);
    expect(close(got?.mean ?? NaN, want.mean), `mean of ${values.join(' ')}: ${got?.mean}, exactly ${want.mean}`).toBe(true);
    expect(close((got?.std ?? NaN) ** 2, want.variance), `variance of ${values.join(' ')}: ${(got?.std ?? NaN) ** 2}, exactly ${want.variance}`).toBe(true);
    expect([got?.n, got?.min, got?.max]).toEqual([n, Math.min(...values), Math.max(...values)]);
  }
}); // prettier-ignore

it('at the edges: none, one, equal ones, and values whose squares overflow', () => {
  expect(statsOf([])).toBeNull();
  expect(statsOf([0.3])).toEqual({ n: 1, mean: 0.3, std: null, min: 0.3, max: 0.3 });
  expect(statsOf([0.1, 0.1, 0.1])).toEqual({ n: 3, mean: 0.1, std: 0, min: 0.1, max: 0.1 });
  expect(statsOf([0, 0])).toEqual({ n: 2, mean: 0, std: 0, min: 0, max: 0 });
  const huge = statsOf([1e308, 1.5e308]);
  expect(huge?.mean).toBe(1.25e308);
  expect(close(huge?.std ?? NaN, 0.5e308 / Math.SQRT2)).toBe(true);
  const tiny = statsOf([1e-300, 3e-300]);
  expect(close(tiny?.std ?? NaN, Math.SQRT2 * 1e-300)).toBe(true);
});
