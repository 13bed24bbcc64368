// runs/groups/group-keys.ts
// Purpose: which params tell runs apart: those with several values, and of those that some runs lack the ones that must.
// Why: one crashed run without params must not split or re-label every group, and no mean may mix what is different.
// Relevant files: runs/groups/groups.ts, runs/groups/grouping.ts, runs/repeat-keys.ts, runs/tally-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { factsOf, keepColumn, keptColumn } from '../kept-columns.ts';
import { keptFact, keptVariety } from '../kept-facts.ts';
import { RUN_STATUSES, RunStatus } from '../models.ts';
import { readParams, readRunList } from '../param-columns-queries.ts';
import { repeatRule } from '../repeat-keys.ts';
import { countStates } from '../tally-queries.ts';
import { refine } from './grouping.ts';

/** A param that is the same in all runs that have it. */
export interface LackedParam {
  key: string;
  value: string;
  /** Runs that do not have it. */
  runs: number;
}

export interface GroupKeys {
  /** What runs differ in, by name. */
  varied: string[];
  /** What some runs lack, and what tells no runs apart that are not told apart already. */
  lacked: LackedParam[];
}

export async function groupKeys(db: Db, experiment: ExperimentRow): Promise<GroupKeys> {
  const total = await keptFact(db, experiment, 'runs', () => countStates(db, { experiment: experiment.id }));
  const all = await keptVariety(db, experiment);
  const differing = all.filter(({ values }) => values > 1).map(({ key }) => key);
  const partial = all.filter(({ values, runs }) => values <= 1 && runs < total);
  // What most runs lack first: then few of them part what has to be parted.
  const candidates = [...partial].sort((a, b) => a.runs - b.runs).map(({ key }) => key);
  const { said } = repeatRule(experiment);
  const counted = candidates.filter((key) => said[key] === false);
  const needed = new Set([...counted, ...(await neededOf(db, experiment, differing, candidates))]);
  const varied = new Set([...differing, ...needed]);
  return {
    varied: all.filter(({ key }) => varied.has(key)).map(({ key }) => key),
    lacked: partial
      .filter(({ key }) => !needed.has(key))
      .map(({ key, least, runs }) => ({ key, value: least, runs: total - runs })),
  };
}

/** Columns looked at together: an experiment may have thousands of params. */
const AT_ONCE = 100;

/**
 * Params without which finished runs that have them would be averaged with some that do not. Others need not be looked at: a run
 * that lacks them differs in something else, or has not finished and counts in no mean.
 */
async function neededOf(db: Db, experiment: ExperimentRow, differing: string[], candidates: string[]): Promise<string[]> {
  const { isRepeat } = repeatRule(experiment);
  const asked = candidates.filter((key) => !isRepeat(key));
  if (asked.length === 0) return [];
  const known = keptColumn<string[]>(db, factsOf(experiment), 'needed params');
  if (known) return known;
  const list = await readRunList(db, experiment);
  const finished = RUN_STATUSES.indexOf(RunStatus.Finished);
  const places = Int32Array.from(list.seqs.keys()).filter((place) => list.states[place] === finished);
  const groupOf = new Uint32Array(places.length);
  const needed: string[] = [];
  let groups = Math.min(1, places.length);
  const usual = differing.filter((key) => !isRepeat(key));
  const all = [...usual, ...asked];
  for (let from = 0; from < all.length && groups < places.length; from += AT_ONCE) {
    const keys = all.slice(from, from + AT_ONCE);
    for (const [at, column] of (await readParams(db, experiment, list, keys)).entries()) {
      const before = groups;
      groups = refine(groupOf, before, column, places);
      if (from + at >= usual.length && groups > before) needed.push(keys[at] ?? '');
    }
  }
  return keepColumn(db, factsOf(experiment), 'needed params', needed, needed.reduce((sum, key) => sum + 2 * key.length, 0));
} // prettier-ignore
