// runs/table/table.ts
// Purpose: reads what a run table shows: the runs of a page, the params that differ, the main metrics, the best of each.
// Why: reads summaries only, so the page costs the same however many points there are.
// Relevant files: runs/table/table-views.ts, runs/queries.ts, runs/metric-rules.ts, runs/tally-queries.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { SYSTEM_PREFIXES } from '../../tags/queries.ts';
import { mainMetric } from '../metric-rules.ts';
import { keptFact, keptKeys, keptLive, keptRules, keptVariety } from '../kept-facts.ts';
import { SHARED_MAX } from '../ends.ts';
import type { RunRow } from '../models.ts';
import { FEW, fewRuns } from '../list-queries.ts';
import { paramsOf } from '../queries.ts';
import { bestRun, type BestRun } from '../ranking-queries.ts';
import { repeatRule } from '../repeat-keys.ts';
import { countingOf, type Counting } from '../rules/rule-list-queries.ts';
import { directionsIn, ruleFor, type MetricRule } from '../rules/rule.ts';
import { lastHeard, paramVariety, sameTags, type Group } from '../standing-queries.ts';
import type { ParamVariety, SameTag } from '../tally-queries.ts';
import { isPlain, type RunFilter } from '../run-filter.ts';
import { chooseColumns } from '../view/chosen-columns.ts';
import { ColumnKind, keysOf, type Column, type ViewQuery } from '../view/columns.ts';
import { differingParams, type MetricSpread } from '../view/default-columns.ts';
import { readRows, type TableRow } from './cell-queries.ts';
import { listWithPins, type RowChoice } from './pinned-queries.ts';
import { listTree, type TreeChoice, type TreeMark } from './tree-queries.ts';

