// runs/compare/compare-json.ts
// Purpose: a comparison as JSON: whole summaries, values that count, what groups end with.
// Why: a decision and a script keep what the page shows, with every digit.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare.ts, runs/compare/group-numbers.ts, runs/schemas.ts

import { sql } from 'drizzle-orm';
import { bound, isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import type { RunRow } from '../models.ts';
import { ruleJson } from '../rules/rule-json.ts';
import type { CompareOut } from './compare-schemas.ts';
import type { Summary } from '../summary.ts';
import { fromStored } from '../values.ts';
import type { MetricLine } from './compare.ts';
import { filterWords } from './baseline-words.ts';
import type { DeltaBase } from './delta-base.ts';
import type { GroupLine } from './group-numbers.ts';
import { groupSentences, leftOutNotes } from './group-sentences.ts';
import type { RunGroup, Selection } from './selection.ts';
import { drawnWords, type WholeGroup } from './whole-groups.ts';

type GroupsOut = Pick<CompareOut, 'groups' | 'group_metrics' | 'sentences' | 'notes'>;
type GroupOut = NonNullable<GroupsOut['groups']>[number];

/** Nothing where single runs were named only: that answer is as it always was. */
export function groupsJson(
  selection: Selection,
  {
    groups,
    lines,
    base,
    isAsked,
  }: { groups: readonly WholeGroup[]; lines: readonly GroupLine[]; base: DeltaBase; isAsked: boolean },
): GroupsOut {
  if (!isAsked) return {};
  return {
    groups: selection.groups.map((group, place) => groupJson(group, groups[place], place, lines)),
    group_metrics: lines.map(({ key, rule, isMixed, best }) => ({
      ...{ key, direction: rule.direction, rule: ruleJson(rule), rules_differ: isMixed },
      best: best.flatMap((place) => selection.groups[place]?.text ?? []),
    })),
    sentences: [...groupSentences(groups, lines, base.group), ...leftOutNotes(groups, lines)],
    notes: [...selection.said, ...drawnWords(selection.groups, true)],
  };
}

/** Which of what is compared the differences on the page are from; nothing where none of it is the baseline. */
export function baseJson(selection: Selection, runs: readonly RunRow[], base: DeltaBase): Pick<CompareOut, 'baseline'> {
  const [run, group] = [runs[base.run], selection.groups[base.group]];
  if (!run && !group) return {};
  const values = Object.fromEntries([...base.of].map(([key, { value, n }]) => [key, { value, n: n ?? 1 }]));
  const label = run?.name ?? filterWords(group?.where ?? '');
  return { baseline: { run: run?.id ?? null, group: group?.text ?? null, label, values } };
}

function groupJson(
  { text, experiment, where, runs, total }: RunGroup,
  whole: WholeGroup | undefined,
  place: number,
  lines: readonly GroupLine[],
): GroupOut {
  const NONE = { n: 0, mean: null, std: null, min: null, max: null };
  return {
    ...{ group: text, experiment_id: experiment, where, label: whole?.name ?? where },
    ...{ runs: runs.map(({ id }) => id), total, left_out: total - runs.length, unfinished: whole?.unfinished ?? 0 },
    metrics: Object.fromEntries(
      lines.map(({ key, stats, without }) => [key, { ...(stats[place] ?? NONE), without: without[place] ?? 0 }]),
    ),
  };
}

export async function metricsJson(db: Db, runs: RunRow[], metrics: MetricLine[]): Promise<CompareOut['metrics']> {
  const summaries = await wholeSummaries(db, runs);
  return metrics.map(({ key, direction, rule, isMixed, values, best }) => ({
    key,
    direction,
    rule: ruleJson(rule),
    rules_differ: isMixed,
    summaries: summaries.get(key) ?? runs.map(() => null),
    values,
    best: best.flatMap((place) => runs[place]?.id ?? []),
  }));
}

type Row = [
  ...[seq: number, key: string, count: number],
  ...[first_step: number, first_time: number, first_value: number, first_kind: number],
  ...[last_step: number, last_time: number, last_value: number, last_kind: number],
  ...[min: number | null, min_step: number | null, max: number | null, max_step: number | null],
  ...[mean: number | null, nonfinite_count: number, nonfinite_step: number | null],
];

const COLUMNS = `m.run_seq, m.key, m.count, m.first_step, m.first_time, m.first_value, m.first_kind,
  m.last_step, m.last_time, m.last_value, m.last_kind, m.min_value, m.min_step, m.max_value, m.max_step,
  m.mean, m.nonfinite_count, m.nonfinite_step`;

/** By metric, in the order of the runs. As arrays: of 100 runs there may be 10,000. */
async function wholeSummaries(db: Db, runs: readonly RunRow[]): Promise<Map<string, (Summary | null)[]>> {
  const place = new Map(runs.map(({ seq }, index) => [seq, index]));
  const found = new Map<string, (Summary | null)[]>();
  if (runs.length === 0) return found;
  const isAsked = isOneOf(sql`m.run_seq`, [...place.keys()]);
  const rows = await db.arrays<Row>(...bound(sql`select ${sql.raw(COLUMNS)} from metrics m where ${isAsked}`));
  for (const row of rows) {
    const [seq, key] = row;
    let line = found.get(key);
    if (!line) found.set(key, (line = runs.map(() => null)));
    line[place.get(seq) ?? 0] = summaryOf(row);
  }
  return found;
}

function summaryOf(row: Row): Summary {
  const extreme = (value: number | null, step: number | null): Summary['min'] =>
    value === null || step === null ? null : { value, step };
  return {
    count: row[2],
    first: { step: row[3], timestamp: row[4], value: fromStored(row[5], row[6]) },
    last: { step: row[7], timestamp: row[8], value: fromStored(row[9], row[10]) },
    min: extreme(row[11], row[12]),
    max: extreme(row[13], row[14]),
    mean: row[15],
    nonfinite_count: row[16],
    nonfinite_step: row[17],
  };
}
