// tags/tag-page.ts
// Purpose: the page of one tag with its forms: rename, colour, merge into another (asked first), trash (asked first).
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: tags/views.ts, tags/changes.ts, tags/templates/tag.html, tags/templates/merge.html

import type { FastifyReply } from 'fastify';
import { middle } from '../shared/format.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App, PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { mergeTags, patchTag, requireMergeTarget, requireTag, trashTag } from './changes.ts';
import type { TagRow } from './models.ts';
import { countWithBoth, findTag, listTags, requireCountedTag, valuesOf } from './queries.ts';
import { tagCreate, tagMergeForm, tagMergeQuery, tagParams } from './schemas.ts';
import { carriersText, showMerge, showTagPage } from './views.ts';

const withId = { schema: { hide: true, params: tagParams } } as const;

/** Values of a tag that its page lists. */
const VALUES_SHOWN = 50;

export function installTagPage(app: App): void {
  const { store } = app;

  app.get('/tags/:id', withId, async ({ params }, reply) => reply.page('tags/tag.html', await tagPage(params.id)));

  app.post('/tags/:id', withId, async ({ params: { id }, body }, reply) => {
    const fields = typed(body);
    const again = async (errors: FieldMessages, owner?: TagRow): Promise<unknown> =>
      reply.code(400).page('tags/tag.html', await tagPage(id, fields, errors, owner));
    await requireTag(store.read, id);
    const form = checkForm(tagCreate, { ...fields, color: fields['color'] || null });
    if (form.errors) return again(form.errors);
    try {
      await store.write((tx) => patchTag(tx, id, form.data));
      return reply.redirectWith(`/tags/${id}`, { kind: 'done', text: 'Saved.' });
    } catch (error) {
      return again(messagesOf(error), await findTag(store.read, form.data.key));
    }
  });

  const mergeQuery = { schema: { ...withId.schema, querystring: tagMergeQuery } };
  app.get('/tags/:id/merge', mergeQuery, async ({ params: { id }, query }, reply) => {
    const tag = await requireCountedTag(store.read, id);
    const form = checkForm(tagMergeForm, query);
    if (form.errors) return mergeAgain(reply, tag, typed(query), form.errors);
    try {
      const into = await requireMergeTarget(store.read, id, form.data.into);
      return reply.page('tags/merge.html', showMerge(tag, into, await countWithBoth(store.read, id, into.id)));
    } catch (error) {
      return mergeAgain(reply, tag, typed(query), messagesOf(error));
    }
  });

  app.post('/tags/:id/merge', withId, async ({ params: { id }, body }, reply) => {
    const tag = await requireTag(store.read, id);
    const form = checkForm(tagMergeForm, typed(body));
    if (form.errors) return mergeAgain(reply, tag, typed(body), form.errors);
    try {
      const done = await store.write(async (tx) => ({
        carriers: carriersText(await requireCountedTag(tx, id)) || 'nothing carried it',
        into: await mergeTags(tx, id, form.data.into, Date.now()),
      }));
      const text = `${middle(tag.key)} was merged into ${middle(done.into.key)}: ${done.carriers}.`;
      return reply.redirectWith(`/tags/${done.into.id}`, { kind: 'done', text });
    } catch (error) {
      return mergeAgain(reply, tag, typed(body), messagesOf(error));
    }
  });

  app.get('/tags/:id/trash', withId, async ({ params: { id } }, reply) => {
    const tag = await requireCountedTag(store.read, id);
    return reply.page('tags/trash.html', {
      title: `Delete tag ${middle(tag.key, 40)}`,
      id,
      key: tag.key,
      carriers: carriersText(tag),
    });
  });

  app.post('/tags/:id/trash', withId, async ({ params: { id } }, reply) => {
    const { key } = await requireTag(store.read, id);
    await store.write((tx) => trashTag(tx, id, Date.now()));
    return reply.redirectWith('/tags', {
      kind: 'done',
      text: `Tag ${middle(key)} is in the trash.`,
      undo: { label: 'Undo', action: `/tags/${id}/restore` },
    });
  });
  async function mergeAgain(
    reply: FastifyReply,
    { id, key, color }: TagRow,
    fields: Record<string, string>,
    errors: FieldMessages,
  ): Promise<FastifyReply> {
    return reply.code(400).page('tags/tag.html', await tagPage(id, { ...fields, key, color: color ?? '' }, errors));
  }

  async function tagPage(
    id: number,
    fields?: Record<string, string>,
    errors?: FieldMessages,
    owner?: TagRow,
  ): Promise<PageContext> {
    const tag = await requireCountedTag(store.read, id);
    const { items } = await listTags(store.read, {}, { limit: LIMITS.page });
    const values = await valuesOf(store.read, id, VALUES_SHOWN);
    const others = items.filter((one) => one.id !== id);
    return showTagPage({ tag, values, others }, Date.now(), fields, errors, owner);
  }
}
