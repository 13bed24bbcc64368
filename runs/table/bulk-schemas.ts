// runs/table/bulk-schemas.ts
// Purpose: what the forms of the run table send: ticked runs, tags as text, and where to go back to.
// Why: the forms come from our own pages, so what else they hold is ignored; ids and paths are still checked.
// Relevant files: runs/table/bulk-routes.ts, runs/templates/_table.html

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, runId, text, wholeNumber } from '../../shared/schemas.ts';

export { tagsOf } from '../../tags/schemas.ts';

const ORIGIN = 'http://tracker';

/** A path on this host, as a browser would read it: `//host`, `/\host` and tabs within are another host's. */
export const localPath = z
  .string()
  .max(10_000)
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
  back: localPath.default('/experiments'),
};

export const tickedForm = z.object(ticked);
export const tickedTagsForm = z.object({ ...ticked, tags: text(LIMITS.body).default('') });
export const tickedTrashForm = z.object({ ...ticked, confirm: z.literal('yes').optional() });

/** Which trash is emptied: of an experiment, or of all. */
export const emptyQuery = z.object({ experiment: experimentId.optional(), back: ticked.back });
/** `until`: what was there when it was asked about, ms since the epoch. */
export const emptyForm = emptyQuery.extend({ until: wholeNumber('ms since the epoch', 0, Number.MAX_SAFE_INTEGER) });

/** Undo of a move to the trash: everything that went there at one moment; a thousand ids would not fit into a URL. */
export const batchQuery = z.object({
  trashed_at: wholeNumber('ms since the epoch', 0, Number.MAX_SAFE_INTEGER).optional(),
  experiment: experimentId.optional(),
  back: localPath.default('/experiments'),
});
