// runs/compare/whole-groups.ts
// Purpose: a group of a comparison with all of its members: the newest, which are drawn, and the others, of which only values count.
// Why: a mean, an interval or a test is of all runs of a group; curves are drawn of its newest hundred only.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/selection.ts, runs/groups/members.ts, runs/ends-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { plural } from '../../shared/format.ts';
import type { Drawn } from '../curves/drawn.ts';
import type { DrawnGroup } from '../curves/group-curves.ts';
import { readEnds } from '../ends-queries.ts';
import { readMembers } from '../groups/members.ts';
import { factsOf } from '../kept-columns.ts';
import { RunStatus } from '../models.ts';
import type { MetricRule } from '../rules/rule.ts';
import { placesIn, statusAt } from '../run-list.ts';
import { fromStored } from '../values.ts';
import type { RunGroup } from './selection.ts';

/** `runs`: the newest, whose summaries are read anyway. */
export interface WholeGroup extends DrawnGroup {
  experiment: number;
  /** Finished members besides them, by their seq, ascending. */
  rest: readonly number[];
  /** Of all members those that have not finished: they count nowhere. */
  unfinished: number;
}

/** The groups of a comparison in their order, named with how many runs they have in all. */
export async function wholeGroups(db: Db, { selection, groups }: Drawn): Promise<WholeGroup[]> {
  const whole: WholeGroup[] = [];
  for (const [place, group] of groups.entries()) {
    const of = selection.groups[place];
    const rest = of && of.total > of.runs.length ? await restOf(db, of) : { finished: [], unfinished: 0 };
    const name = `${group.label} (${of?.total ?? group.runs.length})`;
    const unfinished = rest.unfinished + group.runs.filter(({ status }) => status !== RunStatus.Finished).length;
    whole.push({ ...group, name, experiment: of?.experiment ?? 0, rest: rest.finished, unfinished });
  }
  return whole;
}

async function restOf(db: Db, { experiment, where, runs }: RunGroup): Promise<{ finished: number[]; unfinished: number }> {
  const row = await requireExperiment(db, experiment);
  const { list, places } = await readMembers(db, row, { experiment, where }, []);
  const named = new Set(runs.map(({ seq }) => seq));
  const others = [...places].filter((place) => !named.has(list.seqs[place] ?? NaN));
  const finished = others.filter((place) => statusAt(list, place) === RunStatus.Finished);
  return { finished: finished.map((place) => list.seqs[place] ?? NaN), unfinished: others.length - finished.length };
} // prettier-ignore

/** What a metric comes to in an experiment, read once for all of its groups. `isMixed`: the last value counts. */
export type ReadValues = (experiment: ExperimentRow, rule: MetricRule, isMixed: boolean) => Promise<RunValues>;

interface RunValues {
  seqs: ArrayLike<number>;
  values: ArrayLike<number>;
}

export function valuesReader(db: Db): ReadValues {
  const known = new Map<string, Promise<RunValues>>();
  return (experiment, rule, isMixed) => {
    // Ends are kept already.
    if (!isMixed) return readEnds(db, factsOf(experiment), rule);
    const name = `${experiment.id} ${rule.key}`;
    const values = known.get(name) ?? lastValues(db, experiment.id, rule.key);
    known.set(name, values);
    return values;
  };
}

/** Of these runs of the experiment; what is not finite is left out. */
export async function valuesOfRest(
  read: ReadValues,
  experiment: ExperimentRow,
  { rule, isMixed }: { rule: MetricRule; isMixed: boolean },
  rest: readonly number[],
): Promise<number[]> {
  if (rest.length === 0) return [];
  const { seqs, values } = await read(experiment, rule, isMixed);
  return [...placesIn(seqs, rest)]
    .map((place) => (place < 0 ? NaN : (values[place] ?? NaN)))
    .filter((value) => Number.isFinite(value));
}

async function lastValues(db: Db, experiment: number, key: string): Promise<{ seqs: number[]; values: number[] }> {
  const rows = await db.arrays<[seq: number, value: number, kind: number]>(
    'select run_seq, last_value, last_kind from metrics where experiment_id = ? and key = ? order by run_seq',
    [experiment, key],
  );
  return {
    seqs: rows.map(([seq]) => Number(seq)),
    values: rows.map(([, value, kind]) => fromStored(value, kind)),
  };
}

/** Of groups that are not drawn whole: which curves are of which runs. `isCounted`: their numbers stand beside the curves. */
export function drawnWords(groups: readonly RunGroup[], isCounted: boolean): string[] {
  return groups.flatMap(({ where, runs, total }) => {
    if (runs.length >= total) return [];
    const of = where.trim() === '' ? 'the experiment' : where;
    const more = isCounted ? ' The numbers are of all.' : '';
    return [`Curves are of the newest ${runs.length} of ${plural(total, 'run')} of ${of}.${more}`];
  });
}
