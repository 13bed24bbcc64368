// tags/hang-pages.ts
// Purpose: the small forms on the pages of a run and an experiment: add tags, take one off.
// Why: HTTP only; a removal leaves an Undo, which is a form without fields: its tags come in the query.
// Relevant files: tags/hang-changes.ts, tags/hang-routes.ts, shared/http/forms.ts

import { tagsInWords } from './views.ts';
import type { FastifyReply } from 'fastify';
import type { Db } from '../shared/db/store.ts';
import { checkForm, formatTags, parseTags } from '../shared/http/forms.ts';
import { link } from '../shared/http/links.ts';
import type { App } from '../shared/http/types.ts';
import { tagExperiment, tagOneRun, takeOffExperiment, takeOffRun } from './hang-changes.ts';
import { experimentParams, runParams, tagKey, tagsOf, tagsText } from './schemas.ts';

/** An undo's address has to fit into the flash cookie. */
const UNDO_MAX = 1500;

type Tags = Record<string, string>;

/** `POST …/tags` (field `tags`, also in the query: that is how a removal is undone) and `POST …/tags/remove` (field `key`). */
export function installHangForms(app: App): void {
  const { store } = app;
  const hide = { hide: true } as const;
  const query = tagsText.partial();

  app.post(
    '/experiments/:id/tags',
    { schema: { ...hide, params: experimentParams, querystring: query } },
    async ({ params: { id }, query, body }, reply) =>
      add(reply, `/experiments/${id}`, { ...query, ...(body as object) }, (tx, tags) =>
        tagExperiment(tx, id, tags, Date.now()),
      ),
  );
  app.post(
    '/runs/:id/tags',
    { schema: { ...hide, params: runParams, querystring: query } },
    async ({ params: { id }, query, body }, reply) =>
      add(reply, `/runs/${id}`, { ...query, ...(body as object) }, (tx, tags) => tagOneRun(tx, id, tags, Date.now())),
  );
  app.post(
    '/experiments/:id/tags/remove',
    { schema: { ...hide, params: experimentParams, body: tagKey } },
    async ({ params: { id }, body: { key } }, reply) => {
      const value = await store.write((tx) => takeOffExperiment(tx, id, key, Date.now()));
      return removed(reply, `/experiments/${id}`, key, value);
    },
  );
  app.post(
    '/runs/:id/tags/remove',
    { schema: { ...hide, params: runParams, body: tagKey } },
    async ({ params: { id }, body: { key } }, reply) => {
      const value = await store.write((tx) => takeOffRun(tx, id, key, Date.now()));
      return removed(reply, `/runs/${id}`, key, value);
    },
  );

  async function add(
    reply: FastifyReply,
    page: string,
    fields: unknown,
    hang: (tx: Db, tags: Tags) => Promise<unknown>,
  ): Promise<FastifyReply> {
    const text = tagsText.safeParse(fields).data?.tags ?? '';
    const { data, errors } = checkForm(tagsOf, parseTags(text));
    if (errors)
      return reply.redirectWith(page, { kind: 'problem', text: `Tags: ${Object.values(errors).join('; ')}.` });
    await store.write((tx) => hang(tx, data));
    return reply.redirectWith(page, { kind: 'done', text: `Tagged: ${tagsInWords(data)}.` });
  }
}

function removed(reply: FastifyReply, page: string, key: string, value: string): FastifyReply {
  const action = link(`${page}/tags`, { tags: formatTags([{ key, value }]) });
  const undo = action.length <= UNDO_MAX ? { undo: { label: 'Undo', action } } : {};
  return reply.redirectWith(page, { kind: 'done', text: `Taken off: ${tagsInWords({ [key]: value })}.`, ...undo });
}
