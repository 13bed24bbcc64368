// runs/view/saved-api.ts
// Purpose: the JSON API of saved views: list, save, one, change, trash, restore.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/view/saved-schemas.ts, runs/view/saved-queries.ts, runs/view/saved-changes.ts

import { z } from 'zod';
import { requireExperiment } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { createView, patchView, restoreView, trashView } from './saved-changes.ts';
import { viewJson } from './saved-json.ts';
import { requireOpens } from './view-query.ts';
import { listViews, requireAnyView, requireView } from './saved-queries.ts';
import { viewCreate, viewList, viewListQuery, viewOut, viewParams, viewPatch } from './saved-schemas.ts';

const tags = ['views'];
const params = viewParams;
const whole = { 200: viewOut };

export function installViewApi(app: App): void {
  const { store } = app;

  app.get(
    '/api/views',
    {
      schema: {
        tags,
        summary: 'List saved views by name.',
        querystring: viewListQuery,
        response: { 200: viewList },
      },
    },
    async ({ query }) => {
      const rows = await listViews(store.read, query.experiment, query.trashed === 'true');
      return { items: rows.map(viewJson), total: rows.length };
    },
  );

  app.post(
    '/api/views',
    {
      schema: {
        tags,
        summary: 'Save a view.',
        description: 'The query is kept as it is: name the columns in it, or they are chosen anew each time.',
        body: viewCreate,
        response: { 201: viewOut },
      },
    },
    async ({ body }, reply) => {
      const row = await store.write(async (tx) => {
        requireOpens(body.page, body.query, Date.now());
        if (body.experiment_id !== null) await requireExperiment(tx, body.experiment_id);
        return createView(tx, body, Date.now());
      });
      return reply.code(201).header('location', `/api/views/${row.id}`).send(viewJson(row));
    },
  );

  app.get(
    '/api/views/:id',
    { schema: { tags, summary: 'One view, also from the trash.', params, response: whole } },
    async (request) => viewJson(await requireAnyView(store.read, request.params.id)),
  );

  app.patch(
    '/api/views/:id',
    { schema: { tags, summary: 'Rename it, change its query, make it the default.', params, body: viewPatch, response: whole } }, // prettier-ignore
    async ({ params: { id }, body }) => {
      const { page } = await requireView(store.read, id);
      if (body.query !== undefined) requireOpens(page, body.query, Date.now());
      return viewJson(await store.write((tx) => patchView(tx, id, body, Date.now())));
    },
  );

  app.delete(
    '/api/views/:id',
    { schema: { tags, summary: 'Move to the trash.', params, response: { 204: z.null().describe('It is there.') } } },
    async (request, reply) => {
      await store.write((tx) => trashView(tx, request.params.id, Date.now()));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/views/:id/restore',
    { schema: { tags, summary: 'Bring back from the trash.', params, response: whole } },
    async (request) => viewJson(await store.write((tx) => restoreView(tx, request.params.id, Date.now()))),
  );
}
