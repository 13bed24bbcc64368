// tags/routes.ts
// Purpose: the JSON API of tags: list, create, rename, recolour, merge, trash; hanging one on a run or experiment.
// Why: HTTP only: parse, call, answer.
// Relevant files: tags/schemas.ts, tags/queries.ts, tags/changes.ts, tags/hang-changes.ts, tags/pages.ts

import { onEverything } from '../experiments/depends.ts';
import { formatCount } from '../shared/format.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { createTag, mergeTags, patchTag, restoreTag, trashTag } from './changes.ts';
import { installHangForms } from './hang-pages.ts';
import { installHangApi } from './hang-routes.ts';
import { installTagPages } from './pages.ts';
import { countTags, listTags, requireCountedTag } from './queries.ts';
import { tagCreate, tagList, tagListQuery, tagMerge, tagOut, tagParams, tagPatch } from './schemas.ts';

const group = ['tags'];
const one = { tags: group, params: tagParams };

export function tags(app: App): void {
  const { store } = app;
  const config = dataOf(onEverything(store));
  app.statusFacts.push(async () => [{ label: 'Tags', value: formatCount(await countTags(store.read, {})) }]);
  installTagPages(app);
  installHangApi(app);
  installHangForms(app);

  app.get(
    '/api/tags',
    {
      schema: {
        tags: group,
        summary: 'List tags, with how much carries them.',
        querystring: tagListQuery,
        response: { 200: tagList },
      },
      config,
    },
    async ({ query: { q, status, limit, cursor } }) =>
      listTags(store.read, { q, trashed: status === 'trash' }, { limit, cursor }),
  );

  app.post(
    '/api/tags',
    {
      schema: {
        tags: group,
        summary: 'Create a tag.',
        description: 'Not needed before hanging one: that makes it.',
        body: tagCreate,
        response: { 201: tagOut },
      },
    },
    async (request, reply) => {
      const { id } = await store.write((tx) => createTag(tx, request.body));
      return reply
        .code(201)
        .header('location', `/api/tags/${id}`)
        .send(await requireCountedTag(store.read, id));
    },
  );

  app.get(
    '/api/tags/:id',
    { schema: { ...one, summary: 'One tag.', response: { 200: tagOut } }, config },
    async ({ params }) => requireCountedTag(store.read, params.id),
  );

  app.patch(
    '/api/tags/:id',
    {
      schema: {
        ...one,
        summary: 'Rename or recolour, everywhere at once.',
        body: tagPatch,
        response: { 200: tagOut },
      },
    },
    async ({ params, body }) => {
      await store.write((tx) => patchTag(tx, params.id, body));
      return requireCountedTag(store.read, params.id);
    },
  );

  app.delete(
    '/api/tags/:id',
    {
      schema: {
        ...one,
        summary: 'Move to the trash.',
        description: 'Its key is free at once; a restore hangs it where it was.',
      },
    },
    async ({ params }, reply) => {
      await store.write((tx) => trashTag(tx, params.id, Date.now()));
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/tags/:id/restore',
    { schema: { ...one, summary: 'Bring back from the trash.', response: { 200: tagOut } } },
    async ({ params }) => {
      await store.write((tx) => restoreTag(tx, params.id));
      return requireCountedTag(store.read, params.id);
    },
  );

  app.post(
    '/api/tags/:id/merge',
    {
      schema: {
        ...one,
        summary: 'Merge into another tag.',
        description:
          'What carries this tag then carries `into`, with the value it had; what carried both keeps the value of `into`. ' +
          'This tag goes to the trash. Answers the tag that stays.',
        body: tagMerge,
        response: { 200: tagOut },
      },
    },
    async ({ params, body }) => {
      await store.write((tx) => mergeTags(tx, params.id, body.into, Date.now()));
      return requireCountedTag(store.read, body.into);
    },
  );
}
