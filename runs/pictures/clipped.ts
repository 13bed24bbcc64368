// runs/pictures/clipped.ts
// Purpose: an axis that ends before values far out, and what lies beyond it, in words.
// Why: one run with lr = 1e38 would leave nothing to see of forty others; what is held at the edge is said, never just gone.
// Relevant files: runs/pictures/scaled.ts, runs/pictures/scatter.ts, runs/curves/outliers.ts

import { formatCount, middle } from '../../shared/format.ts';
import { fenceAround, type Fence } from '../curves/outliers.ts';
import { AxisScale } from './picture-schemas.ts';
import { shownValue, type Scaled } from './scaled.ts';

export interface Clipped extends Scaled {
  /** Values that lie beyond the axis, as they are. */
  beyond: number[];
  /** Where the axis ends, on the scale that is drawn; null: nothing lies beyond. */
  fence: Fence | null;
}

/** Only where the scale was left to us: who names one sees all of it. By the rule of curves, on the scale that is drawn. */
export function clipped(scale: Scaled, asked: AxisScale): Clipped {
  const { isLog, categories, column } = scale;
  const whole = { ...scale, beyond: [], fence: null };
  if (asked !== AxisScale.Auto || categories || column.field.of === 'started') return whole;
  const there = scale.values.filter((value) => value !== null);
  const fence = fenceAround(
    there.toSorted((a, b) => a - b),
    there,
  );
  if (!fence) return whole;
  const back = (value: number): number => (isLog ? 10 ** value : value);
  // The ends are values themselves: back from a logarithm they would be a digit off.
  const inside = column.values.filter((_, place) => isInside(scale.values[place] ?? null, fence)).map(Number);
  const beyond = there.filter((value) => !isInside(value, fence)).map(back);
  const [min, max] = inside.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]); // prettier-ignore
  return { ...scale, min, max, beyond, fence };
}

export function isInside(value: number | null, { low, high }: Fence): boolean {
  return value !== null && value >= low && value <= high;
}

/** `The axis of lr ends at 0.001 and 0.1: 1 of 24 values lies beyond, up to 1e38, and is held at its edge; line and figures are of all.` */
export function clippedWords(
  { beyond, column, min, max, n }: Clipped,
  what: { ofAll: string; which?: string },
): string[] {
  if (beyond.length === 0) return [];
  const [least, greatest] = [Math.min(...beyond), Math.max(...beyond)];
  const ends = [...(least < min ? [`down to ${shownValue(column, least)}`] : []), ...(greatest > max ? [`up to ${shownValue(column, greatest)}`] : [])]; // prettier-ignore
  const one = beyond.length === 1;
  return [
    `The axis of ${middle(column.field.label, 60)} ends at ${shownValue(column, min)} and ${shownValue(column, max)}: ` +
      `${formatCount(beyond.length)} of ${formatCount(n)} values ${one ? 'lies' : 'lie'} far beyond, ${ends.join(' and ')}, and ${one ? 'is' : 'are'} held at its edge; ${what.ofAll} all.` +
      (what.which === undefined ? '' : ` A ${what.which} that is chosen shows all.`),
  ];
}
