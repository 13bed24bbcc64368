// exports/schemas.ts
// Purpose: what the downloads and the page of exports take: ids, the lists' filters, a metric key, page numbers.
// Why: an export means the same experiments and runs as the list with the same query.
// Relevant files: exports/catalogue.ts, exports/pages.ts, experiments/schemas.ts, runs/schemas.ts

import { z } from 'zod';
import { experimentListQuery, experimentParams } from '../experiments/schemas.ts';
import { runListQuery, runParams } from '../runs/schemas.ts';
import { LIMITS } from '../shared/limits.ts';
import { key, pageNumber, text } from '../shared/schemas.ts';

const filters = { q: true, status: true, tag: true, order: true } as const;
const runFilters = { ...filters, where: true } as const;

export { experimentParams, runParams };
export const noParams = z.strictObject({});
export const noQuery = z.strictObject({});
export const experimentsQuery = experimentListQuery.pick(filters);
export const runsQuery = runListQuery.pick(runFilters);
export const pointsQuery = z.strictObject({ key: key.optional().describe('Only this metric.') });
export const experimentPointsQuery = pointsQuery.extend({ where: runListQuery.shape.where });

/** The head of every JSON export; the rest is told in the writers' docstrings. */
export const jsonExport = z.looseObject({ format: z.string(), version: z.literal(1) });

export const exportsPageQuery = z.strictObject({
  q: text(LIMITS.query).optional(),
  page: pageNumber.describe('Of the experiments.'),
  past: pageNumber.describe('Of the past exports.'),
});
export type ExportsPageQuery = z.infer<typeof exportsPageQuery>;