/** Tags that clients set by themselves (`mlflow.user`, `sys.git` …) are kept and shown apart. */
export function isSystemTag({ key }: { key: string }): boolean {
  return SYSTEM_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** Metric columns in which the best is looked for: each costs some looks into an index. */
const MARKED_METRICS = 12;

export interface MetricColumn {
  key: string;
  rule: MetricRule;
  best: BestRun | undefined;
}

export interface RunTable {
  rows: TableRow[];
  total: number;
  /** So many of `rows` are pinned and stand first; `unmatched`: ids of those that the filter does not find. */
  pinned: number;
  unmatched: string[];
  /** Of a tree: how its rows stand, by id. */
  tree: ReadonlyMap<string, TreeMark> | null;
  /** All but the pinned ones, on all pages; of a tree those at its top. */
  listed: number;
  /** After the name, in order; `isChosen`: by the reader, not by us. */
  columns: Column[];
  isChosen: boolean;
  /** Metrics that are no columns because all runs that ended with a number ended with the same. */
  constantMetrics: MetricSpread[];
  /** Params among the columns; `moreParams` are those with more than one value that are not. */
  paramColumns: ParamVariety[];
  moreParams: ParamVariety[];
  /** Params with one value wherever they are set. */
  sameParams: ParamVariety[];
  /** Key=value tags that are the same wherever they hang. */
  sameTags: { key: string; value: string }[];
  /** Metrics among the columns, and the main one. */
  metricColumns: MetricColumn[];
  /** Metrics whose rule was changed, while runs are counted by it. */
  counting: Counting[];
  /** The metric that matters most, null when none was logged. */
  main: string | null;
  /** Params of the run that is best by it, or those that all have that share the best; those that are columns, in their order. */
  bestParams: { key: string; value: string }[];
  metricKeys: string[];
  /** Params of the whole experiment; asked for only where a filter may name them. */
  paramKeys: string[];
  /** Of the whole experiment, whatever is filtered out. */
  points: number;
  lastHeard: number | null;
}

export async function readRunTable(
  db: Db,
  experiment: ExperimentRow,
  filter: RunFilter,
  view: { page: number; limit: number; metric?: string | undefined } & ViewQuery &
    RowChoice &
    TreeChoice & { tree?: string | undefined },
): Promise<RunTable> {
  const { page, limit } = view;
  const [keys, rules] = await Promise.all([keptKeys(db, experiment), keptRules(db, experiment)]);
  const main = mainMetric(keys, view.metric ?? experiment.main_metric, directionsIn(rules));
  const part = { limit, offset: (page - 1) * limit };
  const asked = { ...filter, keptFor: experiment };
  const tree = view.tree && !filter.trashed ? { ...filter, experiment: experiment.id } : null;
  const list = tree
    ? await listTree(db, tree, experiment.version, view, part)
    : { ...(await listWithPins(db, asked, view, part)), marks: null };
  const { items, total, few } = list;
  const { order: _, ...matches } = { ...asked, without: view.hide };
  const group = {
    ...matches,
    found: list.found ?? undefined,
    experiment: experiment.id,
    few: few ?? (await fewOfState(db, matches, total)),
  };
  // Of the trash there are no sums: when it is full, what is equal in it is not said, and nothing is best.
  const isUnknown = filter.trashed === true && !group.few;
  const [variety, tags] = await Promise.all([varietyOf(db, group), isUnknown ? [] : sameTagsOf(db, group)]);
  const { isRepeat } = repeatRule(experiment);
  const { columns, isChosen, constant } = await chooseColumns(db, experiment, view, {
    variety,
    keys,
    main,
    isRepeat,
    rules,
  });
  const params = new Set(keysOf(columns, ColumnKind.Param));
  const shownKeys = [...new Set([...keysOf(columns, ColumnKind.Metric), ...(main === null ? [] : [main])])];
  const bestBy = async (key: string, place: number): Promise<BestRun | undefined> => {
    const { direction } = ruleFor(rules, key);
    // Of many that a filter finds only the best by the main metric is looked for: it is what the page says first.
    const isFew = place < MARKED_METRICS && (isWhole(matches) || group.few);
    const isAsked = direction && !isUnknown && (key === main || isFew);
    return isAsked ? bestRun(db, group, key, direction, key === main ? undefined : 2) : undefined;
  };
  const [rows, best, counting, heard, paramKeys] = await Promise.all([
    readRows(db, items, { params: [...params], metrics: shownKeys, rules }),
    Promise.all(shownKeys.map(bestBy)),
    countingOf(db, experiment.id, rules),
    keptLive(db, experiment, 'heard', () => lastHeard(db, experiment.id)),
    filter.where ? keptVariety(db, experiment) : [],
  ]);
  const winner = best[shownKeys.indexOf(main ?? '')];
  return {
    rows,
    total,
    listed: list.listed,
    pinned: list.pinned.length,
    unmatched: list.unmatched,
    tree: list.marks,
    columns,
    isChosen,
    constantMetrics: constant,
    paramColumns: variety.filter(({ key }) => params.has(key)),
    moreParams: differingParams(variety, isRepeat).filter(({ key }) => !params.has(key)),
    sameTags: tags.filter((tag) => !isSystemTag(tag)),
    sameParams: isUnknown ? [] : variety.filter((param) => param.values === 1 && !params.has(param.key)),
    metricColumns: shownKeys.map((key, place) => ({ key, rule: ruleFor(rules, key), best: best[place] })),
    counting,
    main,
    bestParams: winner ? await bestParams(db, experiment.id, rows, winner, [...params]) : [],
    metricKeys: keys,
    paramKeys: paramKeys.map(({ key }) => key),
    points: experiment.points,
    lastHeard: heard,
  };
}

/** Of the whole experiment they stand while runs log. */
function varietyOf(db: Db, { keptFor, ...group }: Group & Pick<RunFilter, 'keptFor'>): Promise<ParamVariety[]> {
  return keptFor && !group.few ? keptVariety(db, keptFor) : paramVariety(db, group);
}

function sameTagsOf(db: Db, { keptFor, ...group }: Group & Pick<RunFilter, 'keptFor'>): Promise<SameTag[]> {
  const ask = (): Promise<SameTag[]> => sameTags(db, group);
  return keptFor && !group.few ? keptFact(db, keptFor, 'same tags', ask) : ask();
}

async function bestParams(
  db: Db,
  experiment: number,
  rows: TableRow[],
  { run, shared }: BestRun,
  keys: string[],
): Promise<RunTable['bestParams']> {
  if (shared.length <= 1) return paramsIn(db, rows, run, keys);
  // Of so many nobody has read what they have in common.
  if (shared.length > SHARED_MAX) return [];
  const common = (await paramVariety(db, { experiment, few: shared })).filter(({ runs, values }) => values === 1 && runs === shared.length); // prettier-ignore
  const values = new Map(common.map(({ key, least }) => [key, least]));
  return keys.flatMap((key) => {
    const value = values.get(key);
    return value === undefined || value === null ? [] : { key, value };
  });
}

/** Those of a run, in the order of `keys`; most often it is one of the rows. */
async function paramsIn(db: Db, rows: TableRow[], { id }: RunRow, keys: string[]): Promise<RunTable['bestParams']> {
  const read = rows.find(({ run }) => run.id === id)?.params;
  const params = read ?? new Map((await paramsOf(db, [id], keys)).map(({ key, value }) => [key, value]));
  return keys.flatMap((key) => {
    const value = params.get(key);
    return value === undefined ? [] : { key, value };
  });
}

/** Which runs are in the states asked for, where they are few. The whole experiment has its sums. */
async function fewOfState(db: Db, matches: Omit<RunFilter, 'order'>, total: number): Promise<number[] | null> {
  return isWhole(matches) || total > FEW ? null : fewRuns(db, matches);
}

function isWhole({ status, trashed, ...filter }: Omit<RunFilter, 'order'>): boolean {
  return isPlain(filter) && !status?.length && !trashed;
}
