// tests/stats/references.test.ts
// Purpose: every test, interval, correction and bootstrap equals scipy's and statsmodels' on a thousand generated cases.
// Why: a conclusion that is published must not hang on our own arithmetic; where we differ on purpose, it is said here.
// Relevant files: tests/stats/make_references.py, shared/stats/welch.ts, shared/stats/bootstrap.ts

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, chanceOfBest, resampledMeans } from '../../shared/stats/bootstrap.ts';
import { hedges } from '../../shared/stats/effect-size.ts';
import { holm } from '../../shared/stats/holm.ts';
import { incompleteBeta } from '../../shared/stats/incomplete-beta.ts';
import { leastRankP, mannWhitney } from '../../shared/stats/mann-whitney.ts';
import { noncentralT } from '../../shared/stats/noncentral-t.ts';
import { normalCdf, normalQuantile } from '../../shared/stats/normal.ts';
import { differencesOf, pairedT } from '../../shared/stats/paired.ts';
import { powerOf, seedsNeeded } from '../../shared/stats/power.ts';
import { studentTwoSided, studentUpper } from '../../shared/stats/student.ts';
import { welch } from '../../shared/stats/welch.ts';
import { wilcoxon } from '../../shared/stats/wilcoxon.ts';

/** NaN, inf and -inf are texts. */
type Stored = number | string | null;

interface References {
  made_with: Record<string, string>;
  times: number;
  two: [Stored[], Stored[], Stored[] | null][];
  pairs: [Stored[], Stored[], Stored[] | null][];
  student: [number, number, number][];
  quantile: [number, number, number][];
  normal: [number, number][];
  noncentral: [number, number, number, number][];
  beta: [number, number, number, number][];
  holm: [number[], number[]][];
  power: [number, number, Stored][];
  needed: [number, number, number, number | null][];
  bootstrap: [number[], number[], [number, number], Stored[]][];
  best: [number[][], number[]][];
}

const known = JSON.parse(readFileSync('tests/fixtures/statistics.json', 'utf8')) as References;

function numberOf(stored: Stored | undefined): number {
  return stored === 'inf' ? Infinity : stored === '-inf' ? -Infinity : typeof stored === 'number' ? stored : NaN;
}
const numbers = (stored: Stored[]): number[] => stored.map(numberOf);

/** To 1e-9 of itself; what is smaller than `unit` to 1e-9 of that. */
function expectNear(found: number | null | undefined, wanted: Stored | undefined, unit: number, what: unknown): void {
  const want = numberOf(wanted);
  expect(found, JSON.stringify(what)).not.toBeNull();
  const far = Math.abs((found ?? NaN) - want) / Math.max(Math.abs(want), unit);
  expect(far, `${JSON.stringify(what)}: ${found} instead of ${want}`).toBeLessThan(1e-9);
}

it('the references: 840 cases of scipy 1.17 and statsmodels 0.15', () => {
  expect(known.two.length + known.pairs.length).toBe(840);
  expect(known.made_with).toMatchObject({ scipy: '1.17.1', statsmodels: '0.15.0' });
});

describe('distributions', () => {
  it("Student's t and its quantiles", () => {
    for (const [t, df, p] of known.student) expectNear(studentTwoSided(t, df), p, 0, ['t', t, df]);
    for (const [tail, df, t] of known.quantile) expectNear(studentUpper(tail, df), t, 0, ['quantile', tail, df]);
  });

  it('the normal one, and its quantiles back', () => {
    for (const [z, p] of known.normal) {
      expectNear(normalCdf(z), p, 0, ['normal', z]);
      if (Math.abs(z) < 5) expectNear(normalQuantile(p), z, 1, ['quantile', p]);
    }
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5), normalCdf(40), normalCdf(-40)]).toEqual([-Infinity, Infinity, expect.closeTo(0, 15), 1, 0]); // prettier-ignore
  });

  it('noncentral t and incomplete beta', () => {
    for (const [t, df, delta, p] of known.noncentral) expectNear(noncentralT(t, df, delta), p, 1e-3, [t, df, delta]);
    for (const [a, b, x, p] of known.beta) expectNear(incompleteBeta(a, b, x), p, 1e-9, ['beta', a, b, x]);
  });
});

