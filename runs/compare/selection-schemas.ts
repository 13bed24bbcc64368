// runs/compare/selection-schemas.ts
// Purpose: how an address names runs, groups of runs, and all runs that match a query.
// Why: the compare page, its JSON and every chart take the same words.
// Relevant files: runs/compare/selection.ts, runs/schemas.ts, runs/page-schemas.ts, runs/curves/curve-schemas.ts

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, many } from '../../shared/schemas.ts';

/** Groups of one chart or comparison. */
export const GROUPS_MAX = 30;

/** To be spread into a query beside `run`. */
export const selectionFields = {
  group: many(
    z
      .string()
      .max(LIMITS.query + 20)
      .regex(/^\d{1,16}:/, 'must be the id of an experiment, a colon and a filter: 1:params.lr = 0.1'),
    `must name at most ${GROUPS_MAX} groups`,
  )
    .optional()
    .describe(
      'Runs as a group: `EXPERIMENT:FILTER`, such as `1:params.lr = 0.1`, or `1:` for all its runs. Numbers are of all of them, curves of the newest 100.',
    ),
  experiment: experimentId.optional().describe('With `where`, or alone: its runs, the newest 100.'),
  where: z.string().max(LIMITS.query).optional().describe('A filter: which runs of `experiment`.'),
};

export interface SelectionQuery {
  run: string[];
  group?: string[] | undefined;
  experiment?: number | undefined;
  where?: string | undefined;
}
