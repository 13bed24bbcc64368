// tests/stats/ranks.test.ts
// Purpose: spans of ranks, letters and chances of the best mean equal what scipy and statsmodels say of generated groups.
// Why: a ranking is what people quote first; each of its figures is held against other people's arithmetic.
// Relevant files: tests/stats/make_ranks.py, shared/stats/rank-spans.ts, shared/stats/letters.ts, shared/stats/best-mean.ts

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chanceOfBestMean } from '../../shared/stats/best-mean.ts';
import { lettersOf } from '../../shared/stats/letters.ts';
import { statsOf, type Spread } from '../../shared/stats/moments.ts';
import { rankSpans } from '../../shared/stats/rank-spans.ts';
import { studentCdf, studentTwoSided } from '../../shared/stats/student.ts';

interface References {
  made_with: Record<string, string>;
  cases: { groups: number[][]; holm: number[]; ranks: [number, number][]; letters: string[]; best: number[] }[];
  graphs: [number, [number, number][], string[]][];
}

const known = JSON.parse(readFileSync('tests/fixtures/ranks.json', 'utf8')) as References;
const spreads = (groups: number[][]): Spread[] => groups.map((values) => statsOf(values) as Spread);

it('the references: 60 rankings and 40 graphs, by scipy 1.17 and statsmodels 0.15', () => {
  expect([known.cases.length, known.graphs.length]).toEqual([60, 40]);
  expect(known.made_with).toMatchObject({ scipy: '1.17.1', statsmodels: '0.15.0' });
  // Not all of one kind: groups that are apart, that are not, and letters that overlap.
  expect(known.cases.filter(({ letters }) => new Set(letters).size === 1).length).toBeGreaterThan(3);
  expect(known.cases.filter(({ letters }) => letters.some((one) => one.length > 1)).length).toBeGreaterThan(10);
});

it('spans of ranks and letters, also where less is better', () => {
  for (const { groups, ranks, letters } of known.cases) {
    expect(rankSpans(groups, true, 0.05)).toMatchObject({ spans: ranks, letters });
    const turned = groups.map((values) => values.map((value) => -value));
    expect(rankSpans(turned, false, 0.05)).toMatchObject({ spans: ranks, letters });
  }
});

it('letters of any graph: two share one if, and only if, they are not apart; too many are none', () => {
  for (const [n, apart, wanted] of known.graphs) {
    const pairs = new Set(apart.map(([one, other]) => `${one} ${other}`));
    const isApart = (one: number, other: number): boolean => pairs.has(`${Math.min(one, other)} ${Math.max(one, other)}`); // prettier-ignore
    const found = lettersOf(n, isApart);
    expect(found).toEqual(wanted);
    for (const [one, other] of apart) expect([...(found?.[one] ?? '')].some((letter) => found?.[other]?.includes(letter))).toBe(false); // prettier-ignore
  }
  expect(lettersOf(0, () => true)).toEqual([]);
  expect(lettersOf(50, () => false)).toEqual(Array(50).fill('a'));
  expect(new Set(lettersOf(50, () => true)).size).toBe(50);
  // 3¹⁶ sets: found out before they are all made.
  expect(lettersOf(48, (one, other) => Math.floor(one / 3) === Math.floor(other / 3))).toBeNull();
});

it('the chance of the best true mean, to 1e-9, whatever the unit', () => {
  for (const { groups, best } of known.cases) {
    const found = chanceOfBestMean(spreads(groups), true);
    for (const [place, want] of best.entries()) expect(Math.abs((found[place] ?? NaN) - want)).toBeLessThan(1e-9);
    const turned = groups.map((values) => values.map((value) => -value * 2 ** 40));
    for (const [place, one] of chanceOfBestMean(spreads(turned), false).entries()) expect(one).toBeCloseTo(found[place] ?? NaN, 11); // prettier-ignore
  }
});

it('the chance of the best true mean at the edges: alike, without noise, one, none', () => {
  const of = (n: number, mean: number, std: number): { n: number; mean: number; std: number } => ({ n, mean, std });
  for (const one of chanceOfBestMean(Array(5).fill(of(3, 0.5, 0.1)), true)) expect(one).toBeCloseTo(0.2, 11);
  expect(chanceOfBestMean([of(3, 1, 0), of(3, 1, 0), of(2, 0.5, 0)], true)).toEqual([0.5, 0.5, 0]);
  // Beside one that is known exactly: its own tail, counted by the t distribution.
  const [exact, other] = chanceOfBestMean([of(3, 1, 0), of(3, 0.9, 0.1 * Math.sqrt(3))], true);
  expect(exact).toBeCloseTo(1 - studentTwoSided(1, 2) / 2, 11);
  expect(other).toBeCloseTo(studentTwoSided(1, 2) / 2, 11);
  expect([chanceOfBestMean([], true), chanceOfBestMean([of(2, 1, 1)], true)]).toEqual([[], [1]]);
  // Two of two values each, apart by a million deviations and by none.
  expect(chanceOfBestMean([of(2, 1, 1e-6), of(2, 0, 1e-6)], true)[0]).toBeCloseTo(1, 5);
  for (const df of [1, 2, 3, 4, 9, 30, 199]) for (const t of [-40, -3, -0.2, 0, 0.7, 5]) expect(studentCdf(t, df)).toBeCloseTo(t > 0 ? 1 - studentTwoSided(t, df) / 2 : studentTwoSided(t, df) / 2, 13); // prettier-ignore
});
