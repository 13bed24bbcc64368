// runs/groups/groups.ts
// Purpose: runs that are equal in chosen keys as groups, with mean ± std (n) of each metric, in order.
// Why: seeds are repeats of one configuration; what is compared is the configuration.
// Relevant files: runs/groups/members.ts, runs/groups/grouping.ts, runs/groups/group.ts, runs/groups/group-views.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { badField } from '../../shared/errors.ts';
import { Direction, mainMetric, telling } from '../metric-rules.ts';
import { RUN_STATUSES, RunStatus } from '../models.ts';
import type { Ends } from '../ends.ts';
import { readEnds } from '../ends-queries.ts';
import { factsOf } from '../kept-columns.ts';
import { keptKeys, keptRules } from '../kept-facts.ts';
import { repeatRule } from '../repeat-keys.ts';
import type { RunFilter } from '../run-filter.ts';
import { directionsIn, ruleFor, type MetricRule } from '../rules/rule.ts';
import { placesIn, type RunList } from '../run-list.ts';
import { textAt } from '../text-column.ts';
import { GroupOfRuns, MetricOfRuns, type Group } from './group.ts';
import { groupKeys, type LackedParam } from './group-keys.ts';
import { statsOf } from './group-stats.ts';
import { grouping } from './grouping.ts';
import { readMembers, type Members } from './members.ts';

export type { Group, MetricOfGroup } from './group.ts';

const METRIC_COLUMNS = 6;

export interface RunGroups {
  /** `params.lr`, `tags.team`, `parent`: what the runs of a group are equal in. */
  by: string[];
  /** Params that vary over the experiment and are not grouped by: `seed`. */
  ignored: string[];
  /** All that may be grouped by: params that vary, then those that some runs lack. */
  choices: string[];
  /** Params that are the same in all runs that have them, are not grouped by and need not be. */
  lacked: LackedParam[];
  /** The same without `params.`, and whether they only tell repeats apart; `said`: somebody said so. */
  repeats: { key: string; isRepeat: boolean; said: boolean }[];
  groups: Group[];
  /** Those in which no metric shown has a value, where others have: apart, so that they do not make columns of their own. */
  valueless: Group[];
  runs: number;
  metrics: MetricRule[];
  main: string | null;
}

export interface GroupQuery {
  by?: string[] | undefined;
  order?: string | undefined;
  metric?: string | undefined;
  /** The metrics that are counted, `metrics.KEY`; without it the most telling ones. */
  column?: string[] | undefined;
  /** How many of these at most, the main one first. */
  columns?: number | undefined;
}

export async function readGroups(
  db: Db,
  experiment: ExperimentRow,
  filter: Omit<RunFilter, 'order'>,
  query: GroupQuery,
): Promise<RunGroups> {
  const { varied, lacked } = await groupKeys(db, experiment);
  const { isRepeat, said } = repeatRule(experiment);
  const by = query.by ?? varied.filter((key) => !isRepeat(key)).map((key) => `params.${key}`);
  const keys = await keptKeys(db, experiment);
  const rules = await keptRules(db, experiment);
  const wayOf = directionsIn(rules);
  const main = mainMetric(keys, query.metric ?? experiment.main_metric, wayOf);
  const named = query.column?.map((field) => field.slice('metrics.'.length)) ?? [];
  const usual = named.length > 0 ? withMain(named, main) : telling(keys, main, wayOf).slice(0, METRIC_COLUMNS);
  const shown = usual.slice(0, query.columns);
  const members = await readMembers(db, experiment, filter, by);
  const groups = gathered(members);
  for (const key of shown) {
    const ends = endsIn(members.list, await readEnds(db, factsOf(experiment), ruleFor(rules, key)));
    for (const group of groups) group.metrics.set(key, metricOf(group, ends));
  }
  const metrics = shown.map((key) => ruleFor(rules, key));
  const columns = { by, metrics, main };
  const [valued, valueless] = [groups.filter(hasValue), groups.filter((group) => !hasValue(group))];
  return {
    by,
    ignored: varied.filter((key) => !by.includes(`params.${key}`)),
    repeats: varied.map((key) => ({ key, isRepeat: isRepeat(key), said: Object.hasOwn(said, key) })),
    choices: [...varied, ...lacked.map(({ key }) => key)].map((key) => `params.${key}`),
    lacked: lacked.filter(({ key }) => !by.includes(`params.${key}`)),
    groups: ordered(valued.length > 0 ? valued : valueless, columns, query.order),
    valueless: valued.length > 0 ? ordered(valueless, columns, 'runs') : [],
    runs: members.places.length,
    metrics,
    main,
  };
}

