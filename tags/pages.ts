// tags/pages.ts
// Purpose: the pages of all tags: the list with its trash, and a new one.
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: tags/tag-page.ts, tags/views.ts, tags/changes.ts, tags/templates/list.html

import { onEverything } from '../experiments/depends.ts';
import { middle } from '../shared/format.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App, PageContext } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { LIMITS } from '../shared/limits.ts';
import { pageNumber } from '../shared/schemas.ts';
import { createTag, restoreTag } from './changes.ts';
import type { TagRow } from './models.ts';
import { countTags, findTag, listTags } from './queries.ts';
import { tagCreate, tagListQuery, tagParams } from './schemas.ts';
import { installTagPage } from './tag-page.ts';
import { PAGE_SIZE, showTagForm, showTagsPage, type TagsPageData, type TagsPageQuery } from './views.ts';

const hide = { hide: true } as const;

const pageQuery = tagListQuery.omit({ limit: true, cursor: true }).extend({
  page: pageNumber,
});

export function installTagPages(app: App): void {
  const { store } = app;
  installTagPage(app);

  const list = { schema: { ...hide, querystring: pageQuery }, config: pageOf(onEverything(store)) };
  app.get('/tags', list, async ({ query, now }, reply) =>
    reply.page('tags/list.html', showTagsPage(await readTags(query), query, now)),
  );

  app.get('/tags/new', { schema: hide }, (_request, reply) => reply.page('tags/new.html', newTag({}, {})));

  app.post('/tags', { schema: hide }, async (request, reply) => {
    const fields = typed(request.body);
    const again = (errors: FieldMessages, owner?: TagRow): unknown =>
      reply.code(400).page('tags/new.html', newTag(fields, errors, owner));
    const form = checkForm(tagCreate, { ...fields, color: fields['color'] || null });
    if (form.errors) return again(form.errors);
    try {
      const { key } = await store.write((tx) => createTag(tx, form.data));
      return reply.redirectWith('/tags', { kind: 'done', text: `Tag ${middle(key)} is there.` });
    } catch (error) {
      return again(messagesOf(error), await findTag(store.read, form.data.key));
    }
  });

  app.post('/tags/:id/restore', { schema: { ...hide, params: tagParams } }, async ({ params: { id } }, reply) => {
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
}

function newTag(fields: Record<string, string>, errors: FieldMessages, owner?: TagRow): PageContext {
  return { title: 'New tag', form: showTagForm(null, fields, errors, owner) };
}
