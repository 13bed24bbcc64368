// runs/compare/baseline-out-schemas.ts
// Purpose: what the API says of a baseline, by itself and beside groups and conclusions.
// Why: apart from what is taken, because the schemas of runs name these and forms stand on the schemas of runs.
// Relevant files: runs/compare/baseline-json.ts, runs/compare/baseline-schemas.ts, runs/schemas.ts

import { z } from 'zod';

export const baselineOut = z.object({
  run: z.string().nullable().describe('The id of the run that is the baseline.'),
  group: z.string().nullable().describe('The filter of the group that is the baseline.'),
  label: z.string().nullable().describe('The name of the run, or the filter in words.'),
  runs: z.array(z.string()).describe('Ids of its runs, now; of a group the newest 100.'),
  total: z.number().describe('How many runs it has; 0: the group has none any more.'),
});
export const keptBaseline = baselineOut
  .omit({ runs: true })
  .extend({ among: z.boolean().describe('It is one of the groups here, and differences are from it.') })
  .optional()
  .describe('Only where the experiment has a baseline.');
export type BaselineOut = z.infer<typeof baselineOut>;
