// runs/compare/selection.ts
// Purpose: what a comparison or chart is about: runs by id, groups of runs, all runs that match a query.
// Why: the address says it all, in the words that filter every list; what is too much is cut and said.
// Relevant files: runs/compare/selection-schemas.ts, runs/curves/drawn.ts, runs/compare/labels.ts, runs/run-filter.ts

import { requireExperiment } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { badField, Problem } from '../../shared/errors.ts';
import { plural } from '../../shared/format.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { RunRow } from '../models.ts';
import { listRuns } from '../list-queries.ts';
import { requireRuns, runsInSight, type HiddenRun } from '../queries.ts';
import { DEFAULT_ORDER } from '../run-filter.ts';
import { GROUPS_MAX, type SelectionQuery } from './selection-schemas.ts';

export { selectionFields, type SelectionQuery } from './selection-schemas.ts';

export interface RunGroup {
  /** As the address names it. */
  text: string;
  experiment: number;
  where: string;
  /** The newest, which can be drawn; the numbers of a comparison are of all: `wholeGroups`. */
  runs: RunRow[];
  total: number;
}

export interface Selection {
  /** Those named, then those that match the query. */
  runs: RunRow[];
  groups: RunGroup[];
  /** `The newest 100 of 1,200 runs that match are taken.`; empty where nothing was cut. */
  said: string[];
}

/** Whether an address names more than single runs. */
export function namesMore({ group, experiment, where }: Omit<SelectionQuery, 'run'>): boolean {
  return (group?.length ?? 0) > 0 || experiment !== undefined || Boolean(where?.trim());
}

/** Errors: fewer than two runs where nothing else is named (400). */
export function refuseOne(query: SelectionQuery): void {
  if (!namesMore(query) && new Set(query.run).size < 2) throw badField('?run', 'give at least two runs to compare');
}

/** Errors: as readSelection's, but of runs that are not in sight only where nothing else is left to be shown. */
export async function readInSight(db: Db, query: SelectionQuery): Promise<{ selection: Selection; out: HiddenRun[] }> {
  const { runs, out } = await runsInSight(db, query.run, '?run');
  const selection = await selectionOf(db, query, runs);
  const isEmpty = selection.runs.length === 0 && selection.groups.every((group) => group.runs.length === 0);
  if (isEmpty && out[0]) throw out[0].problem;
  return { selection, out };
}

/** Errors: an unknown run or experiment (404), one in the trash (409), a filter that cannot be read (400). */
export async function readSelection(db: Db, query: SelectionQuery): Promise<Selection> {
  return selectionOf(db, query, await requireRuns(db, query.run, '?run'));
}

/** `named`: the runs that it names, as far as they are in sight. */
async function selectionOf(db: Db, query: SelectionQuery, named: RunRow[]): Promise<Selection> {
  const said: string[] = [];
  const matching = query.experiment === undefined ? undefined : await matchingRuns(db, query.experiment, query.where);
  if (query.experiment === undefined && query.where?.trim())
    throw badField('?experiment', 'name the experiment of `where`');
  const known = new Set(named.map(({ id }) => id));
  const others = (matching?.runs ?? []).filter(({ id }) => !known.has(id)).slice(0, LIMITS.compareRuns - named.length);
  if (matching) said.push(cutWords(matching.total, matching.runs.length));
  if ((query.group?.length ?? 0) > GROUPS_MAX) throw badField('?group', `must name at most ${GROUPS_MAX} groups`);
  const groups: RunGroup[] = [];
  for (const text of query.group ?? []) groups.push(await readGroup(db, text));
  return { runs: [...named, ...others], groups, said: said.filter(Boolean) };
}

function cutWords(total: number, shown: number): string {
  return shown < total ? `The newest ${shown} of ${plural(total, 'run')} that match are taken.` : '';
}

/** `EXPERIMENT:FILTER` with the runs that match now; `field` is named where the filter cannot be read. */
export async function readGroup(db: Db, text: string, field = '?group'): Promise<RunGroup> {
  const colon = text.indexOf(':');
  const [experiment, where] = [Number(text.slice(0, colon)), text.slice(colon + 1)];
  try {
    return { text, experiment, where, ...(await matchingRuns(db, experiment, where)) };
  } catch (error) {
    if (error instanceof Problem && error.status === 400) throw badField(field, error.message);
    throw error;
  }
}

async function matchingRuns(db: Db, experiment: number, where = ''): Promise<{ runs: RunRow[]; total: number }> {
  await requireExperiment(db, experiment);
  const { items, total } = await listRuns(
    db,
    { experiment, where, order: DEFAULT_ORDER },
    { limit: LIMITS.compareRuns },
  );
  return { runs: items, total };
}
