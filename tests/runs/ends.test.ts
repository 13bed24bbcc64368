// tests/runs/ends.test.ts
// Purpose: of what runs ended with, the greatest, the least and the best of some runs are those that sorting finds.
// Why: a page by a metric and the sentence above it come from these walks, with ties, infinities and −0.
// Relevant files: runs/ends.ts, runs/ranking-queries.ts

import { expect, it } from 'vitest';
import { bestOf, endsWith, extremesOf, SHARED_MAX } from '../../runs/ends.ts';
import { ID_BYTES, idAt, listWith, type RunList } from '../../runs/run-list.ts';
import { randomFrom } from '../support/random.ts';

const random = randomFrom(8);
const VALUES = [Infinity, -Infinity, 0, -0, 0.5, 0.25, 1e300, -3];
const value = (): number =>
  random() < 0.3 ? Math.floor(random() * 50) : (VALUES[Math.floor(random() * VALUES.length)] ?? 0);

it('of random runs', () => {
  for (let i = 0; i < 200; i++) {
    const all = Array.from({ length: i * 40 }, (_, place) => place * 2 + 1);
    const seqs = all.filter(() => random() < 0.8);
    const values = seqs.map(value);
    const ends = { seqs: Float64Array.from(seqs), values: Float64Array.from(values) };
    const among = all.filter(() => random() < 0.7);
    const descending = i % 2 === 0;
    const sign = descending ? -1 : 1;
    const passing = seqs
      .map((seq, place) => ({ seq, value: values[place] ?? 0 }))
      .filter(({ seq }) => among.includes(seq))
      .sort((a, b) => (a.value === b.value ? 0 : sign * (a.value - b.value)) || a.seq - b.seq);
    const wanted = 1 + (i % 60);
    const last = passing[wanted - 1]?.value;
    const expected = passing.filter((one, place) => place < wanted || one.value === last);
    const found = extremesOf(ends, among, wanted, descending);
    expect(found.map((one) => one.value + 0)).toEqual(expected.map((one) => one.value + 0));
    expect(found.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      expected.map(({ seq }) => seq).sort((a, b) => a - b),
    );
    const finite = passing.filter((one) => Number.isFinite(one.value));
    const best = bestOf(ends, among, descending);
    expect([best.best?.seq, best.finite]).toEqual([finite[0]?.seq, finite.length]);
    const equal = finite.filter((one) => one.value === finite[0]?.value).map(({ seq }) => seq);
    expect(best.equal.map(({ seq }) => seq)).toEqual(equal.slice(0, SHARED_MAX + 1));
  }
});

it('with what some of the runs come to now, of those that came, stayed and went', () => {
  const listOf = (seqs: number[], states: number[]): RunList => ({
    seqs: Float64Array.from(seqs),
    states: Uint8Array.from(states),
    ids: Buffer.from(seqs.map((seq) => seq.toString(16).padStart(2 * ID_BYTES, '0')).join(''), 'hex'),
  });
  for (let i = 0; i < 300; i++) {
    const all = Array.from({ length: i % 40 }, (_, place) => place * 2 + 1);
    const before = new Map(all.filter(() => random() < 0.6).map((seq) => [seq, value()]));
    const changed = all.filter(() => random() < 0.3);
    const now = new Map(changed.filter(() => random() < 0.6).map((seq) => [seq, value()]));
    const after = [...before].filter(([seq]) => !changed.includes(seq)).concat([...now]).sort(([a], [b]) => a - b); // prettier-ignore
    const ends = (of: Iterable<[number, number]>): Parameters<typeof endsWith>[0] => {
      const rows = [...of];
      return { seqs: Float64Array.from(rows, ([seq]) => seq), values: Float64Array.from(rows, ([, one]) => one) };
    };
    const found = endsWith(ends(before), changed, ends(now));
    expect([[...found.seqs], [...found.values]]).toEqual([after.map(([seq]) => seq), after.map(([, one]) => one)]);
    const state = (one: number): number => (Number.isFinite(one) ? Math.abs(Math.trunc(one)) % 5 : 4);
    const listed = (of: Iterable<[number, number]>): RunList => {
      const rows = [...of];
      return listOf(rows.map(([seq]) => seq), rows.map(([, one]) => state(one))); // prettier-ignore
    };
    const list = listWith(listed(before), changed, listed(now));
    expect(list).toEqual(listed(after));
    expect([...list.seqs.keys()].map((place) => parseInt(idAt(list, place), 16))).toEqual([...list.seqs]);
  }
});
