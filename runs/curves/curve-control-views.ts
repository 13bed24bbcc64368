// runs/curves/curve-control-views.ts
// Purpose: the settings of a large chart as links and fields: axes, scales, bands, smoothing, and what is kept as the default.
// Why: each setting is in the address, so a link or a form without scripts sets it.
// Relevant files: runs/curves/curve-views.ts, runs/curves/own-settings.ts, runs/templates/curves.html

import { middle } from '../../shared/format.ts';
import { Band, XAxis, type ChartSettings } from './chart-settings.ts';
import { keptText } from './own-settings.ts';
import type { DrawnOf } from './chart-views.ts';

export const BANDS = [
  { band: Band.Std, label: '± std' },
  { band: Band.Se, label: '± standard error' },
  { band: Band.Ci, label: '95 % interval' },
  { band: Band.Range, label: 'min to max' },
] as const;

export function segment(label: string, on: boolean, href: string): { label: string; on: boolean; href: string } {
  return { label, on, href };
}

/** Fields that the form of smoothing and steps has itself. */
const OWN_FIELDS = new Set(['smooth', 'smoothing', 'window', 'outliers', 'from', 'to']);

/** What a form must send along besides its own fields. */
export function hiddenFields(
  of: DrawnOf,
  key: string,
  query: Record<string, string | number | undefined>,
): { name: string; value: string }[] {
  const isOver = query['x'] === XAxis.Metric && query['xmetric'] === undefined;
  return [
    ...Object.entries(of).flatMap(([name, some]) =>
      [some].flat().flatMap((value) => (value === undefined ? [] : [{ name, value: String(value) }])),
    ),
    { name: 'key', value: key },
    ...Object.entries(query)
      .filter(([name]) => isOver || !OWN_FIELDS.has(name))
      .flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }])),
  ];
}

/** What of these settings can be kept for the metric, and what can be forgotten. */
export function showDefault(
  key: string,
  settings: ChartSettings,
  base: ChartSettings,
  experiments: { id: number }[],
  here: string,
): { keep: Record<string, unknown> | null } {
  const [experiment, other] = experiments;
  if (!experiment || other) return { keep: null };
  const [now, kept] = [keptText(settings), keptText(base)];
  return {
    keep: {
      experiment: experiment.id,
      settings: now,
      back: here,
      canKeep: now !== kept,
      isKept: kept !== '',
      label: `Keep as the default of ${middle(key, 40)}`,
    },
  };
}
