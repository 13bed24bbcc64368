// runs/table/table.ts
// Purpose: reads what a run table shows: the runs of a page, the params that differ, the main metrics, the best of each.
// Why: reads summaries only, so the page costs the same however many points there are.
// Relevant files: runs/table/table-views.ts, runs/queries.ts, runs/metric-rules.ts, runs/tally-queries.ts

import { metricKeys } from '../../experiments/queries.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { tagsOfRuns, type HungTag } from '../../tags/queries.ts';
import type { Direction } from '../metric-rules.ts';
import { directionOf, mainMetric, telling } from '../metric-rules.ts';
import type { MetricRow, RunRow } from '../models.ts';
import { FEW, fewRuns, listRuns, metricsOf, paramsOf } from '../queries.ts';
import { bestRun, type BestRun } from '../ranking-queries.ts';
import { repeatRule, type RepeatRule } from '../repeat-keys.ts';
import { lastHeard, paramVariety, sameTags } from '../standing-queries.ts';
import { paramsOfExperiment, type ParamVariety } from '../tally-queries.ts';
import { isPlain, type RunFilter } from '../run-filter.ts';

/** Tags that clients set by themselves (`mlflow.user`, `sys.git` …) are kept and shown apart. */
export function isSystemTag({ key }: { key: string }): boolean {
  return key.startsWith('mlflow.') || key.startsWith('sys.');
}

const PARAM_COLUMNS = 8;
const METRIC_COLUMNS = 4;

export interface TableRow {
  run: RunRow;
  params: Map<string, string>;
  metrics: Map<string, MetricRow>;
  tags: HungTag[];
}

export interface RunTable {
  rows: TableRow[];
  total: number;
  /** Params with more than one value, as columns; `moreParams` are those that found no room. */
  paramColumns: ParamVariety[];
  moreParams: ParamVariety[];
  /** Params with one value wherever they are set. */
  sameParams: ParamVariety[];
  /** Key=value tags that are the same wherever they hang. */
  sameTags: { key: string; value: string }[];
  metricColumns: { key: string; direction: Direction | null; best: BestRun | undefined }[];
  /** The metric that matters most, null when none was logged. */
  main: string | null;
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
  { page, limit }: { page: number; limit: number },
  chosenMetric?: string,
): Promise<RunTable> {
  const keys = await metricKeys(db, experiment.id);
  const main = mainMetric(keys, chosenMetric ?? experiment.main_metric);
  const shownKeys = telling(keys, main).slice(0, METRIC_COLUMNS);
  const { items, total, few } = await listRuns(db, filter, { limit, offset: (page - 1) * limit });
  const { order: _, ...matches } = filter;
  const group = { ...matches, experiment: experiment.id, few: few ?? (await fewOfState(db, matches, total)) };
  // Of the trash there are no sums: when it is full, what is equal in it is not said, and nothing is best.
  const isUnknown = filter.trashed === true && !group.few;
  const variety = await paramVariety(db, group);
  const differing = variety.filter((param) => param.values > 1).sort(byVariety(repeatRule(experiment)));
  const metricColumns: RunTable['metricColumns'] = [];
  for (const key of shownKeys) {
    const direction = directionOf(key);
    // Of many that a filter finds only the best by the main metric is looked for: it is what the page says first.
    const isAsked = direction && !isUnknown && (key === main || isWhole(matches) || group.few);
    const best = isAsked ? await bestRun(db, group, key, direction, key === main ? undefined : 2) : undefined;
    metricColumns.push({ key, direction, best });
  }
  return {
    rows: await readRows(db, items, shownKeys),
    total,
    paramColumns: differing.slice(0, PARAM_COLUMNS),
    moreParams: differing.slice(PARAM_COLUMNS),
    sameTags: isUnknown ? [] : (await sameTags(db, group)).filter((tag) => !isSystemTag(tag)),
    sameParams: isUnknown ? [] : variety.filter((param) => param.values === 1),
    metricColumns,
    main,
    metricKeys: keys,
    paramKeys: filter.where ? (await paramsOfExperiment(db, experiment.id)).map(({ key }) => key) : [],
    points: experiment.points,
    lastHeard: await lastHeard(db, experiment.id),
  };
}

/** Which runs are in the states asked for, where they are few. The whole experiment has its sums. */
async function fewOfState(db: Db, matches: Omit<RunFilter, 'order'>, total: number): Promise<number[] | null> {
  return isWhole(matches) || total > FEW ? null : fewRuns(db, matches);
}

function isWhole({ status, trashed, ...filter }: Omit<RunFilter, 'order'>): boolean {
  return isPlain(filter) && !status?.length && !trashed;
}

/** Most varied first, seeds last, then by name. */
function byVariety({ isRepeat }: RepeatRule): (a: ParamVariety, b: ParamVariety) => number {
  const repeat = ({ key }: ParamVariety): number => Number(isRepeat(key));
  return (a, b) => repeat(a) - repeat(b) || b.values - a.values || (a.key < b.key ? -1 : 1);
}

async function readRows(db: Db, runs: RunRow[], keys: string[]): Promise<TableRow[]> {
  const ids = runs.map((run) => run.id);
  const rows = new Map(
    runs.map((run) => [run.id, { run, params: new Map<string, string>(), metrics: new Map<string, MetricRow>() }]),
  );
  for (const param of await paramsOf(db, ids)) rows.get(param.run_id)?.params.set(param.key, param.value);
  for (const metric of await metricsOf(db, ids, keys)) rows.get(metric.run_id)?.metrics.set(metric.key, metric);
  const tags = await tagsOfRuns(db, ids);
  return [...rows.values()].map((row) => ({ ...row, tags: tags.get(row.run.id) ?? [] }));
}
