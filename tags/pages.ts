// tags/pages.ts
// Purpose: the pages of tags: list, new, one tag with its forms (rename, colour, merge), trash.
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: tags/views.ts, tags/changes.ts, tags/templates/list.html, tags/templates/tag.html

import { middle, plural } from '../shared/format.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App, PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { pageNumber } from '../shared/schemas.ts';
import { createTag, mergeTags, patchTag, requireTag, restoreTag, trashTag } from './changes.ts';
import { countTags, listTags, requireCountedTag, valuesOf } from './queries.ts';
import { tagCreate, tagListQuery, tagMergeForm, tagParams } from './schemas.ts';
import { PAGE_SIZE, showTagForm, showTagPage, showTagsPage, type TagsPageData, type TagsPageQuery } from './views.ts';

const hide = { hide: true } as const;
const withId = { schema: { ...hide, params: tagParams } };

const pageQuery = tagListQuery.omit({ limit: true, cursor: true }).extend({
  page: pageNumber,
});

/** Values of a tag that its page lists. */
const VALUES_SHOWN = 50;

export function installTagPages(app: App): void {
  const { store } = app;

  app.get('/tags', { schema: { ...hide, querystring: pageQuery } }, async ({ query }, reply) =>
    reply.page('tags/list.html', showTagsPage(await readTags(query), query, Date.now())),
  );

  app.get('/tags/new', { schema: hide }, (_request, reply) => reply.page('tags/new.html', newTag({}, {})));

  app.post('/tags', { schema: hide }, async (request, reply) => {
    const fields = typed(request.body);
    const again = (errors: FieldMessages): unknown => reply.code(400).page('tags/new.html', newTag(fields, errors));
    const form = checkForm(tagCreate, { ...fields, color: fields['color'] || null });
    if (form.errors) return again(form.errors);
    try {
      const { key } = await store.write((tx) => createTag(tx, form.data));
      return reply.redirectWith('/tags', { kind: 'done', text: `Tag ${middle(key)} is there.` });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.get('/tags/:id', withId, async ({ params }, reply) => reply.page('tags/tag.html', await tagPage(params.id)));

  app.post('/tags/:id', withId, async ({ params: { id }, body }, reply) => {
    const fields = typed(body);
    const again = async (errors: FieldMessages): Promise<unknown> =>
      reply.code(400).page('tags/tag.html', await tagPage(id, fields, errors));
    await requireTag(store.read, id);
    const form = checkForm(tagCreate, { ...fields, color: fields['color'] || null });
    if (form.errors) return again(form.errors);
    try {
      await store.write((tx) => patchTag(tx, id, form.data));
      return reply.redirectWith(`/tags/${id}`, { kind: 'done', text: 'Saved.' });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.post('/tags/:id/merge', withId, async ({ params: { id }, body }, reply) => {
    const { key, color } = await requireTag(store.read, id);
    const again = async (errors: FieldMessages): Promise<unknown> =>
      reply.code(400).page('tags/tag.html', await tagPage(id, { ...typed(body), key, color: color ?? '' }, errors));
    const form = checkForm(tagMergeForm, typed(body));
    if (form.errors) return again(form.errors);
    try {
      const into = await store.write((tx) => mergeTags(tx, id, form.data.into, Date.now()));
      const text = `What carried ${middle(key)} carries ${middle(into.key)} now; ${middle(key)} is in the trash.`;
      return reply.redirectWith(`/tags/${into.id}`, { kind: 'done', text });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.get('/tags/:id/trash', withId, async ({ params: { id } }, reply) => {
    const tag = await requireCountedTag(store.read, id);
    return reply.page('tags/trash.html', {
      title: `Delete tag ${middle(tag.key, 40)}`,
      id,
      key: tag.key,
      on: `${plural(tag.experiments, 'experiment')} and ${plural(tag.runs, 'run')}`,
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

  app.post('/tags/:id/restore', withId, async ({ params: { id } }, reply) => {
    const { key } = await store.write((tx) => restoreTag(tx, id));
    return reply.redirectWith('/tags', { kind: 'done', text: `Tag ${middle(key)} is back.` });
  });

  async function readTags({ q, status, page }: TagsPageQuery): Promise<TagsPageData> {
    const filter = { q, trashed: status === 'trash' };
    const own = { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
    return {
      own: await listTags(store.read, { ...filter, system: false }, own),
      system: await listTags(store.read, { ...filter, system: true }, { limit: LIMITS.page }),
      totals: {
        own: await countTags(store.read, { system: false }),
        system: await countTags(store.read, { system: true }),
        trashed: await countTags(store.read, { trashed: true }),
      },
    };
  }

  async function tagPage(id: number, fields?: Record<string, string>, errors?: FieldMessages): Promise<PageContext> {
    const tag = await requireCountedTag(store.read, id);
    const { items } = await listTags(store.read, {}, { limit: LIMITS.page });
    const values = await valuesOf(store.read, id, VALUES_SHOWN);
    return showTagPage({ tag, values, others: items.filter((one) => one.id !== id) }, Date.now(), fields, errors);
  }
}

function newTag(fields: Record<string, string>, errors: FieldMessages): PageContext {
  return { title: 'New tag', form: showTagForm(null, fields, errors) };
}
