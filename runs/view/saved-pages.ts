// runs/view/saved-pages.ts
// Purpose: saved views by forms: save, save changes, rename, default, delete with Undo; the page that lists them; their short address.
// Why: HTTP only: parse, call, go back with a message.
// Relevant files: runs/view/saved-changes.ts, runs/view/saved-views.ts, runs/view/saved-schemas.ts, runs/templates/views.html

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { Problem } from '../../shared/errors.ts';
import { checkForm } from '../../shared/http/forms.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { pageOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { ViewPage, type SavedViewRow } from '../models.ts';
import { localPath } from '../table/bulk-schemas.ts';
import { createView, patchView, restoreView, trashView, type ViewPatch } from './saved-changes.ts';
import { addressOf, pagePath } from './saved-json.ts';
import { listViews, requireAnyView, requireView } from './saved-queries.ts';
import { changeForm, renameForm, viewForm, viewParams } from './saved-schemas.ts';
import { showViewsPage } from './saved-views.ts';
import { requireOpens } from './view-query.ts';

const hide = { hide: true } as const;
const experimentParams = z.object({ id: experimentId });
/** Where the form was: a view for all experiments is managed on the page of any of them. */
const backQuery = z.object({ back: localPath.optional() });
const one = { schema: { ...hide, params: viewParams, querystring: backQuery } };

export function installViewPages(app: App): void {
  const { store } = app;

  app.get(
    '/experiments/:id/views',
    { schema: { ...hide, params: experimentParams }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await requireExperiment(store.read, request.params.id);
      const views = await listViews(store.read, experiment.id);
      const trashed = await listViews(store.read, experiment.id, true);
      return reply.page('runs/views.html', showViewsPage({ experiment, views, trashed }, request.now));
    },
  );

  app.post('/experiments/:id/views', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const { id } = await requireExperiment(store.read, request.params.id);
    const form = checkForm(viewForm, request.body);
    if (form.errors)
      return refused(reply, `/experiments/${id}`, Object.entries(form.errors)[0]?.join(' ') ?? 'not valid');
    const { all, ...view } = form.data;
    requireOpens(view.page, view.query, request.now);
    const page = pagePath(view.page, id);
    return tried(reply, `${page}?${view.query}`, async () => {
      const owner = all ? null : id;
      const is_default = view.is_default && owner !== null && view.page !== ViewPage.Compare;
      const row = await store.write((tx) => createView(tx, { ...view, experiment_id: owner, is_default }, Date.now()));
      return reply.redirectWith(addressOf(row, id) ?? page, { kind: 'done', text: `View ${row.name} is saved.` });
    });
  });

  app.post('/views/:id', one, async (request, reply) => {
    const { id } = request.params;
    const row = await requireView(store.read, id);
    const form = checkForm(changeForm, request.body);
    if (form.errors) return refused(reply, backOf(row, request.query.back), 'The view cannot be read.');
    requireOpens(row.page, form.data.query, request.now);
    return changed(reply, row, request.query.back, { query: form.data.query }, `View ${row.name} is changed.`);
  });

  app.post('/views/:id/rename', one, async (request, reply) => {
    const row = await requireView(store.read, request.params.id);
    const { back } = request.query;
    const form = checkForm(renameForm, request.body);
    if (form.errors) return refused(reply, backOf(row, back), `Name: ${form.errors['name'] ?? 'is not valid'}.`);
    return changed(reply, row, back, form.data, `View ${row.name} is now ${form.data.name}.`);
  });

  app.post('/views/:id/default', one, async (request, reply) => {
    const row = await requireView(store.read, request.params.id);
    const is_default = row.is_default === 0;
    const text = is_default ? `The page opens with ${row.name} now.` : `The page opens without a view now.`;
    return changed(reply, row, request.query.back, { is_default }, text);
  });

  app.post('/views/:id/trash', one, async (request, reply) => {
    const row = await store.write((tx) => trashView(tx, request.params.id, Date.now()));
    const back = backOf(row, request.query.back);
    return reply.redirectWith(back, {
      kind: 'done',
      text: `View ${row.name} is in the trash.`,
      undo: { label: 'Undo', action: link(`/views/${row.id}/restore`, { back }) },
    });
  });

  app.post('/views/:id/restore', one, async (request, reply) => {
    const { id } = request.params;
    const back = backOf(await requireAnyView(store.read, id), request.query.back);
    return tried(reply, back, async () => {
      const row = await store.write((tx) => restoreView(tx, id, Date.now()));
      return reply.redirectWith(back, { kind: 'done', text: `View ${row.name} is back.` });
    });
  });

  // To be shared: it stays when the view is renamed.
  app.get('/views/:id', { schema: { ...hide, params: viewParams } }, async (request, reply) => {
    const row = await requireView(store.read, request.params.id);
    return reply.redirect(addressOf(row) ?? '/experiments');
  });

  async function changed(
    reply: FastifyReply,
    row: SavedViewRow,
    back: string | undefined,
    patch: ViewPatch,
    text: string,
  ): Promise<FastifyReply> {
    const to = back ?? (patch.query === undefined ? backOf(row, back) : (addressOf(row) ?? '/experiments'));
    return tried(reply, to, async () => {
      await store.write((tx) => patchView(tx, row.id, patch, Date.now()));
      return reply.redirectWith(to, { kind: 'done', text });
    });
  }
}

function backOf({ experiment_id }: SavedViewRow, back: string | undefined): string {
  return back ?? (experiment_id === null ? '/experiments' : `/experiments/${experiment_id}/views`);
}

/** What somebody can put right is said on the page that they come from. */
async function tried(reply: FastifyReply, back: string, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return refused(reply, back, error.message);
    throw error;
  }
}

function refused(reply: FastifyReply, back: string, text: string): FastifyReply {
  return reply.redirectWith(back, { kind: 'problem', text });
}
