// tests/runs/rules-naive.ts
// Purpose: the value that counts of a series, from all its points in memory, as plainly as it can be said.
// Why: what the database keeps and computes by rules must be what the points say.
// Relevant files: tests/runs/rules-random.test.ts, runs/rules/value-sql.ts

import type { RuleChoice } from '../../runs/rules/rule.ts';

export interface NaivePoint {
  step: number;
  timestamp: number;
  value: number;
}

export type NaiveRun = Map<string, NaivePoint[]>;

export interface NaiveValue {
  value: number;
  step: number | null;
}

export type Way = 'max' | 'min' | null;

export function naiveOrder(a: NaivePoint, b: NaivePoint): number {
  if (a.step !== b.step) return a.step - b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (Number.isNaN(a.value) || Number.isNaN(b.value))
    return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return Number(Object.is(b.value, -0)) - Number(Object.is(a.value, -0));
}

/** `ways`: the direction of each metric. */
export function naiveValue(
  run: NaiveRun,
  key: string,
  { value: counts, k, by }: RuleChoice,
  ways: (key: string) => Way,
): NaiveValue | null {
  const points = [...(run.get(key) ?? [])].sort(naiveOrder);
  const last = points.at(-1);
  if (!last) return null;
  switch (counts) {
    case 'last':
      return last;
    case 'min':
    case 'max':
      return extreme(points, counts);
    case 'best':
      return ways(key) === null ? last : extreme(points, ways(key));
    case 'mean':
      return meanOf(points, null);
    case 'mean_last':
      return meanOf(points.slice(-(k ?? 0)), last.step);
    case 'at_best': {
      const others = [...(run.get(by ?? '') ?? [])].sort(naiveOrder);
      const way = ways(by ?? '');
      const best = way === null ? others.at(-1) : extreme(others, way);
      return best ? (points.filter(({ step }) => step <= (best.step ?? 0)).at(-1) ?? null) : null;
    }
  }
}

function extreme(points: NaivePoint[], way: Way): NaivePoint | null {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const values = finite.map(({ value }) => value);
  const best = way === 'max' ? Math.max(...values) : Math.min(...values);
  return finite.find(({ value }) => value === best) ?? null;
}

function meanOf(points: NaivePoint[], step: number | null): NaiveValue | null {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  if (finite.length === 0) return null;
  return { value: finite.reduce((sum, { value }) => sum + value / finite.length, 0), step };
}
