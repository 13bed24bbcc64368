// runs/conclusions/conclusion-queries.ts
// Purpose: reads what conclusions are drawn from: the groups, and what their runs pair by.
// Why: two reads; everything after them is arithmetic.
// Relevant files: runs/conclusions/conclusions.ts, runs/groups/group-asked.ts, runs/groups/members.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { filterAsked, groupsAsked } from '../groups/group-asked.ts';
import { readGroupBase, type GroupBase } from '../groups/group-baseline.ts';
import type { RunGroups } from '../groups/groups.ts';
import { readMembers } from '../groups/members.ts';
import { placeOf } from '../seqs.ts';
import { textAt } from '../text-column.ts';
import type { ConclusionsQuery } from './conclusion-schemas.ts';
import type { Known } from './pairing.ts';

export interface Read {
  data: RunGroups;
  /** What groups ignore, of each run. */
  known: Known;
  /** The baseline kept of the experiment. */
  kept: GroupBase | null;
}

/** `where`: the filter as it is to be used, undefined where it cannot be read. */
export async function readForConclusions(
  db: Db,
  experiment: ExperimentRow,
  query: ConclusionsQuery,
  where: string | undefined,
): Promise<Read> {
  const data = await groupsAsked(db, experiment, query, where);
  return {
    data,
    known: await readIgnored(db, experiment, filterAsked(experiment, query, where), data.ignored),
    kept: await readGroupBase(db, experiment, data),
  };
}

async function readIgnored(
  db: Db,
  experiment: ExperimentRow,
  filter: Parameters<typeof readMembers>[2],
  keys: string[],
): Promise<Known> {
  const { list, columns } = await readMembers(
    db,
    experiment,
    filter,
    keys.map((key) => `params.${key}`),
  );
  const columnOf = new Map(keys.map((key, at) => [key, columns[at]]));
  return (seq, key) => {
    const column = columnOf.get(key);
    return column ? textAt(column, placeOf(list.seqs, seq)) : null;
  };
}
