// tests/runs/grouping.test.ts
// Purpose: runs that are equal in columns of codes are found as by comparing their texts, with few and with many values.
// Why: groups, pivots and pictures stand on it; it takes other ways where there are many groups or texts.
// Relevant files: runs/groups/grouping.ts, runs/text-column.ts

import { describe, expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { grouping } from '../../runs/groups/grouping.ts';
import { countTexts, emptyColumn, movedTo, textAt, withText, type TextColumn } from '../../runs/text-column.ts';

function columnOf(texts: readonly (string | null)[]): TextColumn {
  let column = emptyColumn(texts.length);
  for (const [place, text] of texts.entries()) column = withText(column, place, text);
  return column;
}

/** Each run's group by its texts, numbered as groups first occur. */
function byTexts(columns: readonly (string | null)[][], places: readonly number[]): number[] {
  const numbers = new Map<string, number>();
  return places.map((place) => {
    const name = JSON.stringify(columns.map((column) => column[place]));
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name) ?? -1;
  });
}

/** So many different values in each of the columns; some runs have none. */
it.each([
  [[]],
  [[1]],
  [[2, 3, 4]],
  [[5, 300, 2]],
  [[70_000, 3]],
  [[40, 60, 50_000, 40_000]],
  [Array<number>(30).fill(2)],
])('columns of %s values', (values) => {
  const random = randomOf(values.length + 1);
  const runs = values.some((most) => most > 1000) ? 90_000 : 3_000;
  const texts = values.map((most) =>
    Array.from({ length: runs }, () => (random() < 0.1 ? null : `v${Math.floor(random() * most)}`)),
  );
  const places = Array.from({ length: runs }, (_, place) => place).filter(() => random() < 0.8);
  const { count, groupOf, members, starts } = grouping(texts.map(columnOf), Int32Array.from(places));
  const expected = byTexts(texts, places);
  expect([...groupOf]).toEqual(expected);
  expect(count).toBe(new Set(expected).size);
  // Group by group, and within each in the order of the runs.
  expect([...members]).toEqual([...expected.keys()].sort((a, b) => (expected[a] ?? 0) - (expected[b] ?? 0) || a - b));
  const sizes = new Array<number>(count).fill(0);
  for (const group of expected) sizes[group] = (sizes[group] ?? 0) + 1;
  expect([...starts.subarray(1)].map((end, group) => end - (starts[group] ?? 0))).toEqual(sizes);
});

it('of no runs there are no groups', () => {
  expect(grouping([columnOf([])], new Int32Array()).count).toBe(0);
});

describe('a column', () => {
  it.each([3, 400, 90_000])('of %i different texts gives back each, and none where there is none', (count) => {
    const texts = Array.from({ length: count + 10 }, (_, at) => (at % 7 === 3 ? null : `text ${at % count}`));
    const column = columnOf(texts);
    expect(texts.map((_, place) => textAt(column, place))).toEqual(texts);
    expect(countTexts(column)).toBe(texts.filter((text) => text !== null).length);
    expect(column.codes.BYTES_PER_ELEMENT).toBe(count < 256 ? 1 : count < 65_536 ? 2 : 4);
  });

  it('keeps its texts when runs come and go', () => {
    const before = columnOf(['a', null, 'b', 'c']);
    const after = withText(movedTo(before, Int32Array.from([0, 2, 3, -1])), 3, 'a');
    expect([0, 1, 2, 3].map((place) => textAt(after, place))).toEqual(['a', 'b', 'c', 'a']);
    expect([0, 1, 2, 3].map((place) => textAt(before, place))).toEqual(['a', null, 'b', 'c']);
  });
});
