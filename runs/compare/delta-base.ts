// runs/compare/delta-base.ts
// Purpose: what the differences of a comparison are from: the baseline run or the mean of the baseline group, of each metric.
// Why: page and JSON take the same one, and only where it is among what is compared: both values stay in sight.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/metric-cells.ts, runs/compare/group-ends.ts, runs/compare/delta.ts

import type { RunRow } from '../models.ts';
import type { MetricRule } from '../rules/rule.ts';
import type { Comparison } from './compare.ts';
import { deltaOf, type DeltaView } from './delta.ts';
import type { GroupLine } from './group-numbers.ts';
import type { RunGroup } from './selection.ts';

export interface BaseValue {
  value: number;
  /** Values that a mean is of; null: a run's own value. */
  n: number | null;
  rule: MetricRule;
  isMixed: boolean;
}

export interface DeltaBase {
  /** Its place among the runs or among the groups; -1: it is none of them. */
  run: number;
  group: number;
  /** By metric; only finite ones. */
  of: ReadonlyMap<string, BaseValue>;
}

export interface KeptBaselines {
  runs: readonly RunRow[];
  groups: readonly RunGroup[];
}

/** Without one, or with several (of runs of several experiments), there is nothing to measure from. */
export function deltaBase(
  { runs, metrics }: Comparison,
  groups: readonly RunGroup[],
  lines: readonly GroupLine[],
  kept: KeptBaselines,
): DeltaBase {
  const run = runs.flatMap(({ id }, place) => (kept.runs.some((one) => one.id === id) ? [place] : []));
  const group = groups.flatMap((one, place) => (kept.groups.some((other) => isSameGroup(one, other)) ? [place] : []));
  if (run.length + group.length !== 1) return { run: -1, group: -1, of: new Map() };
  const [atRun = -1, atGroup = -1] = [run[0], group[0]];
  const of = new Map<string, BaseValue>();
  if (atRun >= 0)
    for (const { key, values, rule, isMixed } of metrics) {
      const value = values[atRun]?.value;
      if (value !== undefined && Number.isFinite(value)) of.set(key, { value, n: null, rule, isMixed });
    }
  else
    for (const { key, stats, rule, isMixed } of lines) {
      const own = stats[atGroup];
      if (own) of.set(key, { value: own.mean, n: own.n, rule, isMixed });
    }
  return { run: atRun, group: atGroup, of };
}

/** The same runs, however their filter is written. */
export function isSameGroup(one: RunGroup, other: RunGroup): boolean {
  if (one.text === other.text) return true;
  if (one.experiment !== other.experiment || one.total !== other.total || one.total === 0) return false;
  const ids = new Set(one.runs.map(({ id }) => id));
  return other.runs.length === ids.size && other.runs.every(({ id }) => ids.has(id));
}

/** Null where there is nothing to measure from, or where another value of the metric counts there. */
export function deltaFrom(
  base: DeltaBase,
  { key, rule, isMixed }: { key: string; rule: MetricRule; isMixed: boolean },
  value: number | null,
): DeltaView | null {
  const from = base.of.get(key);
  if (!from || from.isMixed !== isMixed || JSON.stringify(from.rule) !== JSON.stringify(rule)) return null;
  const whose = from.n === null ? undefined : `the mean of the baseline group (n = ${from.n})`;
  return deltaOf(value, from.value, rule.direction, whose);
}
