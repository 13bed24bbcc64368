// runs/curves/colors.ts
// Purpose: the colour and dash of a run: from its number, the same on every page.
// Why: a run that changes colour between table, chart and comparison is misread.
// Relevant files: runs/curves/chart-views.ts, runs/curves/chart-svg.ts, shared/static/app.css

/** Hues of the palette: classes c0 … c9 of app.css. */
const HUES = 10;
/** Dash patterns: classes d0 (solid), d1, d2. */
const DASHES = 3;

export interface RunColor {
  color: string;
  dash: string;
}

/** Run 1 is c0 d0, run 10 c9 d0, run 11 c0 d1, run 31 c0 d0 again. */
export function colorOf(number: number): RunColor {
  return colorAt(slotOf(number));
}

/**
 * Colours within one chart. Each run has its own by number; of runs that would look the same (of different
 * experiments, or 30 numbers apart) the first keeps it and the others get the next free one. Beyond 30 runs they repeat.
 * Dashes are there to tell runs of one hue apart: a run that is alone with its hue is drawn solid.
 */
export function colorsFor(runs: readonly { id: string; number: number }[]): Map<string, RunColor> {
  const taken = new Map<number, string>();
  for (const { id, number } of runs) if (!taken.has(slotOf(number))) taken.set(slotOf(number), id);
  const slots = new Map<string, number>();
  for (const { id, number } of runs) {
    const own = slotOf(number);
    const slot = taken.get(own) === id ? own : nextFree(taken, own);
    taken.set(slot, taken.get(slot) ?? id);
    slots.set(id, slot);
  }
  const shared = (slot: number): boolean =>
    [...slots.values()].filter((other) => other % HUES === slot % HUES).length > 1;
  return new Map([...slots].map(([id, slot]) => [id, shared(slot) ? colorAt(slot) : { ...colorAt(slot), dash: 'd0' }]));
}

function slotOf(number: number): number {
  return (Math.max(1, number) - 1) % (HUES * DASHES);
}

function colorAt(slot: number): RunColor {
  return { color: `c${slot % HUES}`, dash: `d${Math.floor(slot / HUES)}` };
}

function nextFree(taken: Map<number, string>, own: number): number {
  const slots = HUES * DASHES;
  for (let away = 1; away < slots; away += 1) {
    const slot = (own + away) % slots;
    if (!taken.has(slot)) return slot;
  }
  return own;
}
