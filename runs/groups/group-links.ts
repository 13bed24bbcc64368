// runs/groups/group-links.ts
// Purpose: where a table of groups and each of its rows lead: members, comparison, curves, and the view itself as arguments.
// Why: a link must name exactly the runs that the row counts; pivot and saved views name them in the same way.
// Relevant files: runs/groups/group-views.ts, runs/groups/group-where.ts, runs/pivot/pivot-views.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { link, type QueryValue } from '../../shared/http/links.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import { filterOf, whereOf } from './group-where.ts';
import type { Group, RunGroups } from './groups.ts';

/** A view of groups as arguments; neither the groups that are open nor the saved view that it came from. */
export function groupsArguments({
  q,
  where,
  status,
  tag,
  by,
  order,
  metric,
  column,
}: GroupsQuery): Record<string, QueryValue> {
  return { q, where, status, tag, by, order, metric, column };
}

export function canCompare({ runs }: Group): boolean {
  return runs > 1 && runs <= LIMITS.compareRuns;
}

/** By its name: the ids of all runs of a hundred groups were most of the page. */
export function compareGroup(name: string, query: GroupsQuery, { id }: ExperimentRow): string {
  return link(`/experiments/${id}/groups/compare`, { ...groupsArguments(query), group: name });
}

export function membersLink(
  group: Group,
  data: RunGroups,
  query: Pick<GroupsQuery, 'q' | 'where' | 'status' | 'tag'>,
  { id }: ExperimentRow,
): string | null {
  const where = whereOf(group, data, query.where);
  const { q, status, tag } = query;
  return where === null ? null : link(`/experiments/${id}`, { q, where, status, tag });
}

/** Groups whose curves are drawn at first: the best, in the order of the page. */
const CURVES_MAX = 10;

/** The curves of the first groups in the main metric. */
export function curvesLink(
  data: RunGroups,
  query: GroupsQuery,
  { id }: ExperimentRow,
): { href: string; label: string } | null {
  const filters = data.groups.slice(0, CURVES_MAX).map((group) => filterOf(group, data, query));
  const groups = filters.flatMap((filter) => (filter === null ? [] : [`${id}:${filter}`]));
  if (data.main === null || groups.length === 0 || groups.length < filters.length) return null;
  if (groups.some((text) => text.length > LIMITS.query)) return null;
  const which = data.groups.length > CURVES_MAX ? `the first ${CURVES_MAX} groups` : 'these groups';
  return { href: link('/curves', { group: groups, key: data.main }), label: `Curves of ${which}` };
}
