// runs/groups/group-where.ts
// Purpose: the filter by which the runs of a group are found, whatever the page was asked by: words, tags and states, too.
// Why: curves and a baseline know filters only; without the rest of what was asked they would be of other runs.
// Relevant files: runs/groups/group-views.ts, runs/query/parser.ts, runs/groups/group-asked.ts

import { RunStatus } from '../models.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import { narrowed } from '../query/where.ts';
import { splitTrash } from '../../shared/http/list-view.ts';
import type { Group, RunGroups } from './groups.ts';

type Asked = Pick<GroupsQuery, 'q' | 'where' | 'status' | 'tag'>;

/** Null where no filter says it: runs in the trash, or a filter too long for an address. */
export function filterOf(group: Group, data: RunGroups, { q, where, status, tag }: Asked): string | null {
  const { trashed, states } = splitTrash(status);
  if (trashed) return null;
  const tests = [
    ...(q?.trim() ? [quoted(q.trim())] : []),
    ...(states && states.length > 0 ? [`(${states.map(stateTest).join(' or ')})`] : []),
    ...(tag ?? []).map(tagTest),
  ];
  return narrowed(where, [...tests, ...memberTests(group, data)].join(' and '));
}

/** The same beside words, tags and states, which an address has for itself. */
export function whereOf(group: Group, data: RunGroups, where: string | undefined): string | null {
  return narrowed(where, memberTests(group, data).join(' and '));
}

/** What makes a run a member. Runs that differ in nothing are one group, which no test is needed for. */
function memberTests(group: Group, { by }: RunGroups): string[] {
  return by.map((name, place) => {
    const [prefix = '', ...key] = name.split('.');
    const field = key.length === 0 ? name : `${prefix}.${quoted(key.join('.'))}`;
    const value = group.values[place] ?? null;
    return value === null ? `${field} is null` : `${field} = ${quoted(value)}`;
  });
}

/** The state that is stored; in filters a run that is quiet is stalled and not running. */
function stateTest(state: RunStatus): string {
  return state === RunStatus.Running ? 'status = running or status = stalled' : `status = ${state}`;
}

/** A label of that name, or a key with a value, wherever the sign between them stands. */
function tagTest(text: string): string {
  const pairs = [...text.matchAll(/=/g)].map(
    ({ index }) => `tags.${quoted(text.slice(0, index))} = ${quoted(text.slice(index + 1))}`,
  );
  return `(${[`tags.${quoted(text)} is not null`, ...pairs].join(' or ')})`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
