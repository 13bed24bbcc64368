// runs/groups/groups.ts
// Purpose: runs that are equal in chosen keys as groups, with mean ± std (n) of each metric, in order.
// Why: seeds are repeats of one configuration; what is compared is the configuration.
// Relevant files: runs/groups/group-queries.ts, runs/groups/group-stats.ts, runs/groups/group-views.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { metricKeys } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { badField } from '../../shared/errors.ts';
import { Direction, mainMetric, telling } from '../metric-rules.ts';
import { RunStatus } from '../models.ts';
import { endOf, type Ends } from '../ends.ts';
import { readEnds } from '../ends-queries.ts';
import { factsOf } from '../kept-columns.ts';
import { repeatRule } from '../repeat-keys.ts';
import type { RunFilter } from '../run-filter.ts';
import { directionsIn, ruleFor, type MetricRule } from '../rules/rule.ts';
import { rulesOf } from '../rules/rule-queries.ts';
import { countStates, paramsOfExperiment } from '../tally-queries.ts';
import { tagValues, type Member, type MemberWithParams } from './group-queries.ts';
import { readMembers } from './members.ts';
import { statsOf, type Stats } from './group-stats.ts';

const METRIC_COLUMNS = 6;

export interface MetricOfGroup {
  stats: Stats | null;
  /** By run, in the order of members; null: it is not counted. */
  values: (number | null)[];
  /** Members that have ended without a finite value. */
  without: number;
}

export interface Group {
  /** In the order of `RunGroups.by`; null: the run has none. */
  values: (string | null)[];
  members: Member[];
  /** Members that have not finished: they count nowhere. */
  unfinished: number;
  metrics: Map<string, MetricOfGroup>;
}

export interface RunGroups {
  /** `params.lr`, `tags.team`, `parent`: what the runs of a group are equal in. */
  by: string[];
  /** Params that vary over the experiment and are not grouped by: `seed`. */
  ignored: string[];
  /** All that may be grouped by: params that vary. */
  choices: string[];
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
  const varied = await variedParams(db, experiment.id);
  const { isRepeat, said } = repeatRule(experiment);
  const by = query.by ?? varied.filter((key) => !isRepeat(key)).map((key) => `params.${key}`);
  const keys = await metricKeys(db, experiment.id);
  const rules = await rulesOf(db, experiment.id);
  const wayOf = directionsIn(rules);
  const main = mainMetric(keys, query.metric ?? experiment.main_metric, wayOf);
  const named = query.column?.map((field) => field.slice('metrics.'.length)) ?? [];
  const usual = named.length > 0 ? withMain(named, main) : telling(keys, main, wayOf).slice(0, METRIC_COLUMNS);
  const shown = usual.slice(0, query.columns);
  const members = await readMembers(db, experiment, filter, keysOf(by, 'params.'));
  const groups = await gathered(db, experiment.id, by, members);
  for (const key of shown) {
    const values = await readEnds(db, factsOf(experiment), ruleFor(rules, key));
    for (const group of groups) group.metrics.set(key, metricOf(group, values));
  }
  const metrics = shown.map((key) => ruleFor(rules, key));
  const columns = { by, metrics, main };
  const [valued, valueless] = [groups.filter(hasValue), groups.filter((group) => !hasValue(group))];
  return {
    by,
    ignored: varied.filter((key) => !by.includes(`params.${key}`)),
    repeats: varied.map((key) => ({ key, isRepeat: isRepeat(key), said: Object.hasOwn(said, key) })),
    choices: varied.map((key) => `params.${key}`),
    groups: ordered(valued.length > 0 ? valued : valueless, columns, query.order),
    valueless: valued.length > 0 ? ordered(valueless, columns, 'runs') : [],
    runs: members.length,
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

/** Params with several values, or that only some runs have. */
async function variedParams(db: Db, experiment: number): Promise<string[]> {
  const runs = await countStates(db, { experiment });
  const all = await paramsOfExperiment(db, experiment);
  return all.filter((param) => param.values > 1 || param.runs < runs).map(({ key }) => key);
}

/** `params.lr` of the params is `lr`. */
function keysOf(by: string[], prefix: 'params.' | 'tags.'): string[] {
  return by.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
}

async function gathered(db: Db, experiment: number, by: string[], members: MemberWithParams[]): Promise<Group[]> {
  const hung = new Map<string, string>();
  for (const { seq, key, value } of await tagValues(db, experiment, keysOf(by, 'tags.')))
    hung.set(`${seq} ${key}`, value);
  const params = keysOf(by, 'params.');
  const columns = by.map((one) => ({
    one,
    place: one.startsWith('params.') ? params.indexOf(one.slice('params.'.length)) : -1,
  }));
  const groups: Group[] = [];
  // From value to value to the group: no name of all values has to be made for each run.
  const root: Branch = new Map();
  for (const { member, params: own } of members) {
    const values = columns.map(({ one, place }) => {
      if (place >= 0) return own[place] ?? null;
      return one === 'parent' ? member.parent_id : (hung.get(`${member.seq} ${one.slice('tags.'.length)}`) ?? null);
    });
    const group = groupAt(root, values) ?? addGroup(root, values, groups);
    group.members.push(member);
    if (member.status !== RunStatus.Finished) group.unfinished += 1;
  }
  return groups;
}

type Branch = Map<string | null, Branch | Group>;

function isBranch(one: Branch | Group | undefined): one is Branch {
  return one instanceof Map;
}

function groupAt(root: Branch, values: (string | null)[]): Group | undefined {
  let at: Branch | Group | undefined = root;
  for (const value of [null, ...values]) at = isBranch(at) ? at.get(value) : undefined;
  return isBranch(at) ? undefined : at;
}

function addGroup(root: Branch, values: (string | null)[], groups: Group[]): Group {
  const group: Group = { values, members: [], unfinished: 0, metrics: new Map() };
  const way = [null, ...values];
  let branch = root;
  for (const value of way.slice(0, -1)) {
    const next = branch.get(value);
    const child: Branch = isBranch(next) ? next : new Map<string | null, Branch | Group>();
    branch.set(value, child);
    branch = child;
  }
  branch.set(way.at(-1) ?? null, group);
  groups.push(group);
  return group;
}

function metricOf({ members, unfinished }: Group, ends: Ends): MetricOfGroup {
  const values = members.map(({ seq, status }) => {
    const value = status === RunStatus.Finished ? endOf(ends, seq) : undefined;
    return value !== undefined && Number.isFinite(value) ? value : null;
  });
  const counted = values.filter((value) => value !== null);
  return { stats: statsOf(counted), values, without: members.length - unfinished - counted.length };
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
    if (field === 'runs') return group.members.length;
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
