// runs/compare/first-lines.ts
// Purpose: which runs of a large comparison are drawn in a chart at first.
// Why: of a hundred lines nobody reads one, and each costs; the best are asked for, the rest is one click away.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts

import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import type { MetricLine } from './compare.ts';

/** Lines of a chart at first. */
const LINES = 20;

export interface FirstLines {
  runs: RunRow[];
  /** By which rule, in words; '': all are drawn. */
  said: string;
}

/** The best by the value that counts where the direction is known, else the first ones; `kept` (the baseline) is always among them. */
export function firstLines(
  runs: readonly RunRow[],
  line: MetricLine | undefined,
  kept: ReadonlySet<string>,
): FirstLines {
  if (runs.length <= LINES) return { runs: [...runs], said: '' };
  const sign = line?.direction === Direction.Min ? 1 : -1;
  const valueOf = (place: number): number => line?.values[place]?.value ?? NaN;
  const places = runs.map((_, place) => place);
  if (line?.direction)
    places.sort((a, b) => {
      const [x, y] = [valueOf(a), valueOf(b)];
      // What is not finite comes last.
      return Number(!Number.isFinite(x)) - Number(!Number.isFinite(y)) || sign * (x - y) || a - b;
    });
  places.sort((a, b) => Number(kept.has(runs[b]?.id ?? '')) - Number(kept.has(runs[a]?.id ?? '')));
  const chosen = new Set(places.slice(0, LINES));
  const which = line?.direction ? `The ${LINES} best` : `The first ${LINES}`;
  return {
    runs: runs.filter((_, place) => chosen.has(place)),
    said: `${which} of ${runs.length} runs are drawn.`,
  };
}

/** By which rules lines were left out of a page's charts, in one sentence; '': in none. */
export function sayFirstLines(firsts: Iterable<FirstLines>): string {
  const said = new Set([...firsts].map((one) => one.said).filter(Boolean));
  const [first = ''] = [...said].sort();
  if (said.size < 2) return first;
  return first.replace(/\.$/, `, of a metric without a direction the first ${LINES}.`);
}
