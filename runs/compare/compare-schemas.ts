// runs/compare/compare-schemas.ts
// Purpose: what a comparison is asked for and what it answers.
// Why: scripts read the same numbers as the page, so each is described once.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-json.ts, runs/schemas.ts

import { z } from 'zod';
import { metricValue, runIds } from '../../shared/schemas.ts';
import { selectionFields } from './selection-schemas.ts';
import { ruleOut } from '../rules/rule-schemas.ts';
import { groupStats } from '../groups/group-schemas.ts';
import { runOut, summaryOut } from '../schemas.ts';

const lineOut = z.object({
  key: z.string(),
  values: z.array(z.string().nullable()).describe('In the order of `runs`; null where a run does not have it.'),
});
const splitOut = z.object({ differ: z.array(lineOut), equal: z.array(lineOut) });

/** The value of a run that counts by a rule. */
const countedOut = z.object({
  value: metricValue,
  step: z.number().nullable().describe('At which it occurred; null: of no single one.'),
});

export const compareQuery = z.strictObject({
  run: runIds.describe('Run ids, at most 100: `run=a&run=b`; two at least where no group or experiment is named.'),
  ...selectionFields,
});
export const compareOut = z.object({
  runs: z.array(runOut),
  params: splitOut,
  tags: splitOut,
  metrics: z.array(
    z.object({
      key: z.string(),
      direction: z.enum(['max', 'min']).nullable().describe('Which way is better; see `rule`.'),
      rule: ruleOut,
      rules_differ: z
        .boolean()
        .describe(
          'The experiments of the runs have different rules: last values are compared, by the guessed direction.',
        ),
      summaries: z.array(summaryOut.nullable()).describe('In the order of `runs`.'),
      values: z.array(countedOut.nullable()).describe('The values that count, in the order of `runs`.'),
      best: z
        .array(z.string())
        .describe('Ids of the runs with the best finite value that counts; empty where fewer than two have one.'),
    }),
  ),
  groups: z
    .array(
      z.object({
        group: z.string().describe('As asked for: `EXPERIMENT:FILTER`.'),
        experiment_id: z.number(),
        where: z.string(),
        label: z.string().describe('What tells it apart from the others, and how many runs it has.'),
        runs: z.array(z.string()).describe('Ids of its members, of more than 100 the newest.'),
        total: z.number().describe('Runs that match the filter.'),
        left_out: z.number().describe('Of which so many are not in `runs` and are not drawn; the numbers are of all.'),
        unfinished: z
          .number()
          .describe('Members that have not finished: they count in no number, as on the groups page.'),
        metrics: z.record(
          z.string(),
          groupStats.extend({
            n: z.number().describe('Finished members with a finite value that counts: the others count nowhere.'),
            without: z.number().describe('Finished members without one.'),
          }),
        ),
      }),
    )
    .optional()
    .describe('In the order asked for; only where `group`, `experiment` or `where` is given.'),
  group_metrics: z
    .array(
      z.object({
        key: z.string(),
        direction: z.enum(['max', 'min']).nullable(),
        rule: ruleOut,
        rules_differ: z.boolean(),
        best: z
          .array(z.string())
          .describe('The groups with the best mean, as `group` names them; empty where fewer than two have one.'),
      }),
    )
    .optional()
    .describe('Metrics of the groups, the most telling first; given as `groups` is.'),
  sentences: z
    .array(z.string())
    .optional()
    .describe(
      'What the groups come to by the first metric: each against the baseline, else against the best mean of two values or more (Welch, Holm over them), and which members count in no number; given as `groups` is.',
    ),
  notes: z.array(z.string()).optional().describe('What was cut, in words; given as `groups` is.'),
  baseline: z
    .object({
      run: z.string().nullable(),
      group: z.string().nullable().describe('As asked for: `EXPERIMENT:FILTER`.'),
      label: z.string(),
      values: z
        .record(z.string(), z.object({ value: z.number(), n: z.number() }))
        .describe('By metric: the finite value that counts of the run, or the mean of n values of the group.'),
    })
    .optional()
    .describe("What the page's differences are from: the one of the runs and groups compared that is the baseline."),
});

export type CompareOut = z.infer<typeof compareOut>;
