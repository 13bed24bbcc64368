// runs/rules/rule-schemas.ts
// Purpose: what a metric's rule is in requests and answers.
// Why: API, forms and answers that carry a rule mean the same fields with the same limits.
// Relevant files: runs/rules/rule.ts, runs/rules/rule-routes.ts, runs/schemas.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { key, limit, listOf, pageNumber, text } from '../../shared/schemas.ts';
import { Direction } from '../metric-rules.ts';
import { Counts, NO_DIRECTION, Takes } from './rule.ts';

const direction = z
  .enum([Direction.Max, Direction.Min, NO_DIRECTION], 'must be max, min or none; null where it is to be guessed')
  .nullable()
  .describe('Which way is better; `none`: neither. null: guessed from the name.');
const counts = z
  .enum(Counts, `must be one of ${Object.values(Counts).join(', ')}`)
  .describe(
    'Which value of a run counts: last, best (by the direction), min, max, mean, mean_last (of the last `k` points), at_best (at the step where `by` was best).',
  );

export const ruleChoice = z
  .strictObject({
    direction: direction.default(null),
    value: counts.default(Counts.Last),
    k: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(LIMITS.lastPoints, `must be at most ${LIMITS.lastPoints}`)
      .nullable()
      .default(null)
      .describe('Only with `mean_last`: the last so many points.'),
    by: key.nullable().default(null).describe('Only with `at_best`: a metric of the same experiment.'),
    unit: text(LIMITS.unit).trim().default('').describe('Shown once, in the head of a table.'),
    digits: z
      .int('must be a whole number')
      .min(0, 'must be at least 0')
      .max(LIMITS.digits, `must be at most ${LIMITS.digits}`)
      .nullable()
      .default(null)
      .describe(
        'Decimals, digits after the point, that pages and tables show; null: as usual. Files have every digit.',
      ),
  })
  .superRefine(({ value, k, by }, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (value === Counts.MeanLast && k === null) wrong('k', 'says how many points are last');
    if (value !== Counts.MeanLast && k !== null) wrong('k', 'goes with the value mean_last only');
    if (value === Counts.AtBest && by === null) wrong('by', 'names the metric whose best step it is');
    if (value !== Counts.AtBest && by !== null) wrong('by', 'goes with the value at_best only');
  });

export const ruleQuery = z.strictObject({ key: key.describe('The metric.') });

export const ruleListQuery = z.strictObject({
  q: text(LIMITS.query).optional().describe('Text in the name of a metric, in any case of letters.'),
  key: key.optional().describe('This metric only.'),
  limit: limit.default(100),
  page: pageNumber,
});

/** A rule as answers carry it. */
export const ruleOut = z.object({
  direction: z.enum(Direction).nullable().describe('Which way is better; null: neither, or it cannot be guessed.'),
  direction_guessed: z.boolean().describe('From the name: nobody has set it.'),
  value: counts,
  k: z.number().nullable(),
  by: z.string().nullable(),
  takes: z.enum(Takes).describe('What `value` comes to by the directions of today.'),
  unit: z.string(),
  digits: z.number().nullable(),
});

export type RuleOut = z.infer<typeof ruleOut>;

export const metricRuleOut = ruleOut.extend({
  key: z.string(),
  is_set: z.boolean().describe('Somebody has said something of it.'),
  is_main: z.boolean().describe('The metric that the experiment shows first.'),
  counting: z
    .boolean()
    .describe('The rule was changed and runs are still being counted by it; until then orders and ranks miss some.'),
});

export type MetricRuleOut = z.infer<typeof metricRuleOut>;

export const ruleList = listOf(metricRuleOut).omit({ next_cursor: true });
