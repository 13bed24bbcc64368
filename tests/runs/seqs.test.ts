// tests/runs/seqs.test.ts
// Purpose: sets of runs as ascending numbers do what sets do.
// Why: which runs a filter finds is put together from what each of its tests finds.
// Relevant files: runs/seqs.ts, runs/found-queries.ts

import { expect, it } from 'vitest';
import { everyOf, isAmong, lessThose, someOf } from '../../runs/seqs.ts';
import { randomFrom } from '../support/random.ts';

const random = randomFrom(5);
const ALL = Array.from({ length: 40 }, (_, place) => place * 3 + 1);
const some = (): number[] => ALL.filter(() => random() < 0.4);

it('all, some and less of random sets are what they are of plain ones', () => {
  for (let i = 0; i < 300; i++) {
    const sets = [some(), i % 7 === 0 ? [] : some(), some()].slice(0, 1 + (i % 3));
    expect(everyOf(sets)).toEqual(ALL.filter((one) => sets.every((set) => set.includes(one))));
    expect(someOf(sets)).toEqual(ALL.filter((one) => sets.some((set) => set.includes(one))));
    const [first = [], second = []] = sets;
    expect(lessThose(first, second)).toEqual(first.filter((one) => !second.includes(one)));
    for (const one of [0, 1, 2, 60, 61, 118, 119]) expect(isAmong(first, one)).toBe(first.includes(one));
  }
});

it('of no sets none is in some', () => {
  expect(someOf([])).toEqual([]);
});
