// runs/groups/members.ts
// Purpose: which runs are grouped, with their values of the params asked for.
// Why: where the columns come from, kept ones or the database, is no matter of those who group them.
// Relevant files: runs/groups/groups.ts, runs/kept-columns.ts, runs/groups/group-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { isPlain, type RunFilter } from '../run-filter.ts';
import { membersOf, type MemberWithParams } from './group-queries.ts';
import { foundRuns } from '../found-queries.ts';
import { factsOf, keepColumn, keptColumn, VALUE_BYTES } from '../kept-columns.ts';

type Filter = Omit<RunFilter, 'order'>;

/** An object of four fields, its id and an array. */
const MEMBER_BYTES = 200;

export async function readMembers(
  db: Db,
  experiment: ExperimentRow,
  filter: Filter,
  keys: string[],
): Promise<MemberWithParams[]> {
  const name = `params ${JSON.stringify(keys)}`;
  const facts = factsOf(experiment);
  const known = filter.trashed ? undefined : keptColumn<MemberWithParams[]>(db, facts, name);
  const asked = new Set(filter.status ?? []);
  const inState = ({ member }: MemberWithParams): boolean => asked.size === 0 || asked.has(member.status);
  if (isPlain(filter) && !filter.trashed) {
    const all = known ?? (await membersOf(db, { experiment: experiment.id }, keys));
    if (!known) keepColumn(db, facts, name, all, all.length * (MEMBER_BYTES + keys.length * VALUE_BYTES));
    return asked.size === 0 ? all : all.filter(inState);
  }
  // Few of many may match, so only those are read; who asks a second time will ask a third.
  if (!known && (filter.trashed || keptColumn(db, facts, `asked ${name}`) === undefined)) {
    keepColumn(db, facts, `asked ${name}`, true, 1);
    return membersOf(db, filter, keys);
  }
  const all = known ?? (await readMembers(db, experiment, { experiment: experiment.id }, keys));
  const found = new Set(await foundRuns(db, { ...filter, experiment: experiment.id }, experiment));
  return all.filter(({ member }) => found.has(member.seq));
}
