// runs/groups/members.ts
// Purpose: which runs are grouped, with a column for each of what they are grouped by.
// Why: where the columns come from, kept ones or the database, is no matter of those who group them.
// Relevant files: runs/groups/groups.ts, runs/groups/grouping.ts, runs/param-columns-queries.ts, runs/run-list-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { foundRuns } from '../found-queries.ts';
import { factsOf, keepColumn, keptColumn } from '../kept-columns.ts';
import { RUN_STATUSES } from '../models.ts';
import { areKnown, readParams, readRunList } from '../param-columns-queries.ts';
import { isPlain, type RunFilter } from '../run-filter.ts';
import { listOf, placesIn, type RunList } from '../run-list.ts';
import { askList, askParents, askTag } from '../run-list-queries.ts';
import { columnBytes, type TextColumn } from '../text-column.ts';

type Filter = Omit<RunFilter, 'order'>;

export interface Members {
  /** The runs among which they are: all of the experiment, or no others. */
  list: RunList;
  /** Where they stand in it, ascending. */
  places: Int32Array;
  /** Of the list's runs, in the order of `by`: `params.lr`, `tags.team`, `parent`. */
  columns: TextColumn[];
}

/** Of more runs than that all are read, and kept; fewer are read by themselves, unless all are known. */
const FEW = 1 / 16;

export async function readMembers(db: Db, experiment: ExperimentRow, filter: Filter, by: string[]): Promise<Members> {
  const all = filter.trashed ? await askList(db, experiment.id, true) : await readRunList(db, experiment);
  const places = await placesOf(db, experiment, all, filter);
  const params = by.filter((one) => one.startsWith('params.')).map((one) => one.slice('params.'.length));
  const isFew = places.length < all.seqs.length * FEW && !areKnown(db, experiment, all, params);
  const list = isFew ? listOf(all, places) : all;
  const known = new Map<string, TextColumn>();
  for (const [at, column] of (await readParams(db, experiment, list, params)).entries())
    known.set(`params.${params[at]}`, column);
  for (const one of by)
    if (!known.has(one)) known.set(one, await readOther(db, experiment, list, one, list === all && !filter.trashed));
  return {
    list,
    places: isFew ? Int32Array.from(places.keys()) : places,
    columns: by.flatMap((one) => known.get(one) ?? []),
  };
}

async function placesOf(db: Db, experiment: ExperimentRow, all: RunList, filter: Filter): Promise<Int32Array> {
  const asked = new Set((filter.status ?? []).map((status) => RUN_STATUSES.indexOf(status)));
  if (isPlain(filter))
    return Int32Array.from(all.seqs.keys()).filter((place) => asked.size === 0 || asked.has(all.states[place] ?? 0));
  const found = await foundRuns(db, { ...filter, experiment: experiment.id }, experiment);
  return placesIn(all.seqs, found).filter((place) => place >= 0);
}

/** A tag, or the parent: both may change, so they are kept while nothing does. */
async function readOther(
  db: Db,
  experiment: ExperimentRow,
  list: RunList,
  one: string,
  isAll: boolean,
): Promise<TextColumn> {
  const name = `of runs ${one}`;
  const known = isAll ? keptColumn<{ list: RunList; column: TextColumn }>(db, factsOf(experiment), name) : undefined;
  if (known?.list === list) return known.column;
  const column =
    one === 'parent'
      ? await askParents(db, experiment.id, list)
      : await askTag(db, experiment.id, list, one.slice('tags.'.length));
  if (isAll) keepColumn(db, factsOf(experiment), name, { list, column }, columnBytes(column));
  return column;
}
