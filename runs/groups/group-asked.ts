// runs/groups/group-asked.ts
// Purpose: which runs a table of groups or a pivot is about, from its URL.
// Why: groups, pivot and the forms beside them mean the same runs by the same address.
// Relevant files: runs/groups/groups.ts, runs/groups/group-routes.ts, runs/groups/group-forms.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { splitTrash } from '../../shared/http/list-view.ts';
import type { GroupsQuery } from '../page-schemas.ts';
import type { RunFilter } from '../run-filter.ts';
import { readGroups, type RunGroups } from './groups.ts';

/** `where`: the filter as it is to be used, undefined where it cannot be read. */
export function filterAsked(
  experiment: ExperimentRow,
  { q, tag, status }: Pick<GroupsQuery, 'q' | 'tag' | 'status'>,
  where: string | undefined,
): Omit<RunFilter, 'order'> {
  const { trashed, states } = splitTrash(status);
  return { experiment: experiment.id, q, where, tag, status: states, trashed };
}

export async function groupsAsked(
  db: Db,
  experiment: ExperimentRow,
  query: GroupsQuery,
  where: string | undefined,
): Promise<RunGroups> {
  return readGroups(db, experiment, filterAsked(experiment, query, where), query);
}
