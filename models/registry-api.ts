// models/registry-api.ts
// Purpose: the JSON API of registered models and their versions.
// Why: HTTP only: parse, call, answer.
// Relevant files: models/routes.ts, models/schemas.ts, models/registry-changes.ts, models/version-changes.ts

import { onEverything } from '../experiments/depends.ts';
import { badField } from '../shared/errors.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { createRegistered, deleteRegistered, patchRegistered } from './registry-changes.ts';
import {
  describeOneRegistered,
  describeRegistered,
  describeVersion,
  describeVersions,
  listRegistered,
  listVersions,
  requireRegistered,
  requireVersion,
  type Registered,
  type Version,
} from './registry-queries.ts';
import {
  modelCreate,
  modelList,
  modelListQuery,
  modelOut,
  modelParams,
  modelPatch,
  versionCreate,
  versionList,
  versionListQuery,
  versionOut,
  versionParams,
  versionPatch,
} from './schemas.ts';
import { createVersion, deleteVersion, patchVersion } from './version-changes.ts';
import { modelPath, versionPath } from './views.ts';

const group = ['models'];

export function installRegistryApi(app: App): void {
  const { store } = app;
  const config = dataOf(onEverything(store));
  const readModel = async (name: string): Promise<Registered> =>
    describeOneRegistered(store.read, await requireRegistered(store.read, name));
  const readVersion = async (name: string, version: number): Promise<Version> =>
    describeVersion(store.read, await requireVersion(store.read, name, version));

  app.get(
    '/api/models',
    {
      schema: {
        tags: group,
        summary: 'List registered models.',
        querystring: modelListQuery,
        response: { 200: modelList },
      },
      config,
    },
    async ({ query: { q, limit, cursor } }) => {
      const { items, ...rest } = await listRegistered(store.read, { q }, { limit, cursor });
      return { items: await describeRegistered(store.read, items), ...rest };
    },
  );

  app.post(
    '/api/models',
    { schema: { tags: group, summary: 'Register a name for models.', body: modelCreate, response: { 201: modelOut } } },
    async ({ body }, reply) => {
      const { name } = await store.write((tx) => createRegistered(tx, body, Date.now()));
      return reply
        .code(201)
        .header('location', `/api${modelPath(name)}`)
        .send(await readModel(name));
    },
  );

  const one = { tags: group, params: modelParams };
  app.get(
    '/api/models/:name',
    { schema: { ...one, summary: 'One registered model.', response: { 200: modelOut } }, config },
    ({ params }) => readModel(params.name),
  );

  app.patch(
    '/api/models/:name',
    { schema: { ...one, summary: 'Rename, describe, tag.', body: modelPatch, response: { 200: modelOut } } },
    async ({ params, body }) => {
      const { name } = await store.write((tx) => patchRegistered(tx, params.name, body, Date.now()));
      return readModel(name);
    },
  );

  app.delete(
    '/api/models/:name',
    {
      schema: {
        ...one,
        summary: 'Delete a registered model with its versions, for good.',
        description: 'The logged models that they are stay.',
      },
    },
    async ({ params }, reply) => {
      await store.write((tx) => deleteRegistered(tx, params.name));
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/models/:name/versions',
    {
      schema: {
        ...one,
        summary: 'Its versions, the newest first.',
        querystring: versionListQuery,
        response: { 200: versionList },
      },
      config,
    },
    async ({ params, query: { limit, cursor } }) => {
      const before = beforeOf(cursor);
      const { items, total } = await listVersions(store.read, params.name, { limit: limit + 1, before });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return {
        items: await describeVersions(store.read, page),
        next_cursor: items.length > limit && last ? String(last.version) : null,
        total,
      };
    },
  );

  app.post(
    '/api/models/:name/versions',
    { schema: { ...one, summary: 'Add a version.', body: versionCreate, response: { 201: versionOut } } },
    async ({ params: { name }, body }, reply) => {
      const { version } = await store.write((tx) => createVersion(tx, name, body, Date.now()));
      return reply
        .code(201)
        .header('location', `/api${versionPath(name, version)}`)
        .send(await readVersion(name, version));
    },
  );

  const ofVersion = { tags: group, params: versionParams };
  app.get(
    '/api/models/:name/versions/:version',
    { schema: { ...ofVersion, summary: 'One version.', response: { 200: versionOut } }, config },
    ({ params: { name, version } }) => readVersion(name, version),
  );

  app.patch(
    '/api/models/:name/versions/:version',
    {
      schema: {
        ...ofVersion,
        summary: 'Describe, tag, give aliases or a stage.',
        body: versionPatch,
        response: { 200: versionOut },
      },
    },
    async ({ params: { name, version }, body }) => {
      await store.write((tx) => patchVersion(tx, name, version, body, Date.now()));
      return readVersion(name, version);
    },
  );

  app.delete(
    '/api/models/:name/versions/:version',
    { schema: { ...ofVersion, summary: 'Delete a version, for good; its aliases go with it.' } },
    async ({ params: { name, version } }, reply) => {
      await store.write((tx) => deleteVersion(tx, name, version, Date.now()));
      return reply.code(204).send();
    },
  );
}

/** The cursor is the last version of the page before. */
function beforeOf(cursor: string | undefined): number | undefined {
  if (!cursor) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw badField('?cursor', 'is not a cursor of this list');
  return Number(cursor);
}
