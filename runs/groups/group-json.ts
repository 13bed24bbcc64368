// runs/groups/group-json.ts
// Purpose: groups as the API gives them.
// Why: every number with every digit, and the ids of the members to go on with.
// Relevant files: runs/groups/groups.ts, runs/schemas.ts

import { ruleJson } from '../rules/rule-json.ts';
import type { GroupsOut } from './group-schemas.ts';
import { differenceFrom, groupBaseJson, type GroupBase } from './group-baseline.ts';
import type { Group, RunGroups } from './groups.ts';

export function groupsJson(data: RunGroups, base: GroupBase | null): GroupsOut {
  const { by, ignored, lacked, main, runs, metrics } = data;
  return {
    by,
    ignored,
    lacked,
    main_metric: main,
    runs,
    metrics: metrics.map((rule) => ({ key: rule.key, direction: rule.direction, rule: ruleJson(rule) })),
    items: [...data.groups, ...data.valueless].map((group) => groupJson(group, data, base?.group ? base : null)),
    ...(base && { baseline: groupBaseJson(base) }),
  };
}

function groupJson(group: Group, { by }: RunGroups, base: GroupBase | null): GroupsOut['items'][number] {
  const { values, members, unfinished, metrics } = group;
  return {
    values: Object.fromEntries(by.map((name, place) => [name, values[place] ?? null])),
    runs: members.map(({ id }) => id),
    unfinished,
    ...(base && { is_baseline: group === base.group }),
    metrics: Object.fromEntries(
      [...metrics].map(([key, { stats, without }]) => [
        key,
        {
          ...(stats ?? { n: 0, mean: null, std: null, min: null, max: null }),
          without,
          ...(base && { difference: differenceFrom(base, key, stats) }),
        },
      ]),
    ),
  };
}
