// tests/stats/forest.test.ts
// Purpose: the forest finds planted dependences in their order, bent ones and those of two columns too, and is the same each time.
// Why: a ranking of params that were made up must come out as it was made up before anybody believes one that was not.
// Relevant files: shared/stats/forest.ts, runs/pictures/importance.ts

import { describe, expect, it } from 'vitest';
import { codesOf, forestOf } from '../../shared/stats/forest.ts';
import { randomFrom } from '../../shared/stats/random.ts';

function planted(n: number, seed: number, of: (x: number[]) => number): { columns: Uint8Array[]; y: number[] } {
  const random = randomFrom(seed);
  const uniform = (): number => random() / 2 ** 32;
  const rows = Array.from({ length: n }, () => [uniform(), uniform(), uniform()]);
  const y = rows.map((row) => of(row) + 0.05 * (uniform() - 0.5));
  return { columns: [0, 1, 2].map((place) => codesOf(rows.map((row) => row[place] ?? 0))), y };
}

describe('planted dependences', () => {
  it.each([1, 2, 3, 4, 5])('x1 strong, x2 weak, x3 none, seed %i', async (seed) => {
    const { columns, y } = planted(200, seed, ([a = 0, b = 0]) => 3 * a + b);
    const found = await forestOf(columns, y, seed);
    const [strong = 0, weak = 0, none = 0] = found?.importances ?? [];
    expect(strong).toBeGreaterThan(2 * weak);
    expect(weak).toBeGreaterThan(0.03);
    expect(Math.abs(none)).toBeLessThan(0.02);
    expect(found?.r2).toBeGreaterThan(0.9);
  });

  it('a bent one, which no correlation sees, and one of two columns together', async () => {
    const bent = planted(200, 7, ([a = 0]) => (a - 0.5) ** 2 * 8);
    const [bend = 0, ...others] = (await forestOf(bent.columns, bent.y, 1))?.importances ?? [];
    expect(bend).toBeGreaterThan(10 * Math.max(...others.map(Math.abs)));
    const both = planted(400, 8, ([a = 0, b = 0]) => (a > 0.5 === b > 0.5 ? 1 : 0));
    const [one = 0, other = 0, none = 1] = (await forestOf(both.columns, both.y, 1))?.importances ?? [];
    expect(Math.min(one, other)).toBeGreaterThan(5 * Math.abs(none));
  });

  it('of noise it says that nothing is known: no share of the variance is explained', async () => {
    const { columns } = planted(100, 9, () => 0);
    const random = randomFrom(5);
    const found = await forestOf(columns, columns[0] ? [...columns[0]].map(() => random()) : [], 1);
    expect(found?.r2).toBeLessThan(0.1);
    for (const importance of found?.importances ?? [1]) expect(importance).toBeLessThan(0.2);
  });
});

it('is the same each time, and another one with another seed', async () => {
  const { columns, y } = planted(60, 11, ([a = 0, b = 0]) => a - b);
  const first = await forestOf(columns, y, 1);
  expect(await forestOf(columns, y, 1)).toEqual(first);
  expect(await forestOf(columns, y, 2)).not.toEqual(first);
});

it('says nothing where there is nothing to say', async () => {
  expect(await forestOf([codesOf([1, 2, 3, 4])], [1, 1, 1, 1], 1)).toBeNull();
  expect(await forestOf([codesOf([1, 2, 3])], [1, 2, 3], 1)).toBeNull();
  expect(await forestOf([], [1, 2, 3, 4, 5], 1)).toBeNull();
});

it('codes: the order of the values, 0 for none, at most 63', () => {
  expect([...codesOf([10, null, -1, 10, 3])]).toEqual([3, 0, 1, 3, 2]);
  const many = codesOf(Array.from({ length: 1000 }, (_, place) => place));
  expect([Math.min(...many), Math.max(...many)]).toEqual([1, 63]);
  expect([...many].every((code, place) => place === 0 || code >= (many[place - 1] ?? 0))).toBe(true);
});
