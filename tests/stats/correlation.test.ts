// tests/stats/correlation.test.ts
// Purpose: Pearson, Spearman, least squares and quartiles equal scipy's and numpy's on 120 generated cases; the edges we name.
// Why: figures beside a picture are quoted as they stand.
// Relevant files: shared/stats/correlation.ts, shared/stats/quantiles.ts, tests/stats/make_references.py

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leastSquares, pearson, spearman } from '../../shared/stats/correlation.ts';
import { boxOf, quantile } from '../../shared/stats/quantiles.ts';

interface References {
  together: [x: number[], y: number[], correlations: (number | string)[] | null, line: number[] | null][];
  quantiles: [values: number[], quartiles: [number, number, number]][];
}
const known = JSON.parse(readFileSync('tests/fixtures/statistics.json', 'utf8')) as References;

function expectNear(found: number | null | undefined, wanted: number | string | undefined, unit: number, what: unknown): void {
  const far = Math.abs((found ?? NaN) - Number(wanted)) / Math.max(Math.abs(Number(wanted)), unit);
  expect(far, `${JSON.stringify(what)}: ${found} instead of ${wanted}`).toBeLessThan(1e-9);
} // prettier-ignore

it('r, ρ and their p as scipy has them, with ties, few values and large ones', () => {
  let told = 0;
  for (const [x, y, wanted] of known.together) {
    const [r, rho] = [pearson(x, y), spearman(x, y)];
    expect(r === null).toBe(wanted === null);
    if (!wanted || !r || !rho) continue;
    told += 1;
    expectNear(r.r, wanted[0], 1e-6, [x, y, 'r']);
    expectNear(rho.r, wanted[2], 1e-6, [x, y, 'rho']);
    // Deliberately: two pairs always lie on a line; we say nothing where scipy says 1 or NaN.
    expect(r.p === null).toBe(x.length < 3);
    // Where hardly anything is left to ±1, a last digit of r is many of p.
    if (r.p !== null && Math.abs(r.r) < 0.999) expectNear(r.p, wanted[1], 1e-9, [x, y, 'p']);
    if (rho.p !== null && Math.abs(rho.r) < 0.999) expectNear(rho.p, wanted[3], 1e-9, [x, y, 'p of rho']);
  }
  expect(told).toBeGreaterThan(80);
});

it('the line with the least squares as scipy has it', () => {
  for (const [x, y, , wanted] of known.together) {
    const line = leastSquares(x, y);
    expect(line === null).toBe(wanted === null);
    if (!line || !wanted) continue;
    const unit = Math.max(...y.map(Math.abs)) * 1e-3;
    const spread = Math.max(...x) - Math.min(...x);
    expectNear(line.slope * spread, (wanted[0] ?? 0) * spread, unit, [x, y, 'slope']);
    expectNear(line.intercept, wanted[1], unit, [x, y, 'intercept']);
    expectNear(line.r2, wanted[2], 1e-6, [x, y, 'r²']);
  }
});

it('quartiles as numpy has them', () => {
  for (const [values, [q1, median, q3]] of known.quantiles) {
    const box = boxOf(values);
    const unit = Math.max(...values.map(Math.abs));
    expectNear(box?.q1, q1, unit, values);
    expectNear(box?.median, median, unit, values);
    expectNear(box?.q3, q3, unit, values);
  }
});

describe('edges', () => {
  it('nothing varies, or there is hardly anything', () => {
    expect(pearson([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(pearson([], [])).toBeNull();
    expect(pearson([1], [2])).toBeNull();
    expect(pearson([1, 2], [5, 3])).toMatchObject({ n: 2, p: null });
    expect(pearson([1, 2], [5, 3])?.r).toBeCloseTo(-1, 12);
    expect(leastSquares([1, 1], [1, 2])).toBeNull();
    expect(leastSquares([1, 2], [3, 3])).toEqual({ slope: 0, intercept: 3, r2: 0 });
    expect(boxOf([])).toBeNull();
  });

  it('values at the ends of what a double holds neither overflow nor vanish', () => {
    expect(pearson([1e-300, 2e-300, 3e-300, 4e-300], [1e300, 2e300, 3e300, 5e300])?.r).toBeCloseTo(pearson([1, 2, 3, 4], [1, 2, 3, 5])?.r ?? NaN, 12); // prettier-ignore
    expect(quantile([-1.7e308, 1.7e308], 0.5)).toBe(0);
  });

  it('whiskers end at values, at most 1.5 times the box away; what is beyond is counted', () => {
    expect(boxOf([1, 2, 3, 4, 100])).toEqual({ n: 5, min: 1, q1: 2, median: 3, q3: 4, max: 100, low: 1, high: 4, beyond: 1 }); // prettier-ignore
    expect(boxOf([7])).toEqual({ n: 1, min: 7, q1: 7, median: 7, q3: 7, max: 7, low: 7, high: 7, beyond: 0 });
  });
});
