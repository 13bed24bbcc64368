// runs/pictures/classes.ts
// Purpose: runs in classes by one column: each value of its own, or fifths of the runs where there are many numbers.
// Why: colours and boxes part runs by the same rule, and the rule is said.
// Relevant files: runs/pictures/column-queries.ts, runs/pictures/dots.ts, runs/pictures/boxes.ts

import { compareValues } from '../groups/groups.ts';
import { quantile } from '../../shared/stats/quantiles.ts';
import type { Column } from './column-queries.ts';
import { SHAPES } from './dots.ts';
import type { LegendItem } from './picture.ts';
import { shownValue } from './scaled.ts';

export interface Classes {
  labels: string[];
  /** Of each run; null: it has no value, or one beyond those shown. */
  of: (number | null)[];
  /** Many numbers: fifths of the runs, from low to high. */
  isCut: boolean;
  /** Values beyond those shown, and their runs. */
  rest: { values: number; runs: number };
}

const PARTS = 5;

export function classesOf(column: Column, most: number): Classes {
  const counts = new Map<number | string, number>();
  for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (column.isNumber && counts.size > most) return cutIn(column);
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || compareValues(String(a[0]), String(b[0]))).slice(0, most);
  const shown = frequent.map(([value]) => value).sort((a, b) => compareValues(String(a), String(b)));
  const places = new Map(shown.map((value, place) => [value, place]));
  const of = column.values.map((value) => (value === null ? null : (places.get(value) ?? null)));
  const runs = [...counts.values()].reduce((sum, count) => sum + count, 0) - frequent.reduce((sum, [, count]) => sum + count, 0);
  return { labels: shown.map((value) => shownValue(column, value)), of, isCut: false, rest: { values: counts.size - shown.length, runs } };
} // prettier-ignore

/** Ends that are equal make one class of two. */
function cutIn(column: Column): Classes {
  const numbers = column.values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const cuts = [...new Set([1, 2, 3, 4].map((part) => quantile(numbers, part / PARTS)))];
  const placeOf = (value: number): number => cuts.filter((cut) => value > cut).length;
  const of = column.values.map((value) => (typeof value === 'number' ? placeOf(value) : null));
  const labels = Array.from({ length: cuts.length + 1 }, (_, place) => {
    const own = numbers.filter((value) => placeOf(value) === place);
    const [least, greatest] = [own[0] ?? null, own.at(-1) ?? null];
    return `${shownValue(column, least)} to ${shownValue(column, greatest)}`;
  });
  return { labels, of, isCut: true, rest: { values: 0, runs: 0 } };
}

/** Values have a hue and a shape each; parts of a range one hue that grows stronger. */
export function legendOf({ labels, isCut }: Classes): LegendItem[] {
  return labels.map((label, place) =>
    isCut
      ? { label, color: 'c0', shape: SHAPES[place % SHAPES.length] ?? 'circle', opacity: 0.25 + (0.75 * place) / Math.max(1, labels.length - 1) }
      : { label, color: `c${place % 10}`, shape: SHAPES[place % SHAPES.length] ?? 'circle', opacity: 0.85 },
  );
} // prettier-ignore
