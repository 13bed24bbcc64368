// runs/groups/group-members.ts
// Purpose: the members of opened groups, below their group: each run with what tells it apart and its own values.
// Why: a mean is believed when what it stands on can be looked at without leaving the table.
// Relevant files: runs/groups/group-views.ts, runs/groups/groups.ts, runs/templates/groups.html

import { middle, plural } from '../../shared/format.ts';
import { ruleNumber } from '../rules/rule-text.ts';
import type { MetricRule } from '../rules/rule.ts';
import type { Db } from '../../shared/db/store.ts';
import { RunStatus } from '../models.ts';
import { paramsOf, runsById } from '../queries.ts';
import { groupName } from './group-text.ts';
import type { Group, RunGroups } from './groups.ts';

/** Of one group; all of them are in the run table, one click away. */
const MEMBERS_MAX = 100;
/** Params that tell a member apart. */
const PARAMS_MAX = 4;

export interface MemberView {
  name: string;
  title: string;
  href: string;
  /** `seed 3`: what it differs in from the other members. */
  apart: string;
  /** '' of a finished one. */
  status: string;
  cells: { text: string; title: string }[];
}

export interface OpenGroup {
  members: MemberView[];
  more: string;
}

/** By the names of the groups. */
export async function readOpen(db: Db, data: RunGroups, names: string[]): Promise<Map<string, OpenGroup>> {
  const open = new Map<string, OpenGroup>();
  if (names.length === 0) return open;
  for (const group of [...data.groups, ...data.valueless]) {
    const name = groupName(group);
    if (names.includes(name)) open.set(name, await readMembers(db, group, data));
  }
  return open;
}

async function readMembers(db: Db, group: Group, { ignored, metrics }: RunGroups): Promise<OpenGroup> {
  const members = group.members.slice(0, MEMBERS_MAX);
  const apart = new Map<string, string[]>();
  for (const { run_id, key, value } of await paramsOf(db, members.map(({ id }) => id))) {
    const known = apart.get(run_id) ?? [];
    if (ignored.includes(key) && known.length < PARAMS_MAX) known.push(`${key} ${middle(value, 24)}`);
    apart.set(run_id, known);
  }
  const names = new Map((await runsById(db, members.map(({ id }) => id))).map(({ id, name }) => [id, name]));
  const more = group.runs - members.length;
  return {
    more: more > 0 ? `${plural(more, 'more run')}: see all of them in the run table` : '',
    members: members.map(({ id, status }, place) => ({
      name: middle(names.get(id) ?? id, 40),
      title: names.get(id) ?? id,
      href: `/runs/${id}`,
      apart: (apart.get(id) ?? []).join(', '),
      status: status === RunStatus.Finished ? '' : status,
      cells: metrics.map((rule) => cellOf(group.metrics.get(rule.key)?.values[place] ?? null, rule, status)),
    })),
  };
} // prettier-ignore

function cellOf(value: number | null, rule: MetricRule, status: RunStatus): MemberView['cells'][number] {
  if (value !== null) return { text: ruleNumber(value, rule), title: String(value) };
  return { text: '–', title: status === RunStatus.Finished ? 'no finite value: not counted' : 'not finished: not counted' };
} // prettier-ignore
