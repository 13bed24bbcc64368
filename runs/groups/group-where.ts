// runs/groups/group-where.ts
// Purpose: the filter by which the runs of a group are found, whatever the page was asked by: words, tags and states, too.
// Why: curves and a baseline know filters only; without the rest of what was asked they would be of other runs.
// Relevant files: runs/groups/group-views.ts, runs/query/parser.ts, runs/groups/group-asked.ts

import { RunStatus } from '../models.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import { splitTrash } from '../../shared/http/list-view.ts';
import type { Group, RunGroups } from './groups.ts';

type Asked = Pick<GroupsQuery, 'q' | 'where' | 'status' | 'tag'>;

/** Null where no filter says it: runs in the trash. */
export function filterOf(group: Group, data: RunGroups, { q, where, status, tag }: Asked): string | null {
  const { trashed, states } = splitTrash(status);
  if (trashed) return null;
  const tests = [
    ...(q?.trim() ? [quoted(q.trim())] : []),
    ...(states && states.length > 0 ? [`(${states.map(stateTest).join(' or ')})`] : []),
    ...(tag ?? []).map(tagTest),
  ];
  // Runs that differ in nothing are one group, which no test is needed for.
  return [...tests, whereOf(group, data, where)].filter((text) => text !== '').join(' and ');
}

/** What the members of a group are found by, beside words, tags and states. */
export function whereOf(group: Group, { by }: RunGroups, where = ''): string {
  const tests = by.map((name, place) => {
    const [prefix = '', ...key] = name.split('.');
    const field = key.length === 0 ? name : `${prefix}.${quoted(key.join('.'))}`;
    const value = group.values[place] ?? null;
    return value === null ? `${field} is null` : `${field} = ${quoted(value)}`;
  });
  return [...(where.trim() === '' ? [] : [`(${where})`]), ...tests].join(' and ');
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
