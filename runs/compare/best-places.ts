// runs/compare/best-places.ts
// Purpose: which of several values are marked as the best.
// Why: runs and groups, on pages and in files, follow one rule; who has the only value is no winner.
// Relevant files: runs/compare/compare.ts, runs/compare/group-numbers.ts, runs/groups/group-text.ts

import { Direction } from '../metric-rules.ts';

/**
 * Places (0 …) of the best finite values, all that are equal. Empty without a direction, for fewer than two finite values, and
 * where all that is compared has the same value: then nothing is better than anything.
 */
export function bestPlaces(values: readonly (number | null | undefined)[], direction: Direction | null): number[] {
  const finite = values.flatMap((value, place) => (Number.isFinite(value) ? [{ value: Number(value), place }] : []));
  if (direction === null || finite.length < 2) return [];
  const best = finite.reduce(
    (found, { value }) => (direction === Direction.Max ? Math.max(found, value) : Math.min(found, value)),
    direction === Direction.Max ? -Infinity : Infinity,
  );
  const places = finite.filter(({ value }) => value === best).map(({ place }) => place);
  return places.length === values.length ? [] : places;
}
