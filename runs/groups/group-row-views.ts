// runs/groups/group-row-views.ts
// Purpose: a group as a row of the table: rank, configuration, mean ± std (n) of each metric, difference from the baseline, links.
// Why: how much to believe a mean stands beside it.
// Relevant files: runs/groups/group-views.ts, runs/groups/group-dots.ts, runs/groups/group-links.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { middle, plural } from '../../shared/format.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import { Direction } from '../metric-rules.ts';
import type { MetricRule } from '../rules/rule.ts';
import type { At } from '../table/table-views.ts';
import { groupDelta, type GroupBase } from './group-baseline.ts';
import type { OpenGroup } from './group-members.ts';
import type { bestGroups } from './group-text.ts';
import { deviation, groupName, meanText, shortLabel } from './group-text.ts';
import type { Group, MetricOfGroup, RunGroups } from './groups.ts';
import { canCompare, compareGroup, membersLink } from './group-links.ts';
import { type Columns, metricIsFirst } from './group-columns.ts';
import { type Scale, showDots } from './group-dots.ts';

export interface Context {
  base: GroupBase | null;
  at: At;
  open: Map<string, OpenGroup>;
  data: RunGroups;
  best: ReturnType<typeof bestGroups>;
  columns: Columns;
  ranks: Map<Group, number>;
  scale: Scale | null;
  query: GroupsQuery;
  experiment: ExperimentRow;
}

export function showGroup(
  group: Group,
  { data, base, open, best, ranks, columns, scale, query, experiment, at }: Context,
): unknown {
  const label = shortLabel(group, data, columns);
  const name = groupName(group);
  const others = [...open.keys()].filter((one) => one !== name);
  return {
    name,
    open: open.get(name) ?? null,
    toggle: `${at({ open: open.has(name) ? others : [...others, name] })}#g-${name}`,
    rank: ranks.get(group) ?? '–',
    label,
    values: columns.shown.map((column) => {
      const value = group.values[column] ?? null;
      return { text: value === null ? '–' : value === '' ? '""' : middle(value, 40), title: value ?? 'not set' };
    }),
    cells: data.metrics.map((rule) =>
      ({
        ...showCell(group.metrics.get(rule.key), rule, { isBest: best.get(rule.key)?.has(group) === true, isMain: rule.key === data.main }),
        delta: groupDelta(group, rule, base),
      }),
    ),
    isBaseline: base?.group === group,
    inWords: metricIsFirst(data) && columns.shown.length > 0 ? label : '',
    dots: scale && data.main !== null ? showDots(group, group.metrics.get(data.main), scale) : null,
    runs: group.runs,
    href: membersLink(group, data, query, experiment),
    compare: canCompare(group) ? compareGroup(name, query, experiment) : null,
  }; // prettier-ignore
}

function showCell(
  metric: MetricOfGroup | undefined,
  { direction, digits }: MetricRule,
  { isBest, isMain }: { isBest: boolean; isMain: boolean },
): object {
  const stats = metric?.stats;
  if (!metric || !stats) return { mean: '–', rest: '', title: without(metric), mark: '', main: isMain };
  const std = stats.std === null ? 'one value, no deviation' : `standard deviation ${stats.std}`;
  return {
    mean: meanText(stats, digits),
    rest: `${stats.std === null ? '' : `± ${deviation(stats, digits)} `}(${stats.n})`,
    title: [`mean ${stats.mean}, ${std}, ${stats.min} to ${stats.max}`, without(metric)].filter(Boolean).join('; '),
    mark: isBest ? (direction === Direction.Min ? 'dn best' : 'best') : '',
    main: isMain,
  };
}

function without(metric: MetricOfGroup | undefined): string {
  return metric && metric.without > 0
    ? `${plural(metric.without, 'finished run')} without a finite value left out`
    : '';
}
