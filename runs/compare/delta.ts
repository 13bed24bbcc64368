// runs/compare/delta.ts
// Purpose: how far a value lies from the baseline's, with sign, arrow and whether that is better.
// Why: "+0.0105, better" is what one wants to read; both values stay beside it.
// Relevant files: runs/compare/compare-views.ts, runs/templates/compare.html

import { formatNumber } from '../../shared/format.ts';
import { Direction } from '../metric-rules.ts';

export interface DeltaView {
  /** `▲ +0.0105`, `▼ −3`, `= 0` */
  text: string;
  /** For screen readers and where colours are not seen. */
  title: string;
  /** '': neither better nor worse, or nobody knows. */
  mark: 'good' | 'bad' | '';
}

/** Null where one of the two is missing or not finite. `whose`: what the other value is, in words. */
export function deltaOf(
  value: number | null,
  baseline: number | null,
  direction: Direction | null,
  whose = 'the baseline',
): DeltaView | null {
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline)) return null;
  const difference = value - baseline;
  if (!Number.isFinite(difference)) return null;
  if (difference === 0) return { text: '= 0', title: `as ${whose}`, mark: '' };
  const isUp = difference > 0;
  const isBetter = direction === null ? null : isUp === (direction === Direction.Max);
  const size = formatNumber(Math.abs(difference));
  const part = baseline === 0 ? '' : `, ${((Math.abs(difference) / Math.abs(baseline)) * 100).toPrecision(2)} %`;
  return {
    text: `${isUp ? '▲ +' : '▼ −'}${size}`,
    title: `${size} ${isUp ? 'above' : 'below'} ${whose}${part}${isBetter === null ? '' : isBetter ? ': better' : ': worse'}`,
    mark: isBetter === null ? '' : isBetter ? 'good' : 'bad',
  };
}