const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);

describe('two groups', () => {
  const cases = known.two.map(([x, y, wanted]) => ({ x: numbers(x), y: numbers(y), wanted }));
  /** Nothing is known of the noise: here we say nothing where scipy says NaN, p = 0 or p = 1. */
  const isMute = (x: number[], y: number[]): boolean => {
    const [a, b] = [x.filter(Number.isFinite), y.filter(Number.isFinite)];
    return a.length < 2 || b.length < 2 || (spread(a) === 0 && spread(b) === 0);
  };

  it('Welch: t, degrees of freedom, p, interval', () => {
    let told = 0;
    for (const { x, y, wanted } of cases) {
      const found = welch(x, y);
      if (isMute(x, y)) expect(found).toBeNull();
      if (!found) continue;
      told += 1;
      const [t, df, p, low, high] = wanted ?? [];
      const unit = Math.abs(found.difference) + found.high - found.low;
      expectNear(found.t, t, 1e-3, [x, y, 't']);
      expectNear(found.df, df, 0, [x, y, 'df']);
      expectNear(found.p, p, 1e-12, [x, y, 'p']);
      expectNear(found.low, low, unit, [x, y, 'low']);
      expectNear(found.high, high, unit, [x, y, 'high']);
    }
    expect(told).toBeGreaterThan(400);
  });

  it('Mann–Whitney: U and p, exact and not; null only without values', () => {
    const seen = { exact: 0, not: 0 };
    for (const { x, y, wanted } of cases) {
      const found = mannWhitney(x, y);
      expect(found === null).toBe(wanted === null);
      if (!found) continue;
      seen[found.exact ? 'exact' : 'not'] += 1;
      expectNear(found.statistic, wanted?.[5], 1, [x, y, 'U']);
      expectNear(found.p, wanted?.[6], 1e-12, [x, y, 'p']);
    }
    expect(Math.min(seen.exact, seen.not)).toBeGreaterThan(100);
    expect(leastRankP(3, 3)).toBeCloseTo(0.1, 15);
    expect(mannWhitney([1, 2, 3], [4, 5, 6])?.p).toBeCloseTo(leastRankP(3, 3), 15);
    expect(leastRankP(4, 4)).toBeLessThan(0.05);
  });

  it("Hedges' g and its interval by the noncentral t", () => {
    for (const { x, y, wanted } of cases) {
      const found = hedges(x, y);
      if (isMute(x, y)) expect(found).toBeNull();
      if (!found) continue;
      const [g, low, high] = (wanted ?? []).slice(7);
      expectNear(found.g, g, 1e-3, [x, y, 'g']);
      expect(found.low === null).toBe(low === null);
      if (found.low === null) continue;
      expectNear(found.low, low, 1, [x, y, 'low']);
      expectNear(found.high, high, 1, [x, y, 'high']);
    }
  });

  it('of equal values there is no noise to measure by, however they are rounded', () => {
    for (const value of [0.1, 1 / 3, 1e300, 5e-324, -0]) {
      expect(welch(Array(7).fill(value), Array(5).fill(value / 2))).toBeNull();
      expect(hedges(Array(7).fill(value), Array(5).fill(value / 2))).toBeNull();
    }
    expect(welch([], [1, 2])).toBeNull();
    expect(mannWhitney([NaN], [1, 2])).toBeNull();
    expect(welch([1e300, 1.1e300], [1e300, 1.3e300])?.p).toBeCloseTo(welch([1, 1.1], [1, 1.3])?.p ?? NaN, 12);
  });
});