/** Groups are ranked by the main metric: it is always among those that are counted. */
function withMain(keys: string[], main: string | null): string[] {
  return main === null || keys.includes(main) ? keys : [main, ...keys];
}

function hasValue({ metrics }: Group): boolean {
  return [...metrics.values()].some(({ stats }) => stats !== null);
}

/** In the order in which they first occur among the runs. */
function gathered({ list, places, columns }: Members): GroupOfRuns[] {
  const { count, members, starts } = grouping(columns, places);
  return Array.from({ length: count }, (_, group) => {
    const own = members.subarray(starts[group], starts[group + 1]).map((member) => places[member] ?? 0);
    const first = own[0] ?? 0;
    return new GroupOfRuns(columns.map((column) => textAt(column, first)), list, own); // prettier-ignore
  });
}

/** What the metric came to in each run of the list that counts: in a finished one, if it is finite; else NaN. */
function endsIn({ seqs, states }: RunList, ends: Ends): Float64Array {
  const values = new Float64Array(seqs.length).fill(NaN);
  for (const [at, place] of placesIn(seqs, ends.seqs).entries()) {
    const value = ends.values[at] ?? NaN;
    if (place >= 0 && states[place] === FINISHED && Number.isFinite(value)) values[place] = value;
  }
  return values;
}

const FINISHED = RUN_STATUSES.indexOf(RunStatus.Finished);

function metricOf({ places, runs, unfinished }: GroupOfRuns, ends: Float64Array): MetricOfRuns {
  const counted: number[] = [];
  for (const place of places) {
    const value = ends[place] ?? NaN;
    if (!Number.isNaN(value)) counted.push(value);
  }
  return new MetricOfRuns(statsOf(counted), runs - unfinished - counted.length, places, ends);
}

type Columns = Pick<RunGroups, 'by' | 'metrics' | 'main'>;

/** `metrics.KEY` by its mean, `runs`, or one of `by`; `-` in front: descending. Else the best by the main metric first. */
function ordered(groups: Group[], { by, metrics, main }: Columns, order?: string): Group[] {
  const way = metrics.find(({ key }) => key === main)?.direction;
  const best = main === null ? 'runs' : `${way === Direction.Min ? '' : '-'}metrics.${main}`;
  const asked = order === undefined || order === '' ? best : order;
  const [field, descending] = asked.startsWith('-') ? [asked.slice(1), true] : [asked, false];
  const place = by.indexOf(field);
  const isMetric = metrics.some(({ key }) => field === `metrics.${key}`);
  if (field !== 'runs' && place < 0 && !isMetric)
    throw badField(
      '?order',
      `must be one of runs, ${[...by, ...metrics.map(({ key }) => `metrics.${key}`)].join(', ')}`,
    );
  const valueOf = (group: Group): string | number | null => {
    if (field === 'runs') return group.runs;
    if (place < 0) return group.metrics.get(field.slice('metrics.'.length))?.stats?.mean ?? null;
    const text = group.values[place] ?? null;
    return text === null ? null : (parseDecimal(text) ?? text);
  };
  // What has no value comes last in both directions; ties by the configuration.
  const names = new Map(groups.map((group) => [group, group.values.map((value) => value ?? '').join('\u0000')]));
  const sign = descending ? -1 : 1;
  return groups.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || compare(names.get(a) ?? '', names.get(b) ?? ''); // prettier-ignore
    return sign * compareMixed(x, y) || compare(names.get(a) ?? '', names.get(b) ?? '');
  });
}

/** Values of a key in order: numbers as numbers, then texts, then none. */
export function compareValues(x: string | null, y: string | null): number {
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  return compareMixed(parseDecimal(x) ?? x, parseDecimal(y) ?? y) || compare(x, y);
}

/** Numbers before texts. */
function compareMixed(x: string | number, y: string | number): number {
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  if (typeof x === 'string' && typeof y === 'string') return compare(x, y);
  return typeof x === 'number' ? -1 : 1;
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
