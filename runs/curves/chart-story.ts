// runs/curves/chart-story.ts
// Purpose: what several curves tell, in words: who ends best, from where it is ahead, which diverged.
// Why: who cannot see the chart reads what others see at a glance; everybody else reads it exactly.
// Relevant files: runs/curves/chart-words.ts, runs/curves/curve-text.ts, runs/metric-rules.ts

import { formatNumber, formatStep, middle } from '../../shared/format.ts';
import { Direction, directionOf } from '../metric-rules.ts';
import { xLabel } from './chart-scale.ts';
import { XAxis, type ChartSettings } from './chart-settings.ts';
import type { Curve, CurveBucket } from './curves.ts';

/** Lines that the best one is compared with. */
const RIVALS = 3;

interface Place {
  x: number;
  value: number;
}

interface Ending {
  curve: Curve;
  last: Place;
}

/** Sentences without their full stop; none for a single curve that is finite everywhere. `broken`: those without a line. */
export function storyOf(
  curves: readonly Curve[],
  broken: readonly Curve[],
  key: string,
  settings: ChartSettings,
): string[] {
  return [...endings(curves, key, settings), ...diverged([...broken, ...curves])];
}

function endings(curves: readonly Curve[], key: string, { x: axis }: ChartSettings): string[] {
  const direction = sharedDirection(curves, key);
  const sign = direction === Direction.Min ? 1 : -1;
  const found = curves.flatMap((curve): Ending[] => {
    const last = curve.buckets.findLast(({ mean }) => mean !== null);
    return last ? [{ curve, last: { x: last.x, value: last.mean ?? NaN } }] : [];
  });
  const [best, ...rest] = found.toSorted((a, b) => sign * (a.last.value - b.last.value));
  const worst = rest.at(-1);
  if (!best || !worst) return [];
  if (best.last.value === worst.last.value) return [`all end at ${formatNumber(best.last.value)}`];
  const [first, final] = direction ? ['ends best', 'ends worst'] : ['ends highest', 'ends lowest'];
  const named = ({ curve, last }: Ending): string => `${middle(curve.run.name, 40)} (${formatNumber(last.value)})`;
  const passes = rest.slice(0, RIVALS).flatMap((other) => {
    const at = aheadFrom(lineOf(best.curve), lineOf(other.curve));
    if (at === null) return [];
    const where = axis === XAxis.Step ? `step ${xLabel(at, axis)}` : xLabel(at, axis);
    return [`it crosses ${middle(other.curve.run.name, 40)} for the last time at ${where}`];
  });
  return [`${first}: ${named(best)}`, ...passes, `${final}: ${named(worst)}`];
}

/** By their metric's rule; null where there is none, or where their experiments disagree. */
function sharedDirection(curves: readonly Curve[], key: string): Direction | null {
  const said = new Set(curves.map(({ direction }) => (direction === undefined ? directionOf(key) : direction)));
  const [only = null, ...others] = said;
  return others.length === 0 ? only : null;
}

/** Only of those that are looked at: twenty curves have many places. */
function lineOf({ buckets }: Curve): Place[] {
  return buckets.flatMap(({ x, mean }) => (mean === null ? [] : [{ x, value: mean }]));
}

/** Where the two lines cross last, within the stretch that both have; null: nowhere. */
function aheadFrom(a: readonly Place[], b: readonly Place[]): number | null {
  const xs = [...new Set([...a, ...b].map(({ x }) => x))].sort((one, other) => one - other);
  const [left, right] = [reader(a), reader(b)];
  let crossing: number | null = null;
  let before: { x: number; difference: number } | null = null;
  for (const x of xs) {
    const [one, other] = [left(x), right(x)];
    if (one === null || other === null || one === other) continue;
    const difference = one - other;
    if (before && Math.sign(before.difference) !== Math.sign(difference)) {
      crossing = before.x + (x - before.x) * (before.difference / (before.difference - difference));
    }
    before = { x, difference };
  }
  return crossing;
}

/** The value of a line at rising places, straight between its points; null: before its first or after its last. */
function reader(line: readonly Place[]): (x: number) => number | null {
  let after = 0;
  return (x) => {
    while (after < line.length && (line[after]?.x ?? 0) < x) after += 1;
    const [before, next] = [line[after - 1], line[after]];
    if (next?.x === x) return next.value;
    if (!before || !next) return null;
    return before.value + ((next.value - before.value) * (x - before.x)) / (next.x - before.x);
  };
}

function diverged(curves: readonly Curve[]): string[] {
  const broken = curves.flatMap(({ run, buckets }) => {
    let first: CurveBucket | null = null;
    for (const bucket of buckets)
      if (bucket.nonfinite_count > 0 && !(first && first.from_step <= bucket.from_step)) first = bucket;
    return first ? [{ name: middle(run.name, 40), step: formatStep(first.from_step) }] : [];
  });
  const words = broken.slice(0, 4).map(({ name, step }) => `${name} from step ${step}`);
  if (words.length === 0) return [];
  return [`not finite: ${words.join(', ')}${broken.length > 4 ? ` and ${broken.length - 4} more` : ''}`];
}
