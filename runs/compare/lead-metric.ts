// runs/compare/lead-metric.ts
// Purpose: the metric that a comparison leads with.
// Why: what only one of the compared has says nothing of which is better.
// Relevant files: runs/compare/compare.ts, runs/compare/group-numbers.ts, runs/metric-rules.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { byImportance, isProgress, mainMetric, type WayOf } from '../metric-rules.ts';

/** A metric and what is compared of it. */
export interface Had {
  key: string;
  /** Of the runs or groups that are compared: how many have a finite value. */
  n: number;
  /** Experiments in which it is logged. */
  experiments: ReadonlySet<number>;
}

/** The main metric of the first experiment of which two at least have a value, else what most have; null: nothing can be compared. */
export function leadMetric(all: readonly Had[], experiments: Iterable<ExperimentRow>, wayOf: WayOf): string | null {
  const shared = new Map(all.filter(({ n }) => n > 1).map(({ key, n }) => [key, n]));
  for (const { id, main_metric } of experiments) {
    const own = all.filter((one) => one.experiments.has(id)).map(({ key }) => key);
    const main = mainMetric(own, main_metric, wayOf);
    if (main !== null && shared.has(main)) return main;
  }
  const telling = [...shared.keys()].filter((key) => wayOf(key) !== null && !isProgress(key));
  const most = Math.max(...telling.map((key) => shared.get(key) ?? 0));
  return byImportance(telling, null, wayOf).find((key) => shared.get(key) === most) ?? null;
}
