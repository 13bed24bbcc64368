// runs/view/chosen-columns.ts
// Purpose: the columns of a run table: those that its address names or, where it names none, those that tell most.
// Why: page, files and saved views resolve a view in one way.
// Relevant files: runs/view/columns.ts, runs/view/default-columns.ts, runs/table/table.ts

import type { Db } from '../../shared/db/store.ts';
import { keptFact, type Standing } from '../kept-facts.ts';
import type { RepeatRule } from '../repeat-keys.ts';
import { directionsIn, type RuleBook } from '../rules/rule.ts';
import type { ParamVariety } from '../tally-queries.ts';
import { columnsOf, type Column, type ViewQuery } from './columns.ts';
import {
  areEnough,
  defaultMetrics,
  defaultParams,
  directedMetrics,
  isConstant,
  type MetricSpread,
} from './default-columns.ts';
import { metricSpreads } from './key-queries.ts';

export interface Known {
  variety: ParamVariety[];
  /** All metrics of the experiment. */
  keys: string[];
  main: string | null;
  isRepeat: RepeatRule['isRepeat'];
  rules: RuleBook;
}

export interface Chosen {
  columns: Column[];
  isChosen: boolean;
  /** Metrics that would be columns if they were not the same in all runs that ended with one. */
  constant: MetricSpread[];
}

export async function chooseColumns(
  db: Db,
  experiment: Standing,
  view: ViewQuery,
  { variety, keys, main, isRepeat, rules }: Known,
): Promise<Chosen> {
  if (view.column && view.column.length > 0)
    return { columns: columnsOf(view.column, view), isChosen: true, constant: [] };
  const wayOf = directionsIn(rules);
  const directed = areEnough(keys, wayOf) ? directedMetrics(keys, main, wayOf) : undefined;
  // A point of a run that goes on may bring a metric, but moves no value that a run ended with.
  const spreads = await keptFact(db, experiment, `spreads ${JSON.stringify(directed ?? keys)}`, () =>
    metricSpreads(db, experiment.id, directed),
  );
  const params = defaultParams(variety, isRepeat).map((key) => `params.${key}`);
  const metrics = defaultMetrics(keys, main, spreads, wayOf, (key) => rules.has(key));
  const fields = ['status', ...params, ...metrics.map((key) => `metrics.${key}`), 'duration', 'start_time', 'tags'];
  const constant = spreads.filter((spread) => isConstant(spread) && !metrics.includes(spread.key));
  return { columns: columnsOf(fields, view), isChosen: false, constant };
}
