// runs/pivot/pivot-text.ts
// Purpose: the sides of a pivot in words, and how much of a long side is shown.
// Why: page and files say the same.
// Relevant files: runs/pivot/pivot-views.ts, runs/pivot/pivot-formats.ts

import type { Axis } from './pivot.ts';

/** Rows or columns that are drawn; a square of more is no picture, and a filter is what makes it one. */
const SHOWN = { page: { rows: 60, cols: 24 }, file: { rows: 1_000, cols: 200 } } as const;

/** `params.lr` is `lr`. */
export function sideName({ key }: Axis): string {
  return key === null ? 'all runs' : key.replace(/^(params|tags)\./, '');
}

export function valueText({ key }: Axis, value: string | null): string {
  if (key === null) return 'all runs';
  return value === null ? 'not set' : value === '' ? '""' : value;
}

export function cut(
  { values }: Axis,
  where: keyof typeof SHOWN,
  side: 'rows' | 'cols' = 'rows',
): { shown: Axis['values']; left: number } {
  const shown = values.slice(0, SHOWN[where][side]);
  return { shown, left: values.length - shown.length };
}
