// runs/compare/curves-place.ts
// Purpose: between which parts of a comparison its curves stand.
// Why: after short tables they are seen at once; twenty metrics would push every line off the first screen.
// Relevant files: runs/compare/compare-views.ts, runs/templates/compare.html

/** Of a screen of 800 px what may stand above the first picture. */
const ROOM = 560;
/** Title, sentence, heading of the curves with its metrics. */
const HEAD = 240;
/** Of a table: its heading, its head and what follows it. */
const TABLE = 90;
const ROW = 32;

/** Before which part, by their rows in the order of the page (0: none): as far down as the first picture still begins on the first screen. */
export function placeOfCurves(rows: readonly number[]): number {
  let used = HEAD;
  for (const [place, count] of rows.entries()) {
    used += count === 0 ? 0 : TABLE + count * ROW;
    if (used > ROOM) return place;
  }
  return rows.length;
}