it('pairs: paired t with its interval, Wilcoxon with ties, zeros and many pairs', () => {
  const seen = { exact: 0, not: 0, t: 0 };
  for (const [x, y, wanted] of known.pairs) {
    const differences = differencesOf(x.map((one, place) => [numberOf(one), numberOf(y[place])]));
    const [t, p, low, high, statistic, rankP] = wanted ?? [];
    const paired = pairedT(differences);
    // Deliberately: fewer than two pairs, or all differences equal, say nothing.
    expect(paired === null).toBe(differences.length < 2 || spread(differences) === 0);
    if (paired) {
      seen.t += 1;
      const unit = Math.abs(paired.difference) + paired.high - paired.low;
      expectNear(paired.t, t, 1e-3, [differences, 't']);
      expectNear(paired.p, p, 1e-12, [differences, 'p']);
      expectNear(paired.low, low, unit, [differences, 'low']);
      expectNear(paired.high, high, unit, [differences, 'high']);
    }
    const rank = wilcoxon(differences);
    expect(rank === null).toBe(wanted === null);
    if (!rank) continue;
    seen[rank.exact ? 'exact' : 'not'] += 1;
    // Deliberately: all differences 0 are p = 1, where scipy says NaN.
    if (differences.every((one) => one === 0)) expect(rank.p).toBe(1);
    else {
      expectNear(rank.statistic, statistic, 1, [differences, 'W']);
      expectNear(rank.p, rankP, 1e-12, [differences, 'p']);
    }
  }
  expect(seen.t).toBeGreaterThan(200);
  expect(Math.min(seen.exact, seen.not)).toBeGreaterThan(15);
});

it('Holm, with ties; no comparison is not counted', () => {
  for (const [p, wanted] of known.holm) {
    const found = holm(p);
    for (const [place, want] of wanted.entries()) expectNear(found[place], want, 1e-12, p);
    expect(holm([null, ...p])).toEqual([null, ...found]);
  }
  expect(holm([])).toEqual([]);
});

it('power of a t test, and the least number of seeds', () => {
  // Deliberately: where hardly anything is left to 1, scipy says NaN.
  for (const [d, n, power] of known.power) expectNear(powerOf(d, n), Number.isNaN(numberOf(power)) ? 1 : power, 0, [d, n]); // prettier-ignore
  for (const [d, power, whole, solved] of known.needed) {
    expect(seedsNeeded(d, power), `${d} ${power}`).toBe(whole);
    if (solved !== null) expect(Math.ceil(solved)).toBe(whole);
  }
  expect(seedsNeeded(0)).toBeNull();
  expect(seedsNeeded(NaN)).toBeNull();
  expect(seedsNeeded(1e-4)).toBeNull();
  expect(seedsNeeded(1e9)).toBe(2);
});

describe('bootstrap', () => {
  it("percentile and BCa as scipy's over the same resamples", () => {
    let bca = 0;
    for (const [x, y, [one, other], wanted] of known.bootstrap) {
      const [a, b] = [
        { values: x, means: resampledMeans(x, known.times, one) },
        { values: y, means: resampledMeans(y, known.times, other) },
      ];
      const found = bootstrapInterval(a, b);
      expectNear(found?.percentile[0], wanted[0], 1e-3, [x, y, 'low']);
      expectNear(found?.percentile[1], wanted[1], 1e-3, [x, y, 'high']);
      expect(found?.bca === null, JSON.stringify([x, y, wanted])).toBe(wanted[2] === 'nan');
      if (!found?.bca) continue;
      bca += 1;
      expectNear(found.bca[0], wanted[2], 1e-3, [x, y, 'BCa low']);
      expectNear(found.bca[1], wanted[3], 1e-3, [x, y, 'BCa high']);
    }
    expect(bca).toBeGreaterThan(30);
  });

  it('the chance of being best, ties shared', () => {
    for (const [groups, wanted] of known.best) {
      const found = chanceOfBest(groups.map((group, seed) => resampledMeans(group, known.times, seed)), true); // prettier-ignore
      for (const [place, want] of wanted.entries()) expectNear(found[place], want, 1e-3, groups);
      expect(found.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
    }
  });

  it('says the same each time, and something else with another seed', () => {
    const values = [0.1, 0.5, 0.7, 0.9];
    expect(resampledMeans(values, 50, 7)).toEqual(resampledMeans(values, 50, 7));
    expect(resampledMeans(values, 50, 7)).not.toEqual(resampledMeans(values, 50, 8));
    expect(bootstrapInterval({ values: [1], means: resampledMeans([1], 9, 1) }, { values, means: resampledMeans(values, 9, 1) })).toBeNull(); // prettier-ignore
  });
});
