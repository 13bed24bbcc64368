// runs/pivot/pivot-json.ts
// Purpose: a pivot as the API gives it, and its schema.
// Why: every number with every digit; what has not been run is what is not among the cells.
// Relevant files: runs/pivot/pivot.ts, runs/pivot/pivot-routes.ts

import { z } from 'zod';
import { ruleJson } from '../rules/rule-json.ts';
import { ruleOut } from '../rules/rule-schemas.ts';
import { Direction } from '../metric-rules.ts';
import { groupStats } from '../groups/group-schemas.ts';
import type { Axis, Pivot } from './pivot.ts';

const axis = z.object({
  key: z.string().nullable().describe('`params.KEY`, `tags.KEY` or `parent`; null: one row or column of all runs.'),
  values: z
    .array(z.string().nullable())
    .describe('In order: numbers, then texts; null, the last: runs that do not have the key.'),
});

export const pivotOut = z.object({
  rows: axis,
  cols: axis,
  metric: z.string().nullable(),
  direction: z.enum(Direction).nullable(),
  rule: ruleOut.nullable(),
  runs: z.number(),
  differs: z.array(z.string()).describe('Other params that vary: a cell holds runs that differ in them.'),
  cells: z
    .array(
      groupStats.extend({
        row: z.string().nullable(),
        col: z.string().nullable(),
        runs: z.array(z.string()).describe('Ids of all runs with both values.'),
        unfinished: z.number(),
      }),
    )
    .describe('Combinations that at least one run has; all others have not been run.'),
});
export type PivotOut = z.infer<typeof pivotOut>;

const NONE = { n: 0, mean: null, std: null, min: null, max: null };

export function pivotJson(pivot: Pivot): PivotOut {
  const { rows, cols, metric, data } = pivot;
  const outOf = ({ key, values }: Axis): PivotOut['rows'] => ({ key, values: data.runs === 0 ? [] : values });
  return {
    rows: outOf(rows),
    cols: outOf(cols),
    metric: metric?.key ?? null,
    direction: metric?.direction ?? null,
    rule: metric ? ruleJson(metric) : null,
    runs: data.runs,
    differs: data.ignored,
    cells: rows.values.flatMap((row) =>
      cols.values.flatMap((col) => {
        const group = pivot.cell(row, col);
        if (!group) return [];
        const { stats = null, without = 0 } = (metric && group.metrics.get(metric.key)) ?? {};
        const runs = group.members.map(({ id }) => id);
        return [{ row, col, runs, unfinished: group.unfinished, ...(stats ?? NONE), without }];
      }),
    ),
  };
}
