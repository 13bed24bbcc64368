// runs/groups/group-schemas.ts
// Purpose: what groups answer: the numbers of a group, and the list of them.
// Why: comparisons and pivots count a group by the same numbers.
// Relevant files: runs/groups/group-routes.ts, runs/groups/group-json.ts, runs/compare/compare-schemas.ts

import { z } from 'zod';
import { metricValue } from '../../shared/schemas.ts';
import { keptBaseline } from '../compare/baseline-out-schemas.ts';
import { Direction } from '../metric-rules.ts';
import { ruleOut } from '../rules/rule-schemas.ts';

export const groupStats = z.object({
  n: z.number().describe('Finished runs with a finite value: the others count nowhere.'),
  mean: z.number().nullable(),
  std: metricValue.nullable().describe('Of the sample (n − 1); null for fewer than two values.'),
  min: z.number().nullable(),
  max: z.number().nullable(),
  without: z.number().describe('Finished runs without a finite value.'),
});

export const groupsOut = z.object({
  by: z.array(z.string()).describe('`params.KEY`, `tags.KEY`, `parent`: what the runs of a group are equal in.'),
  ignored: z.array(z.string()).describe('Params that vary and are not grouped by.'),
  lacked: z
    .array(z.object({ key: z.string(), value: z.string(), runs: z.number().describe('Runs that do not have it.') }))
    .describe('Params that are the same in all runs that have them, and are not grouped by: no group would be parted.'),
  main_metric: z.string().nullable(),
  runs: z.number(),
  metrics: z.array(z.object({ key: z.string(), direction: z.enum(Direction).nullable(), rule: ruleOut })),
  items: z.array(
    z.object({
      values: z.record(z.string(), z.string().nullable()),
      runs: z.array(z.string()).describe('Ids of all members.'),
      unfinished: z.number(),
      is_baseline: z
        .boolean()
        .optional()
        .describe('Only where one of the groups is the baseline, or holds the run that is.'),
      metrics: z.record(
        z.string(),
        groupStats.extend({ difference: metricValue.nullable().optional().describe('Its mean minus the baseline.') }),
      ),
    }),
  ),
  baseline: keptBaseline,
});
export type GroupsOut = z.infer<typeof groupsOut>;
