// runs/compare/group-ends.ts
// Purpose: what the groups of a comparison end with: mean ± standard deviation (n) of each metric.
// Why: groups stand beside runs; their own page and the conclusions have more.
// Relevant files: runs/compare/selection.ts, runs/compare/compare-routes.ts, shared/stats/moments.ts

import type { Db } from '../../shared/db/store.ts';
import { grouped } from '../../shared/grouped.ts';
import { statsOf } from '../../shared/stats/moments.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { byImportance, Direction, mainMetric } from '../metric-rules.ts';
import { metricsOf } from '../queries.ts';
import { rulesOfMany, withCounted } from '../rules/rule-queries.ts';
import { ruleNumber } from '../rules/rule-text.ts';
import { directionsIn, NO_RULES, ruleFor } from '../rules/rule.ts';
import { sharedRules } from '../rules/shared-rules.ts';

/** Metrics in the table. */
const METRICS = 20;

export interface GroupEnds {
  heads: { name: string; title: string; href: string }[];
  rows: { key: string; cells: { text: string; rest: string; mark: string }[] }[];
  keys: string[];
}

/** Of the values that count and are finite; null without groups. */
export async function groupEnds(db: Db, groups: readonly DrawnGroup[]): Promise<GroupEnds | null> {
  if (groups.length === 0) return null;
  const ends = new Map<string, Map<string, number>>();
  const ids = [...new Set(groups.flatMap((group) => group.runs.map(({ id }) => id)))];
  const rows = grouped(await metricsOf(db, ids), (row) => row.experiment_id);
  const { shared, own } = sharedRules(await rulesOfMany(db, [...rows.keys()]));
  for (const [experiment, some] of rows) {
    for (const row of await withCounted(db, own.get(experiment) ?? NO_RULES, some)) {
      const of = ends.get(row.key) ?? new Map<string, number>();
      ends.set(row.key, of.set(row.run_id, row.counts?.value ?? NaN));
    }
  }
  const wayOf = directionsIn(shared);
  const keys = byImportance([...ends.keys()], mainMetric([...ends.keys()], null, wayOf), wayOf).slice(0, METRICS);
  const lines = keys.map((key) => {
    const stats = groups.map(({ runs }) =>
      statsOf(runs.map(({ id }) => ends.get(key)?.get(id) ?? NaN).filter(Number.isFinite)),
    );
    const rule = ruleFor(shared, key);
    const { direction } = rule;
    const means = stats.flatMap((one) => one?.mean ?? []);
    const best = direction === null ? NaN : direction === Direction.Max ? Math.max(...means) : Math.min(...means);
    return {
      key,
      cells: stats.map((one) => ({
        text: ruleNumber(one?.mean ?? null, rule),
        rest: one ? `${one.std === null ? '' : `± ${ruleNumber(one.std, rule)} `}(${one.n})` : '',
        mark: one?.mean === best && groups.length > 1 ? (direction === Direction.Min ? 'dn best' : 'best') : '',
      })),
    };
  });
  return { heads: groups.map(({ name, title = name, href = '' }) => ({ name, title, href })), rows: lines, keys };
}
