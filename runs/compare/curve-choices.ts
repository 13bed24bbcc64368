// runs/compare/curve-choices.ts
// Purpose: which metrics of a comparison are drawn as charts, and which could be.
// Why: of a hundred metrics four say most; every other one is a click away.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts, runs/metric-rules.ts

import { plural } from '../../shared/format.ts';
import type { At } from '../table/table-views.ts';
import { isProgress } from '../metric-rules.ts';
import type { Comparison, MetricLine } from './compare.ts';
import { countOf } from './summary-cells.ts';

const CHARTS = 4;
/** Choices shown before the rest is folded. */
const CHOICES = 24;

/** A metric of groups, and how many of them have a value of it. */
export interface GroupKey {
  key: string;
  groups: number;
}

/**
 * The metrics asked for, else the most telling ones that are curves in some run.
 * `ofGroups`: metrics of groups, which stand for themselves where no run is compared: first those that two groups have.
 */
export function chartKeysOf({ metrics }: Comparison, asked: string[], ofGroups: readonly GroupKey[] = []): string[] {
  const known = new Set([...metrics, ...ofGroups].map(({ key }) => key));
  if (asked.length > 0) return asked.filter((key) => known.has(key));
  const all: readonly { key: string }[] = metrics.length > 0 ? metrics.filter(isCurve) : sharedOf(ofGroups);
  return all.flatMap(({ key }) => (isProgress(key) ? [] : [key])).slice(0, CHARTS);
}

/** Without those that one group alone has, where others are shared: a single line compares nothing. */
function sharedOf(ofGroups: readonly GroupKey[]): readonly GroupKey[] {
  const shared = ofGroups.filter(({ groups }) => groups > 1);
  return shared.length > 0 ? shared : ofGroups;
}

/** Why metrics of groups are not drawn at first; '' where all may be, or some were asked for. */
export function unsharedWords(asked: readonly string[], ofGroups: readonly GroupKey[]): string {
  const alone = ofGroups.length - sharedOf(ofGroups).length;
  return alone === 0 || asked.length > 0 ? '' : `Drawn at first are metrics that two groups at least have; ${plural(alone, 'more metric')} of one group alone ${alone === 1 ? 'is' : 'are'} a click away.`; // prettier-ignore
}

interface Choice {
  key: string;
  on: boolean;
  href: string;
}

/** `drawn`: keys of the charts. A click draws one more, or takes it away. */
export function showChoices(
  { metrics, ofGroups }: { metrics: readonly MetricLine[]; ofGroups: readonly GroupKey[] },
  drawn: readonly string[],
  at: At,
): { shown: Choice[]; more: Choice[] } {
  const chosen = new Set(drawn);
  const all: readonly { key: string }[] = metrics.length > 0 ? metrics.filter(isCurve) : ofGroups;
  const choices = all.map(({ key }) => ({
    key,
    on: chosen.has(key),
    href: at({ metric: chosen.has(key) ? drawn.filter((other) => other !== key) : [...drawn, key] }),
  }));
  return { shown: choices.slice(0, CHOICES), more: choices.slice(CHOICES) };
}

function isCurve({ cells }: MetricLine): boolean {
  return cells.some((some) => some !== null && countOf(some) > 1);
}
