// runs/table/bulk-routes.ts
// Purpose: what is done with the ticked runs of a table: tag, untag, move to the trash, restore.
// Why: HTTP only: parse, call, go back with a message.
// Relevant files: runs/table/bulk-schemas.ts, runs/table/bulk-changes.ts, tags/hang-changes.ts, runs/templates/bulk-trash.html

import { tagsInWords } from '../../tags/views.ts';
import type { FastifyReply } from 'fastify';
import { badField } from '../../shared/errors.ts';
import { middle, plural } from '../../shared/format.ts';
import { checkForm, parseTags } from '../../shared/http/forms.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { tagRuns, untagRuns } from '../../tags/hang-changes.ts';
import { restoreBatch, restoreMany, trashBatch, type Batch } from './bulk-changes.ts';
import { requireRuns } from '../queries.ts';
import { batchQuery, tagsOf, tickedForm, tickedTagsForm, tickedTrashForm } from './bulk-schemas.ts';

const hide = { hide: true } as const;

/** Names that the question before deleting lists. */
const NAMES_SHOWN = 20;

/** An undo's address has to fit into the flash cookie. */
const BACK_MAX = 1000;

export function installBulk(app: App): void {
  const { store } = app;

  app.post('/runs/tag', { schema: { ...hide, body: tickedTagsForm } }, async ({ body }, reply) => {
    const { run, back } = body;
    if (run.length === 0) return noneTicked(reply, back);
    const { data, errors } = checkForm(tagsOf, parseTags(body.tags));
    if (errors) return wrongTags(reply, back, errors);
    await store.write(async (tx) => {
      await requireRuns(tx, run);
      await tagRuns(tx, run, data, Date.now());
    });
    return done(reply, back, `Tagged ${plural(run.length, 'run')}: ${tagsInWords(data)}.`);
  });

  app.post('/runs/untag', { schema: { ...hide, body: tickedTagsForm } }, async ({ body }, reply) => {
    const { run, back } = body;
    if (run.length === 0) return noneTicked(reply, back);
    const { data, errors } = checkForm(tagsOf, parseTags(body.tags));
    if (errors) return wrongTags(reply, back, errors);
    const changed = await store.write(async (tx) => {
      await requireRuns(tx, run);
      return untagRuns(tx, run, data, Date.now());
    });
    if (changed === 0) return problem(reply, back, `None of the ticked runs carries ${tagsInWords(data)}.`);
    return done(reply, back, `Taken off ${plural(changed, 'run')}: ${tagsInWords(data)}.`);
  });

  app.post('/runs/trash', { schema: { ...hide, body: tickedTrashForm } }, async ({ body }, reply) => {
    const { run, back } = body;
    if (run.length === 0) return noneTicked(reply, back);
    if (body.confirm !== 'yes') return ask(reply, run, back);
    const batch = await trashBatch(store, run, Date.now());
    const text = run.length === 1 ? '1 run is in the trash.' : `${plural(run.length, 'run')} are in the trash.`;
    return reply.redirectWith(back, { kind: 'done', text, undo: { label: 'Undo', action: undoOf(batch, back) } });
  });

  app.post('/runs/restore', { schema: { ...hide, querystring: batchQuery } }, async ({ query, body }, reply) => {
    const { trashed_at, experiment } = query;
    if (trashed_at !== undefined) {
      const count = await restoreBatch(store, { trashed_at, experiment }, Date.now());
      return areBack(reply, query.back, count);
    }
    const form = checkForm(tickedForm, body);
    if (form.errors) throw badField(...(Object.entries(form.errors)[0] ?? ['run', 'is not valid']));
    const { run, back } = form.data;
    if (run.length === 0) return noneTicked(reply, back);
    const count = await restoreMany(store, run, Date.now());
    return count === 0 ? problem(reply, back, 'These runs are not in the trash.') : areBack(reply, back, count);
  });

  async function ask(reply: FastifyReply, ids: string[], back: string): Promise<FastifyReply> {
    const rows = await requireRuns(store.read, ids);
    return reply.page('runs/bulk-trash.html', {
      title: `Delete ${plural(rows.length, 'run')}`,
      runs: plural(rows.length, 'run'),
      ids,
      back,
      names: rows
        .slice(0, NAMES_SHOWN)
        .map(({ id, name }) => ({ name: middle(name), title: name, href: `/runs/${id}` })),
      more: Math.max(0, rows.length - NAMES_SHOWN),
    });
  }
}

function undoOf(batch: Batch, back: string): string {
  return link('/runs/restore', { ...batch, back: back.length > BACK_MAX ? null : back });
}

function done(reply: FastifyReply, back: string, text: string): FastifyReply {
  return reply.redirectWith(back, { kind: 'done', text });
}

function problem(reply: FastifyReply, back: string, text: string): FastifyReply {
  return reply.redirectWith(back, { kind: 'problem', text });
}

function noneTicked(reply: FastifyReply, back: string): FastifyReply {
  return problem(reply, back, 'Tick at least one run.');
}

function wrongTags(reply: FastifyReply, back: string, errors: Record<string, string>): FastifyReply {
  return problem(reply, back, `Tags: ${Object.values(errors).join('; ')}.`);
}

function areBack(reply: FastifyReply, back: string, count: number): FastifyReply {
  return done(reply, back, count === 1 ? '1 run is back.' : `${plural(count, 'run')} are back.`);
}
