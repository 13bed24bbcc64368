// runs/table/bulk-schemas.ts
// Purpose: what is asked of many runs: by the forms of the run table (ticked runs, or a filter, and where to go back to) and by the API.
// Why: the forms come from our own pages, so what else they hold is ignored; ids, filters and paths are still checked.
// Relevant files: runs/table/bulk-routes.ts, runs/table/bulk-api.ts, runs/templates/_table.html

import { z } from 'zod';
import { badField } from '../../shared/errors.ts';
import { checkForm } from '../../shared/http/forms.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, many, runId, text, wholeNumber } from '../../shared/schemas.ts';
import { tagsOf } from '../../tags/schemas.ts';
import { BulkStatus, RunStatus } from '../models.ts';
import { runListQuery, runStatus } from '../schemas.ts';
import { argumentsOf } from '../view/view-query.ts';
import { tickField } from './ticks.ts';

export { tagsOf };

export const BULK_KINDS = ['tag', 'untag', 'trash', 'restore', 'state'] as const;
export type BulkKind = (typeof BULK_KINDS)[number];

/** What runs that were left behind can be set to. */
export const END_STATUSES = [RunStatus.Finished, RunStatus.Failed, RunStatus.Killed] as const;

const ORIGIN = 'http://tracker';

/** A path on this host, as a browser would read it: `//host`, `/\host` and tabs within are another host's. */
export const localPath = z
  .string()
  .max(20_000)
  .transform((path, context) => {
    const url = path.startsWith('/') && URL.canParse(path, ORIGIN) ? new URL(path, ORIGIN) : undefined;
    if (url?.origin === ORIGIN) return url.pathname + url.search;
    context.addIssue({ code: 'custom', message: 'must be a path on this host' });
    return z.NEVER;
  });

const ticked = {
  run: z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z
      .array(runId)
      .max(LIMITS.page, `must be at most ${LIMITS.page} runs`)
      .transform((ids) => [...new Set(ids)]),
  ),
  /** Ticked rows of other pages. */
  tick: tickField.optional(),
  back: localPath.default('/experiments'),
};

export const tickedForm = z.object(ticked);
export const tickedTrashForm = z.object({ ...ticked, confirm: z.literal('yes').optional() });

/** The runs of a view: those that its filter finds. */
export const bulkFilter = runListQuery.pick({ q: true, where: true, tag: true, experiment: true }).extend({
  status: many(z.union([runStatus, z.literal('trash')]))
    .optional()
    .describe('`trash`: those in the trash instead.'),
  hide: many(runId).optional().describe('Runs that are left out.'),
});
export type BulkFilter = z.infer<typeof bulkFilter>;

/** `all`: not the ticked ones, but all that `filter` finds, which is the query of a page's address. */
export const bulkForm = z.object({
  ...ticked,
  all: z.literal('yes').optional(),
  filter: z
    .string()
    .max(20_000)
    .default('')
    .transform((query) => readFilter(query)),
  tags: text(LIMITS.body).default(''),
  state: z.string().max(20).default(''),
  /** What was asked about: which runs (shown by their fingerprint), and the newest of all then. */
  seen: z.string().max(100).optional(),
  newest: wholeNumber('a number', 0, Number.MAX_SAFE_INTEGER).optional(),
  confirm: z.literal('yes').optional(),
});
export type BulkForm = z.infer<typeof bulkForm>;

function readFilter(query: string): BulkFilter {
  const { data, errors } = checkForm(bulkFilter, argumentsOf(query));
  if (errors) throw badField('filter', Object.entries(errors).map(([name, why]) => `${name} ${why}`).join('; ')); // prettier-ignore
  return data;
}

export const bulkParams = z.object({ id: wholeNumber('the number of an action', 1, Number.MAX_SAFE_INTEGER) });
export const backQuery = z.object({ back: ticked.back });

/** Which trash is emptied: of an experiment, or of all. */
export const emptyQuery = z.object({ experiment: experimentId.optional(), back: ticked.back });
/** `until`: what was there when it was asked about, ms since the epoch. */
export const emptyForm = emptyQuery.extend({ until: wholeNumber('ms since the epoch', 0, Number.MAX_SAFE_INTEGER) });

/** Runs named one by one in a request of the API. */
const IDS_MAX = 10_000;

export const bulkBody = z
  .strictObject({
    action: z.enum(BULK_KINDS),
    ids: z.array(runId).min(1, 'must name a run').max(IDS_MAX, `must be at most ${IDS_MAX} runs`).optional(),
    filter: bulkFilter.optional().describe('All runs that it finds, instead of `ids`; `{}`: all that there are.'),
    tags: tagsOf.optional().describe('For `tag` and `untag`; to take a tag off whatever its value, give "".'),
    status: z.enum(END_STATUSES).optional().describe('For `state`; runs that have ended stay as they are.'),
    expect: z.int().min(0).optional().describe('How many runs you mean: nothing is done (409) when it is another number.'),
    dry_run: z.boolean().default(false).describe('Say how many runs it would be about, in which states, and do nothing.'),
  })
  .superRefine(({ action, ids, filter, tags, status }, context) => {
    const wrong = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((ids === undefined) === (filter === undefined)) wrong('ids', 'give either ids or filter');
    if ((action === 'tag' || action === 'untag') !== (tags !== undefined))
      wrong('tags', tags ? `is not for ${action}` : `must name the tags to ${action}`);
    if ((action === 'state') !== (status !== undefined))
      wrong('status', status ? `is not for ${action}` : `must be one of ${END_STATUSES.join(', ')}`);
  }); // prettier-ignore

export const bulkOut = z.object({
  id: z.number().nullable().describe('For `…/undo`; null where nothing was done.'),
  action: z.enum(BULK_KINDS),
  matched: z.number().describe('Runs that it was about.'),
  changed: z.number().describe('Runs that were not so before.'),
  states: z.record(z.string(), z.number()).describe('The runs it was about by their state before, `stalled` among them.'),
}); // prettier-ignore
export const bulkState = z.object({
  id: z.number(),
  action: z.enum(BULK_KINDS),
  status: z.enum(BulkStatus),
  total: z.number(),
  visited: z.number().describe('Runs that it has come to.'),
  changed: z.number(),
  created_at: z.number(),
});
export const bulkUndone = z.object({ undone: z.number().describe('Runs that are as they were before.') });
