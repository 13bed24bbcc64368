// runs/page-schemas.ts
// Purpose: what the pages of runs take in their URL: filters, order, page, chart settings, metrics.
// Why: the URL is the view; readers, views and routes share these and nothing else of each other.
// Relevant files: runs/pages.ts, runs/table/experiment-page.ts, runs/run/run-page.ts, runs/compare/compare-routes.ts

import { z } from 'zod';
import { many, pageNumber, runId, runIds, wholeNumber } from '../shared/schemas.ts';
import { selectionFields } from './compare/selection.ts';
import { chartFields } from './curves/chart-settings.ts';
import { viewFields } from './view/columns.ts';
import { ownSettings } from './curves/own-settings.ts';
import { runListQuery, runStatus } from './schemas.ts';
import { tickField } from './table/ticks.ts';

/** What runs can be grouped by. */
export const groupKey = z
  .string()
  .max(510)
  .regex(/^(params\.[^\0]+|tags\.[^\0]+|parent)$/, 'must be params.KEY, tags.KEY or parent');

/** Rows of a page; the usual one needs no argument. */
export const PAGE_SIZES = [25, 50, 100, 200] as const;
export const PAGE_SIZE = 50;

const pageSize = wholeNumber('a number of rows', 1, 1_000)
  .refine((size) => PAGE_SIZES.some((one) => one === size), `must be one of ${PAGE_SIZES.join(', ')}`)
  .default(PAGE_SIZE);

export const savedView = z
  .union(
    [z.literal('plain'), wholeNumber('the number of a view', 1, Number.MAX_SAFE_INTEGER)],
    'must be plain or the number of a view',
  )
  .optional()
  .describe('The saved view that this is, or was before it was changed; plain: not the default one.');

export const tableQuery = runListQuery.omit({ cursor: true, experiment: true }).extend({
  ...chartFields,
  ...viewFields,
  limit: pageSize,
  status: many(z.union([runStatus, z.literal('trash')])).optional(),
  metric: z.preprocess((value) => (value === '' ? undefined : value), z.string().max(500).optional()),
  page: pageNumber,
  view: savedView,
  /** Ticked runs of this page and of others. */
  tick: tickField.optional(),
  /** Runs that stand first, whatever the order. */
  pin: many(runId).optional(),
  /** Runs that are left out. */
  hide: many(runId).optional(),
  /** Children stand below their parents. */
  tree: z.literal('1', 'must be 1').optional(),
  /** Runs of a tree whose children are folded away. */
  fold: many(runId).optional(),
});
export type TableQuery = z.infer<typeof tableQuery>;

export const runPageQuery = z.strictObject({
  ...chartFields,
  chart: ownSettings,
  metric: many(z.string().max(500)).optional(),
  find: z.string().max(500).optional(),
});
export type RunPageQuery = z.infer<typeof runPageQuery>;

export const comparePageQuery = z.strictObject({
  run: runIds,
  lines: z.enum(['all'], 'must be all').optional(),
  ...selectionFields,
  metric: many(z.string().max(500)).optional(),
  ...chartFields,
  chart: ownSettings,
  /** Runs to be taken out: leads to the address without them. */
  without: many(runId).optional(),
});
export type ComparePageQuery = z.infer<typeof comparePageQuery>;

export const groupsQuery = tableQuery.pick({ q: true, where: true, status: true, tag: true, metric: true }).extend({
  by: many(groupKey)
    .optional()
    .describe('`params.KEY`, `tags.KEY` or `parent`; without it all params that vary but seeds.'),
  order: z
    .string()
    .max(600)
    .optional()
    .describe('`metrics.KEY` (its mean), `runs` or one of `by`; `-` in front: descending.'),
  column: many(
    z
      .string()
      .max(510)
      .regex(/^metrics\.[^]+$/, 'must be metrics.KEY'),
  )
    .optional()
    .describe('The metrics that are counted, in this order: `metrics.KEY`; without it the most telling ones.'),
});
export type GroupsQuery = z.infer<typeof groupsQuery>;
/** At the page's own address, which a saved view may have named. */
export const groupsFileQuery = groupsQuery.extend({ view: savedView });

const side = z
  .preprocess((value) => (value === '' ? undefined : value), groupKey.optional())
  .describe('`params.KEY`, `tags.KEY` or `parent`; without it the params that vary most but for seeds.');
export const pivotQuery = tableQuery
  .pick({ q: true, where: true, status: true, tag: true, metric: true })
  .extend({ rows: side, cols: side });
export type PivotQuery = z.infer<typeof pivotQuery>;
export const pivotPageQuery = pivotQuery.extend({ view: savedView });
export type PivotPageQuery = z.infer<typeof pivotPageQuery>;

/** Names of groups, as their page made them. */
const groupNames = many(z.string().max(20)).optional();
/** `open`: groups whose members are shown below them. */
export const groupsPageQuery = groupsFileQuery.extend({ open: groupNames });
export type GroupsPageQuery = z.infer<typeof groupsPageQuery>;
export const groupsCompareQuery = groupsPageQuery.extend({ group: groupNames });
