// models/logged-api.ts
// Purpose: the JSON API of logged models and the contents of their files.
// Why: HTTP only: parse, call, answer. They are made by training code, through MLflow's API.
// Relevant files: models/routes.ts, models/schemas.ts, models/logged-queries.ts, runs/artifacts/artifact-sending.ts

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { onEverything } from '../experiments/depends.ts';
import { checkPath } from '../runs/artifacts/artifact-path.ts';
import { filesOf, requireArtifact } from '../runs/artifacts/artifact-queries.ts';
import { sendArtifact } from '../runs/artifacts/artifact-sending.ts';
import { contentsAt } from '../runs/artifacts/artifact-store.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { deleteLoggedModel, restoreLoggedModel } from './logged-changes.ts';
import {
  describeLoggedModel,
  describeLoggedModels,
  listLoggedModels,
  requireLoggedModel,
  type LoggedModel,
} from './logged-queries.ts';
import {
  fileList,
  fileParams,
  fileQuery,
  loggedModelList,
  loggedModelListQuery,
  loggedModelOut,
  loggedModelParams,
} from './schemas.ts';

const group = ['models'];
const contentsOut = {
  description: 'The contents.',
  content: { 'application/octet-stream': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) } },
};

export function installLoggedApi(app: App): void {
  const { store, settings } = app;
  const contents = contentsAt(settings.artifacts);
  const config = dataOf(onEverything(store));
  const one = { tags: group, params: loggedModelParams };
  const read = async (id: string): Promise<LoggedModel> =>
    describeLoggedModel(store.read, await requireLoggedModel(store.read, id));

  app.get(
    '/api/logged-models',
    {
      schema: {
        tags: group,
        summary: 'List logged models, the newest first.',
        description: 'Without those whose run or experiment is in the trash.',
        querystring: loggedModelListQuery,
        response: { 200: loggedModelList },
      },
      config,
    },
    async ({ query: { limit, cursor, ...filter } }) => {
      const { items, ...rest } = await listLoggedModels(store.read, filter, { limit, cursor });
      return { items: await describeLoggedModels(store.read, items), ...rest };
    },
  );

  app.get(
    '/api/logged-models/:id',
    { schema: { ...one, summary: 'One logged model.', response: { 200: loggedModelOut } }, config },
    ({ params }) => read(params.id),
  );

  app.delete(
    '/api/logged-models/:id',
    {
      schema: {
        ...one,
        summary: 'Move a logged model to the trash.',
        description: 'Versions that are this model still find its files.',
      },
    },
    async ({ params }, reply) => {
      await store.write((tx) => deleteLoggedModel(tx, params.id, Date.now()));
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/logged-models/:id/restore',
    { schema: { ...one, summary: 'Bring a logged model back from the trash.', response: { 200: loggedModelOut } } },
    async ({ params }) => {
      await store.write((tx) => restoreLoggedModel(tx, params.id, Date.now()));
      return read(params.id);
    },
  );

  app.get(
    '/api/logged-models/:id/artifacts',
    { schema: { ...one, summary: 'Files of a logged model.', response: { 200: fileList } }, config },
    async ({ params }) => {
      const { id } = await requireLoggedModel(store.read, params.id);
      const items = await filesOf(store.read, id);
      return { items, next_cursor: null, total: items.length };
    },
  );

  app.get(
    '/api/logged-models/:id/artifacts/*',
    {
      compress: false,
      schema: {
        tags: group,
        summary: 'Contents of a file of a logged model.',
        description: 'With `Range` (206, 416), `If-Range`, `If-None-Match` (304); the ETag is the sha256.',
        params: fileParams,
        querystring: fileQuery,
        response: { 200: contentsOut, 206: contentsOut },
      },
    },
    async (
      request: FastifyRequest<{ Params: z.infer<typeof fileParams>; Querystring: z.infer<typeof fileQuery> }>,
      reply: FastifyReply,
    ) => {
      const { id } = await requireLoggedModel(store.read, request.params.id);
      const file = await requireArtifact(store.read, id, checkPath(request.params['*']));
      return sendArtifact(request, reply, contents, file, request.query.download !== undefined);
    },
  );
}
