// runs/pivot/pivot.ts
// Purpose: two keys as rows and columns, and in each cell the runs that have both values: mean ± std (n) of one metric.
// Why: how two params act together is seen in a square, and so is what has not been run.
// Relevant files: runs/groups/groups.ts, runs/pivot/pivot-views.ts, runs/pivot/pivot-formats.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import { badField } from '../../shared/errors.ts';
import { bestGroups } from '../groups/group-text.ts';
import { compareValues, readGroups, type Group, type RunGroups } from '../groups/groups.ts';
import { keptFact, keptVariety } from '../kept-facts.ts';
import { repeatRule } from '../repeat-keys.ts';
import type { RunFilter } from '../run-filter.ts';
import { valueCounts } from '../tally-queries.ts';

export interface Axis {
  /** `params.lr`, `tags.team`, `parent`; null: there is nothing to tell runs apart by on this side. */
  key: string | null;
  /** Different values, numbers in their order before texts; null, which comes last: the run has none. */
  values: (string | null)[];
}

export interface Pivot {
  rows: Axis;
  cols: Axis;
  /** Undefined where no metric was logged. */
  metric: RunGroups['metrics'][number] | undefined;
  /** Undefined where no run has both values. */
  cell: (row: string | null, col: string | null) => Group | undefined;
  best: ReadonlySet<Group>;
  /** As groups they are read from: filters, links and labels know these. */
  data: RunGroups;
}

export interface PivotQuery {
  rows?: string | undefined;
  cols?: string | undefined;
  metric?: string | undefined;
}

/** More values than this are seldom a grid: such params are rows and columns only when they are asked for. */
const GRID_MAX = 50;
/** Params that are looked at closely for what varies most. */
const WEIGHED_MAX = 200;

export async function readPivot(
  db: Db,
  experiment: ExperimentRow,
  filter: Omit<RunFilter, 'order'>,
  query: PivotQuery,
): Promise<Pivot> {
  if (query.rows !== undefined && query.rows === query.cols)
    throw badField('?cols', 'must be another key than the rows');
  const [rows, cols] = await axesAsked(db, experiment, query);
  const by = [rows, cols].filter((key) => key !== null);
  const data = await readGroups(db, experiment, filter, { by, metric: query.metric, columns: 1 });
  const metric = data.metrics[0];
  if (query.metric !== undefined && metric?.key !== query.metric)
    throw badField('?metric', `no run of this experiment has logged ${JSON.stringify(query.metric)}`);
  const groups = [...data.groups, ...data.valueless];
  const cells = new Map(groups.map((group) => [JSON.stringify(group.values), group]));
  return {
    rows: axisOf(rows, by, groups),
    cols: axisOf(cols, by, groups),
    metric,
    cell: (row, col) => cells.get(JSON.stringify(by.map((key) => (key === rows ? row : col)))),
    best: bestGroups(data).get(metric?.key ?? '') ?? new Set(),
    data,
  };
}

/** What is not asked for: the params that vary most without telling repeats apart; the more varied one as rows. */
async function axesAsked(
  db: Db,
  experiment: ExperimentRow,
  { rows, cols }: PivotQuery,
): Promise<[string | null, string | null]> {
  if (rows !== undefined && cols !== undefined) return [rows, cols];
  const { isRepeat } = repeatRule(experiment);
  const varied = (await keptVariety(db, experiment)).filter(({ key, values }) => values > 1 && !isRepeat(key));
  const grid = varied.filter(({ values }) => values <= GRID_MAX).slice(0, WEIGHED_MAX);
  const weights = new Map<string, number>();
  const keys = grid.map(({ key }) => key);
  for (const { key, runs } of await keptFact(db, experiment, `values ${JSON.stringify(keys)}`, () =>
    valueCounts(db, experiment.id, keys),
  ))
    // prettier-ignore
    weights.set(key, (weights.get(key) ?? 0) + runs * Math.log2(runs));
  // Bits that a run's value says: 5 in one run of a hundred and 15 in the others is hardly a param that varies.
  const bits = ({ key, runs }: { key: string; runs: number }): number =>
    weights.has(key) ? Math.log2(runs) - (weights.get(key) ?? 0) / runs : -1;
  const offered = varied
    .map((param) => ({ key: `params.${param.key}`, bits: bits(param), values: param.values }))
    .sort((a, b) => b.bits - a.bits || b.values - a.values || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key)
    .filter((key) => key !== rows && key !== cols);
  const first = rows ?? offered.shift() ?? null;
  return [first, cols ?? offered.shift() ?? null];
}

function axisOf(key: string | null, by: string[], groups: Group[]): Axis {
  if (key === null) return { key, values: [null] };
  const place = by.indexOf(key);
  const values = new Set(groups.map((group) => group.values[place] ?? null));
  return { key, values: [...values].sort(compareValues) };
}

/** Combinations of the values on both sides, and of how many there is no run. */
export function countCells({ rows, cols, data }: Pivot): { all: number; empty: number } {
  const all = rows.values.length * cols.values.length;
  return { all, empty: all - data.groups.length - data.valueless.length };
}
