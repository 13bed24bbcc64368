// shared/stats/holm.ts
// Purpose: Holm's correction of p values.
// Why: of twenty comparisons of the same thing one is below 0.05 by chance.
// Relevant files: tests/stats/references.test.ts

/**
 * In ascending order p₍ᵢ₎ · (m − i + 1), never falling, at most 1 (Holm, Scandinavian Journal of Statistics 6, 1979). Controls the chance of
 * any false claim, whatever depends on what. Null is no comparison and is not counted.
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const known = values.flatMap((p, place) => (p === null ? [] : [{ p, place }])).sort((a, b) => a.p - b.p);
  const corrected = values.map((): number | null => null);
  let least = 0;
  for (const [rank, { p, place }] of known.entries()) {
    least = Math.min(1, Math.max(least, p * (known.length - rank)));
    corrected[place] = least;
  }
  return corrected;
}
