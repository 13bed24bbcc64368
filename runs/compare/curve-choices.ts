// runs/compare/curve-choices.ts
// Purpose: which metrics of a comparison are drawn as charts, and which could be.
// Why: of a hundred metrics four say most; every other one is a click away.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts, runs/metric-rules.ts

import type { At } from '../table/table-views.ts';
import { isProgress } from '../metric-rules.ts';
import type { Comparison, MetricLine } from './compare.ts';
import { countOf } from './summary-cells.ts';

const CHARTS = 4;
/** Choices shown before the rest is folded. */
const CHOICES = 24;

/**
 * The metrics asked for, else the most telling ones that are curves in some run.
 * `ofGroups`: metrics of groups, which stand for themselves where no run is compared.
 */
export function chartKeysOf({ metrics }: Comparison, asked: string[], ofGroups: string[] = []): string[] {
  const known = new Set([...metrics.map(({ key }) => key), ...ofGroups]);
  if (asked.length > 0) return asked.filter((key) => known.has(key));
  if (metrics.length === 0) return ofGroups.filter((key) => !isProgress(key)).slice(0, CHARTS);
  const curves = metrics.filter((line) => isCurve(line) && !isProgress(line.key));
  return curves.slice(0, CHARTS).map(({ key }) => key);
}

interface Choice {
  key: string;
  on: boolean;
  href: string;
}

/** `drawn`: keys of the charts. A click draws one more, or takes it away. */
export function showChoices(
  metrics: readonly MetricLine[],
  drawn: readonly string[],
  at: At,
): { shown: Choice[]; more: Choice[] } {
  const chosen = new Set(drawn);
  const choices = metrics.filter(isCurve).map(({ key }) => ({
    key,
    on: chosen.has(key),
    href: at({ metric: chosen.has(key) ? drawn.filter((other) => other !== key) : [...drawn, key] }),
  }));
  return { shown: choices.slice(0, CHOICES), more: choices.slice(CHOICES) };
}

function isCurve({ cells }: MetricLine): boolean {
  return cells.some((some) => some !== null && countOf(some) > 1);
}
