// runs/view/chosen-columns.ts
// Purpose: the columns of a run table: those that its address names or, where it names none, those that tell most.
// Why: page, files and saved views resolve a view in one way.
// Relevant files: runs/view/columns.ts, runs/view/default-columns.ts, runs/table/table.ts

import type { Db } from '../../shared/db/store.ts';
import type { RepeatRule } from '../repeat-keys.ts';
import { directionsIn, type RuleBook } from '../rules/rule.ts';
import type { ParamVariety } from '../tally-queries.ts';
import { columnsOf, type Column, type ViewQuery } from './columns.ts';
import { areEnough, defaultMetrics, defaultParams } from './default-columns.ts';
import { metricSpreads } from './key-queries.ts';

export interface Known {
  variety: ParamVariety[];
  /** All metrics of the experiment. */
  keys: string[];
  main: string | null;
  isRepeat: RepeatRule['isRepeat'];
  rules: RuleBook;
}

export async function chooseColumns(
  db: Db,
  experiment: number,
  view: ViewQuery,
  { variety, keys, main, isRepeat, rules }: Known,
): Promise<{ columns: Column[]; isChosen: boolean }> {
  if (view.column && view.column.length > 0) return { columns: columnsOf(view.column, view), isChosen: true };
  const wayOf = directionsIn(rules);
  const spreads = areEnough(keys, wayOf) ? [] : await metricSpreads(db, experiment);
  const params = defaultParams(variety, isRepeat).map((key) => `params.${key}`);
  const metrics = defaultMetrics(keys, main, spreads, wayOf).map((key) => `metrics.${key}`);
  const fields = ['status', ...params, ...metrics, 'duration', 'start_time', 'tags'];
  return { columns: columnsOf(fields, view), isChosen: false };
}
