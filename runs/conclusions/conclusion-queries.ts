// runs/conclusions/conclusion-queries.ts
// Purpose: reads what conclusions are drawn from: the groups, and what their runs pair by.
// Why: two reads; everything after them is arithmetic.
// Relevant files: runs/conclusions/conclusions.ts, runs/groups/group-asked.ts, runs/groups/group-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { groupsAsked } from '../groups/group-asked.ts';
import { paramValues } from '../groups/group-queries.ts';
import { readGroupBase, type GroupBase } from '../groups/group-baseline.ts';
import type { RunGroups } from '../groups/groups.ts';
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
  const known = new Map<number, Map<string, string>>();
  for (const { seq, key, value } of await paramValues(db, experiment.id, data.ignored)) {
    const own = known.get(seq) ?? new Map<string, string>();
    known.set(seq, own);
    own.set(key, value);
  }
  return { data, known, kept: await readGroupBase(db, experiment, data) };
}
