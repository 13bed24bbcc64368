// runs/groups/group-baseline.ts
// Purpose: which of some groups is the baseline of the experiment, and what their differences are from.
// Why: the baseline is kept as a run or a filter; groups are made anew for each page, by other keys and of other runs.
// Relevant files: runs/compare/baseline-queries.ts, runs/groups/groups.ts, runs/groups/group-views.ts, runs/conclusions/conclusions.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { middle } from '../../shared/format.ts';
import { baselineJson } from '../compare/baseline-json.ts';
import { baselineOf, type Baseline } from '../compare/baseline-queries.ts';
import { goneWords, groupWords } from '../compare/baseline-words.ts';
import { deltaOf, type DeltaView } from '../compare/delta.ts';
import { foundRuns } from '../found-queries.ts';
import { keptLive } from '../kept-facts.ts';
import type { MetricRule } from '../rules/rule.ts';
import type { Stats } from './group-stats.ts';
import type { Group, RunGroups } from './groups.ts';

export interface GroupBase {
  baseline: Baseline;
  /** Null: it is none of these groups. */
  group: Group | null;
  /** By metric: the mean and how many values it is of, or the run's own value. */
  values: ReadonlyMap<string, { value: number; n: number | null }>;
  /** Which one it is, or why there is none, in a sentence. */
  said: string;
}

/** Null: the experiment has no baseline. */
export async function readGroupBase(db: Db, experiment: ExperimentRow, data: RunGroups): Promise<GroupBase | null> {
  // A run that goes on is heard of with each point.
  const baseline = await keptLive(db, experiment, 'baseline', () => baselineOf(db, experiment));
  if (!baseline) return null;
  return baseAmong(data, baseline, await seqsOf(db, experiment, baseline));
}

/** All its runs, of which `RunGroup` names the newest only. */
async function seqsOf(db: Db, experiment: ExperimentRow, { run, group }: Baseline): Promise<Iterable<number>> {
  if (run) return [run.seq];
  return group && group.total > 0 ? foundRuns(db, { experiment: experiment.id, where: group.where }, experiment) : [];
}

/** A group is the baseline when its runs are all that are shown of it; a run stands for the group that it is in. */
function baseAmong(data: RunGroups, baseline: Baseline, seqs: Iterable<number>): GroupBase {
  const all = new Set(seqs);
  const inside = [...data.groups, ...data.valueless].map((group) => ({
    group,
    n: group.seqs.filter((seq) => all.has(seq)).length,
  }));
  const holding = inside.filter(({ n }) => n > 0);
  const [first] = holding;
  const isWhole = baseline.run !== null || first?.n === first?.group.runs;
  const group = first && holding.length === 1 && isWhole ? first.group : null;
  return { baseline, group, values: group ? valuesOf(group, baseline) : NOTHING, said: wordsOf(baseline, group) };
}

const NOTHING: GroupBase['values'] = new Map();

function valuesOf(group: Group, { run }: Baseline): GroupBase['values'] {
  const values = new Map<string, { value: number; n: number | null }>();
  const place = group.members.findIndex(({ id }) => id === run?.id);
  for (const [key, { stats, values: own }] of group.metrics) {
    const value = run ? (own[place] ?? null) : (stats?.mean ?? null);
    if (value !== null) values.set(key, { value, n: run ? null : (stats?.n ?? 0) });
  }
  return values;
}

function wordsOf({ run, group }: Baseline, among: Group | null): string {
  if (group && group.total === 0) return goneWords(group);
  const name = run ? `run ${middle(run.name, 40)}` : `group ${group ? groupWords(group) : ''}`;
  if (!among) return `The baseline ${name} is none of these groups.`;
  return run ? `Differences are from the baseline ${name}.` : `Differences are from the mean of the baseline ${name}.`;
}

/** Null where one of the two has no finite value. */
export function differenceFrom({ values }: GroupBase, key: string, stats: Stats | null | undefined): number | null {
  const from = values.get(key);
  return from && stats ? stats.mean - from.value : null;
}

/** As people read it; of the group that is the baseline there is none. */
export function groupDelta(group: Group, { key, direction }: MetricRule, base: GroupBase | null): DeltaView | null {
  const [from, stats] = [base?.values.get(key), group.metrics.get(key)?.stats];
  if (!from || !stats || (group === base?.group && (from.n !== null || stats.n === 1))) return null;
  const whose = from.n === null ? undefined : `the mean of the baseline group (n = ${from.n})`;
  return deltaOf(stats.mean, from.value, direction, whose);
}

/** For JSON: which one it is, and whether it is among the groups. */
export function groupBaseJson({ baseline, group }: GroupBase): {
  run: string | null;
  group: string | null;
  label: string | null;
  total: number;
  among: boolean;
} {
  const { run, group: where, label, total } = baselineJson(baseline);
  return { run, group: where, label, total, among: group !== null };
}
