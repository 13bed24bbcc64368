// runs/conclusions/conclusion-schemas.ts
// Purpose: what the page, files and API of conclusions take in their URL, and what the API gives.
// Why: the URL is the view: the same argument means the same on the page, in its files and in the API.
// Relevant files: runs/conclusions/conclusion-routes.ts, runs/conclusions/conclusion-json.ts, runs/page-schemas.ts

import { z } from 'zod';
import { metricValue } from '../../shared/schemas.ts';
import { Direction } from '../metric-rules.ts';
import { keptBaseline } from '../compare/baseline-out-schemas.ts';
import { groupKey, groupsQuery } from '../page-schemas.ts';
import { Verdict } from './comparison.ts';
import { PairRule } from './pairs.ts';

export const conclusionsQuery = groupsQuery.omit({ order: true, column: true }).extend({
  pairs: z
    .union([z.enum(PairRule), groupKey])
    .default(PairRule.Baseline)
    .describe(
      '`baseline`: each group with one of them; `all`: every pair; one of `by` (`params.optimizer`): groups that differ in it alone.',
    ),
  base: z
    .string()
    .max(10_000)
    .optional()
    .describe(
      "The group (its `group`) that the others are compared with, without it the baseline of the experiment, else the best that has two values or more; where groups differ in one key, that key's value, without it that of the baseline of the experiment, else the one that is worst on average; `*`: each with each other.",
    ),
  difference: z
    .preprocess(
      (value) => (value === '' ? undefined : value),
      z.coerce.number('must be a number').positive().optional(),
    )
    .describe('The difference of means that further seeds should find; without it the one seen.'),
});
export type ConclusionsQuery = z.infer<typeof conclusionsQuery>;

const number = z.number().nullable();
const test = z.object({ p: z.number(), statistic: z.number(), exact: z.boolean() }).nullable();
// What values near ±1.8e308 differ by, and how far they spread, may be more than a double holds.
const interval = z.tuple([metricValue, metricValue]).nullable();
const meanTest = z
  .object({ t: metricValue, df: metricValue, p: metricValue, low: metricValue, high: metricValue })
  .nullable();

const comparison = z.object({
  label: z.string(),
  group: z.string(),
  base: z.string(),
  n: z.tuple([z.number(), z.number()]),
  difference: metricValue.describe('Mean of `group` minus mean of `base`.'),
  welch: meanTest.describe("Welch's t test; `low` and `high`: 95 % confidence interval of the difference."),
  holm: metricValue.nullable().describe('p of Welch, corrected over all comparisons here.'),
  mann_whitney: test,
  hedges_g: z.object({ g: metricValue, low: metricValue.nullable(), high: metricValue.nullable() }).nullable(),
  bootstrap: z.object({ percentile: interval, bca: interval }).nullable(),
  paired: z
    .object({ by: z.array(z.string()), pairs: z.number(), t: meanTest, wilcoxon: test })
    .nullable()
    .describe('Runs that are equal in all ignored params, or in those that tell repeats apart, are pairs.'),
  seeds: z
    .object({
      difference: metricValue,
      level: z.number(),
      needed: number,
      more: z.tuple([z.number(), z.number()]).nullable(),
    })
    .nullable()
    .describe(
      'Values each group needs to find that difference with 80 % power, at `level`, 5 % divided by the number of comparisons that are tested, if both spread alike: `more` of 0 beside "cannot be told apart" says that they do not, and more are needed; null beyond 10,000.',
    ),
  verdict: z.enum(Verdict),
  few: z.boolean().describe('No rank test of so few values can fall below 5 %.'),
  sentence: z.string(),
});

export const conclusionsOut = z.object({
  metric: z.string().nullable(),
  direction: z.enum(Direction).nullable(),
  by: z.array(z.string()),
  pairs: z.string(),
  base: z.string().nullable(),
  alpha: z.number(),
  confidence: z.number(),
  resamples: z.number(),
  pairs_ranked: z.number().describe('How many pairs were tested for ranks and letters.'),
  sentence: z.string().describe('What all comparisons together say.'),
  notes: z.array(z.string()),
  groups: z.array(
    z.object({
      group: z.string(),
      label: z.string(),
      values: z.record(z.string(), z.string().nullable()),
      n: z.number(),
      mean: z.number(),
      std: metricValue.nullable(),
      rank: number.describe(
        '1 + how many groups are significantly better: Welch tests of all pairs, Holm over all of them. Null: one value only.',
      ),
      rank_to: number.describe('How many groups are ranked, less those significantly worse.'),
      letters: z
        .string()
        .nullable()
        .describe(
          'Groups that cannot be told apart share a letter; those that share none can be. Null beyond 52 letters.',
        ),
      chance_of_best: number.describe('In which share of the bootstrap resamples the mean is the best.'),
      chance_of_best_mean: number.describe(
        'That the true mean is the best, normal values taken for granted; takes into account what few runs leave open of the noise.',
      ),
      is_best: z.boolean(),
      like_best: z.boolean().describe('Shares a letter with the best mean.'),
    }),
  ),
  comparisons: z.array(comparison),
  baseline: keptBaseline
    .unwrap()
    .extend({ used: z.boolean().describe('The comparisons are with it, because the address names no `base`.') })
    .optional()
    .describe('Only where the experiment has a baseline.'),
});
export type ConclusionsOut = z.infer<typeof conclusionsOut>;
