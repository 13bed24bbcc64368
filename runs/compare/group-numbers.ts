// runs/compare/group-numbers.ts
// Purpose: what the groups of a comparison come to: mean, standard deviation, n and extremes of each metric over their finished runs.
// Why: page, JSON and decisions say the same of groups as the groups page and the conclusions; a crashed run's last value is no result.
// Relevant files: runs/compare/group-ends.ts, runs/compare/compare-json.ts, shared/stats/moments.ts

import { experimentsById } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { grouped } from '../../shared/grouped.ts';
import { statsOf, type Stats } from '../../shared/stats/moments.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { byImportance, mainMetric } from '../metric-rules.ts';
import { RunStatus } from '../models.ts';
import { metricsOf } from '../queries.ts';
import { rulesOfMany, withCounted } from '../rules/rule-queries.ts';
import { directionsIn, NO_RULES, ruleFor, type MetricRule } from '../rules/rule.ts';
import { sharedRules } from '../rules/shared-rules.ts';
import { bestPlaces } from './best-places.ts';
import { leadMetric } from './lead-metric.ts';

export interface GroupLine {
  key: string;
  rule: MetricRule;
  /** The rules of the runs' experiments differ: last values count. */
  isMixed: boolean;
  /** In the order of the groups; null: no member has a finite value. */
  stats: (Stats | null)[];
  /** Finished members without a finite value, in the same order. */
  without: number[];
  /** Places (0 …) of the groups with the best mean: `bestPlaces`. */
  best: number[];
}

/** Of the values that count and are finite, of finished runs; most telling metric first. What only others have is a line without stats. */
export async function groupNumbers(db: Db, all: readonly DrawnGroup[]): Promise<GroupLine[]> {
  if (all.length === 0) return [];
  const groups = all.map((group) => ({ ...group, runs: finishedOf(group) }));
  const ends = new Map<string, Map<string, number>>();
  const loggedIn = new Map<string, Set<number>>();
  const ids = [...new Set(all.flatMap((group) => group.runs.map(({ id }) => id)))];
  const rows = grouped(await metricsOf(db, ids), (row) => row.experiment_id);
  const { shared, mixed, own } = sharedRules(await rulesOfMany(db, [...rows.keys()]));
  for (const [experiment, some] of rows) {
    for (const row of await withCounted(db, own.get(experiment) ?? NO_RULES, some)) {
      const of = ends.get(row.key) ?? new Map<string, number>();
      ends.set(row.key, of.set(row.run_id, row.counts?.value ?? NaN));
      loggedIn.set(row.key, (loggedIn.get(row.key) ?? new Set<number>()).add(experiment));
    }
  }
  const wayOf = directionsIn(shared);
  const keys = [...ends.keys()];
  const valuesOf = (key: string): number[][] =>
    groups.map(({ runs }) => finiteOf(runs.map(({ id }) => ends.get(key)?.get(id))));
  const numbers = new Map(keys.map((key) => [key, valuesOf(key)]));
  const experiments = await experimentsById(db, [
    ...new Set(all.flatMap(({ runs }) => runs.map((run) => run.experiment_id))),
  ]);
  const had = keys.map((key) => ({
    key,
    n: numbers.get(key)?.filter((some) => some.length > 0).length ?? 0,
    experiments: loggedIn.get(key) ?? new Set<number>(),
  }));
  const main = leadMetric(had, experiments.values(), wayOf);
  return byImportance(keys, main ?? mainMetric(keys, null, wayOf), wayOf).map((key) => {
    const values = numbers.get(key) ?? [];
    const stats = values.map((some) => statsOf(some));
    const rule = ruleFor(shared, key);
    return {
      ...{
        key,
        rule,
        isMixed: mixed.has(key),
        stats,
        best: bestPlaces(
          stats.map((one) => one?.mean),
          rule.direction,
        ),
      },
      without: groups.map(({ runs }, place) => runs.length - (values[place]?.length ?? 0)),
    };
  });
}

function finiteOf(values: (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
}

/** Those that count. */
function finishedOf({ runs }: Pick<DrawnGroup, 'runs'>): DrawnGroup['runs'] {
  return runs.filter(({ status }) => status === RunStatus.Finished);
}

/** Members that have not finished, and count nowhere. */
export function unfinishedOf(group: Pick<DrawnGroup, 'runs'>): number {
  return group.runs.length - finishedOf(group).length;
}
