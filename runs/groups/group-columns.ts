// runs/groups/group-columns.ts
// Purpose: which columns and rows the table of groups has, and its heads with the links that order it.
// Why: of thirty params those that differ among the groups shown are columns; the other formats have all.
// Relevant files: runs/groups/group-views.ts, runs/groups/group-row-views.ts, runs/groups/group-text.ts

import { sortOf, type SortView } from '../../shared/http/list-view.ts';
import { Direction } from '../metric-rules.ts';
import { headWords } from '../rules/rule-text.ts';
import type { At } from '../table/table-views.ts';
import { namesOf, shownColumns, type ShownColumns } from './group-text.ts';
import type { Group, RunGroups } from './groups.ts';

/** Groups in the page's table, and cells of all of them: of thirty params fewer are shown. The other formats have all. */
const SHOWN_MAX = 100;

const CELLS_MAX = 2_000;

const SHOWN_MIN = 10;

interface Head extends SortView {
  /** The column of the main metric: each run is drawn beside it. */
  main: boolean;
  label: string;
  href: string;
  number: boolean;
}

export type Columns = ShownColumns;

/** What differs among the groups that are shown, and what they are ordered by. */
export function columnsAmong(data: RunGroups, groups: readonly Group[], order = ''): Columns {
  const { shown, same } = shownColumns(data, groups);
  const ordered = data.by.indexOf(order.replace(/^-/, ''));
  const isHidden = ordered >= 0 && groups.length > 1 && !shown.includes(ordered);
  if (!isHidden) return { shown, same };
  const name = namesOf(data)[ordered];
  return { shown: [...shown, ordered].sort((a, b) => a - b), same: same.filter(({ key }) => key !== name) };
}

export function showHeads(data: RunGroups, { shown }: Columns, order: string, at: At): Head[] {
  const head = (label: string, field: string, number: boolean, first: '' | '-'): Head => ({
    main: field === `metrics.${data.main}`,
    label,
    number,
    href: at({ order: order === first + field ? (first === '' ? '-' : '') + field : first + field }),
    ...sortOf(order, field),
  });
  const metrics = data.metrics.map((rule) =>
    head(
      `${rule.key} ${headWords(rule)}`.trim(),
      `metrics.${rule.key}`,
      true,
      rule.direction === Direction.Min ? '' : '-',
    ),
  );
  // What groups are ranked by stands beside the rank: behind twenty params, or on a phone, nobody would see it.
  return [
    ...metrics.filter(({ main }) => main),
    ...shown.map((place) => head(namesOf(data)[place] ?? '', data.by[place] ?? '', false, '')),
    ...metrics.filter(({ main }) => !main),
    head('runs', 'runs', true, '-'),
  ];
}

export function metricIsFirst({ metrics, main }: RunGroups): boolean {
  return metrics.some(({ key }) => key === main);
}

export function shownGroups({ groups, metrics }: RunGroups, { shown }: Columns): Group[] {
  const rows = Math.floor(CELLS_MAX / (shown.length + metrics.length + 1));
  return groups.slice(0, Math.min(SHOWN_MAX, Math.max(SHOWN_MIN, rows)));
}
