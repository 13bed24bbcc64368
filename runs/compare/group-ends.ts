// runs/compare/group-ends.ts
// Purpose: what the groups of a comparison end with, as its table: mean ± standard deviation (n) of each metric.
// Why: groups stand beside runs; their own page and the conclusions have more.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/selection.ts, runs/compare/compare-routes.ts

import type { Db } from '../../shared/db/store.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { Direction } from '../metric-rules.ts';
import { ruleNumber } from '../rules/rule-text.ts';
import { groupNumbers, type GroupLine } from './group-numbers.ts';

/** Metrics in the table. */
const METRICS = 20;

export interface GroupEnds {
  heads: { name: string; title: string; href: string }[];
  rows: { key: string; cells: { text: string; rest: string; mark: string }[] }[];
  keys: string[];
}

/** Null without groups. */
export async function groupEnds(db: Db, groups: readonly DrawnGroup[]): Promise<GroupEnds | null> {
  if (groups.length === 0) return null;
  const lines = (await groupNumbers(db, groups)).slice(0, METRICS);
  return {
    heads: groups.map(({ name, title = name, href = '' }) => ({ name, title, href })),
    rows: lines.map((line) => ({ key: line.key, cells: cellsOf(line) })),
    keys: lines.map(({ key }) => key),
  };
}

function cellsOf({ rule, stats, best }: GroupLine): GroupEnds['rows'][number]['cells'] {
  return stats.map((one, place) => ({
    text: ruleNumber(one?.mean ?? null, rule),
    rest: one ? `${one.std === null ? '' : `± ${ruleNumber(one.std, rule)} `}(${one.n})` : '',
    mark: best.includes(place) ? (rule.direction === Direction.Min ? 'dn best' : 'best') : '',
  }));
}
