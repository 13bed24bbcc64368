// runs/table/bulk-api.ts
// Purpose: the same for scripts: one thing done with many runs, named or found by a filter; how far it is; Undo.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/table/bulk-schemas.ts, runs/table/bulk-changes.ts, runs/table/bulk-routes.ts

import { conflict, notFound } from '../../shared/errors.ts';
import { plural } from '../../shared/format.ts';
import type { App } from '../../shared/http/types.ts';
import { startBulk, undoBulk } from './bulk-changes.ts';
import { KINDS, type Asked } from './bulk-kinds-changes.ts';
import { findBulk, pickMatching, pickNamed } from './bulk-queries.ts';
import { bulkBody, bulkOut, bulkParams, bulkState, bulkUndone } from './bulk-schemas.ts';
import { countByState } from './bulk-views.ts';

const tags = ['runs'];

export function installBulkApi(app: App): void {
  const { store } = app;

  app.post(
    '/api/runs/bulk',
    {
      schema: {
        tags,
        summary: 'Tag, untag, trash, restore or set the state of many runs.',
        description:
          'Of runs named by `ids`, or of all that `filter` finds. It is done in small steps while others log, and answers when it has ended; each run is changed or not, whole.',
        body: bulkBody,
        response: { 200: bulkOut },
      },
    },
    async ({ body }) => {
      const { action, ids = [], filter, expect, dry_run } = body;
      const now = Date.now();
      const named = [...new Set(ids)];
      const { runs } = filter
        ? await pickMatching(store.read, filter)
        : await pickNamed(store.read, named, KINDS[action].ofTrash);
      if (expect !== undefined && expect !== runs.length)
        throw conflict('expect', `It would be about ${plural(runs.length, 'run')}, not ${expect}: nothing was done.`);
      const said = { action, matched: runs.length, states: countByState(runs, now) };
      if (dry_run || runs.length === 0) return { ...said, id: null, changed: 0 };
      const asked: Asked = { action, tags: body.tags ?? {}, status: body.status ?? null };
      const started = await startBulk(store, asked, runs.map(({ id }) => id), now); // prettier-ignore
      return { ...said, id: started.id, changed: await started.done };
    },
  );

  app.get(
    '/api/runs/bulk/:id',
    { schema: { tags, summary: 'How far an action on many runs is.', params: bulkParams, response: { 200: bulkState } } },
    async ({ params: { id } }) => {
      const row = await findBulk(store.read, id);
      if (!row) throw notFound(`Action ${id}`);
      return { ...row, action: (JSON.parse(row.asked) as Asked).action };
    },
  ); // prettier-ignore

  app.post(
    '/api/runs/bulk/:id/undo',
    {
      schema: {
        tags,
        summary: 'Take back what an action on many runs changed.',
        description: 'For a day. Runs that were changed otherwise since stay as they are.',
        params: bulkParams,
        response: { 200: bulkUndone },
      },
    },
    async ({ params: { id } }) => {
      const { done } = await undoBulk(store, id, Date.now());
      return { undone: await done };
    },
  );
}
