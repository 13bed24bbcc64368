// runs/compare/group-ends.ts
// Purpose: what the groups of a comparison end with: mean ± standard deviation (n) of each metric.
// Why: groups stand beside runs; their own page and the conclusions have more.
// Relevant files: runs/compare/selection.ts, runs/compare/compare-routes.ts, shared/stats/moments.ts

import type { Db } from '../../shared/db/store.ts';
import { formatNumber } from '../../shared/format.ts';
import { statsOf } from '../../shared/stats/moments.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { byImportance, Direction, directionOf, mainMetric } from '../metric-rules.ts';
import { metricsOf } from '../queries.ts';
import { fromRow } from '../summary.ts';

/** Metrics in the table. */
const METRICS = 20;

export interface GroupEnds {
  heads: { name: string; title: string; href: string }[];
  rows: { key: string; cells: { text: string; rest: string; mark: string }[] }[];
  keys: string[];
}

/** Of the last values that are finite; null without groups. */
export async function groupEnds(db: Db, groups: readonly DrawnGroup[]): Promise<GroupEnds | null> {
  if (groups.length === 0) return null;
  const ends = new Map<string, Map<string, number>>();
  const ids = [...new Set(groups.flatMap((group) => group.runs.map(({ id }) => id)))];
  for (const row of await metricsOf(db, ids)) {
    const of = ends.get(row.key) ?? new Map<string, number>();
    ends.set(row.key, of.set(row.run_id, fromRow(row).last.value));
  }
  const keys = byImportance([...ends.keys()], mainMetric([...ends.keys()], null)).slice(0, METRICS);
  const rows = keys.map((key) => {
    const stats = groups.map(({ runs }) =>
      statsOf(runs.map(({ id }) => ends.get(key)?.get(id) ?? NaN).filter(Number.isFinite)),
    );
    const direction = directionOf(key);
    const means = stats.flatMap((one) => one?.mean ?? []);
    const best = direction === null ? NaN : direction === Direction.Max ? Math.max(...means) : Math.min(...means);
    return {
      key,
      cells: stats.map((one) => ({
        text: formatNumber(one?.mean ?? null),
        rest: one ? `${one.std === null ? '' : `± ${formatNumber(one.std)} `}(${one.n})` : '',
        mark: one?.mean === best && groups.length > 1 ? (direction === Direction.Min ? 'dn best' : 'best') : '',
      })),
    };
  });
  return { heads: groups.map(({ name, title = name, href = '' }) => ({ name, title, href })), rows, keys };
}
