// runs/conclusions/figures.ts
// Purpose: differences, intervals and p values as people read them.
// Why: as many digits as the interval bears; the same in sentences, tables and files.
// Relevant files: runs/conclusions/sentences.ts, runs/conclusions/conclusion-views.ts, runs/conclusions/conclusion-formats.ts

import { formatNumber } from '../../shared/format.ts';
import type { Comparison } from './comparison.ts';

/**
 * Two digits of half the interval's width are worth showing, and as many of the difference; those that the metric's rule asks
 * for instead, unless they would leave nothing of the interval.
 */
export function decimalsFor(low: number, high: number, digits: number | null = null): number | null {
  const half = (high - low) / 2;
  if (digits !== null && half >= 10 ** -digits && Math.max(Math.abs(low), Math.abs(high)) < 1e15) return digits;
  if (!(half > 1e-12) || Math.max(Math.abs(low), Math.abs(high)) >= 1e6) return null;
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(half))));
  // An interval that leaves out zero must not look as if it ended there: `0.0003 to 0.0290`.
  const nearest = low > 0 ? low : high < 0 ? -high : 0;
  return nearest > 0 && Number(nearest.toFixed(decimals)) === 0
    ? Math.min(12, -Math.floor(Math.log10(nearest)))
    : decimals;
}

/** `0.0210`, `−0.0210`; without an interval as any other value. */
export function figure(value: number, decimals: number | null): string {
  if (decimals === null) return formatNumber(value);
  return value.toFixed(decimals).replace(/^-(?=[0.]*$)/, '').replace(/^-/, '−'); // prettier-ignore
}

function signed(value: number, decimals: number | null): string {
  return `${value > 0 ? '+' : ''}${figure(value, decimals)}`;
}

/** Of a difference beside an interval; without one as few decimals as the rule asks for, as long as they show that it is not 0. */
export function decimalsBeside(
  difference: number,
  { welch, digits }: Pick<Comparison, 'welch' | 'digits'>,
): number | null {
  if (welch) return decimalsFor(welch.low, welch.high, digits);
  return digits !== null && (difference === 0 || Math.abs(difference) >= 10 ** -digits) ? digits : null;
}

export function differenceText(comparison: Pick<Comparison, 'difference' | 'welch' | 'digits'>): string {
  return signed(comparison.difference, decimalsBeside(comparison.difference, comparison));
}

/** `−0.0012 to 0.0094` */
export function intervalText(low: number, high: number, digits: number | null): string {
  const decimals = decimalsFor(low, high, digits);
  return `${figure(low, decimals)} to ${figure(high, decimals)}`;
}

/** `0.012`, `< 0.001` */
export function pText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** `p = 0.012`, `p < 0.001` */
export function pPhrase(p: number | null): string {
  const text = pText(p);
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`;
}

/** `n = 3 each`, `n = 3 and 5` */
export function sizeText([one, other]: readonly [number, number]): string {
  return one === other ? `n = ${one} each` : `n = ${one} and ${other}`;
}

/** `1–7`, `2`, `–` for one that is not ranked. */
export function rankText(from: number | null, to: number | null): string {
  if (from === null || to === null) return '–';
  return from === to ? String(from) : `${from}–${to}`;
}

/** `71 %`; what is not quite none or all is not said to be. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}
