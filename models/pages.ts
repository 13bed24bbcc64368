// models/pages.ts
// Purpose: the pages of registered models: the list, one model, one version, with their forms.
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: models/routes.ts, models/views.ts, models/registry-changes.ts, models/templates/list.html

import { onEverything } from '../experiments/depends.ts';
import { filesOf } from '../runs/artifacts/artifact-queries.ts';
import { findRun } from '../runs/queries.ts';
import { middle } from '../shared/format.ts';
import { checkForm, messagesOf, parseTags, typed } from '../shared/http/forms.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { showFile } from './file-views.ts';
import { findLoggedModel } from './logged-queries.ts';
import { patchRegistered } from './registry-changes.ts';
import {
  describeOneRegistered,
  describeRegistered,
  describeVersion,
  describeVersions,
  listRegistered,
  listVersions,
  requireRegistered,
  requireVersion,
} from './registry-queries.ts';
import { modelForm, modelPageQuery, modelParams, versionForm, versionParams } from './schemas.ts';
import { patchVersion } from './version-changes.ts';
import {
  modelPath,
  PAGE_SIZE,
  showListPage,
  showModelPage,
  showVersionPage,
  versionPath,
  type ModelPageData,
  type Typed,
  type VersionPageData,
} from './views.ts';

export function installModelPages(app: App): void {
  const { store } = app;
  const config = pageOf(onEverything(store));

  const list = { schema: { hide: true, querystring: modelPageQuery }, config };
  app.get('/models', list, async ({ query, now }, reply) => {
    const page = { limit: PAGE_SIZE, offset: (query.page - 1) * PAGE_SIZE };
    const { items, total } = await listRegistered(store.read, query, page);
    const data = { items: await describeRegistered(store.read, items), total };
    return reply.page('models/list.html', showListPage(data, query, now));
  });

  const pageQuery = modelPageQuery.omit({ q: true });
  const ofModel = { schema: { hide: true, params: modelParams, querystring: pageQuery }, config };
  app.get('/models/:name', ofModel, async ({ params, query, now }, reply) =>
    reply.page('models/model.html', showModelPage(await readModel(params.name, query.page), now)),
  );

  app.post('/models/:name', { schema: { hide: true, params: modelParams } }, async ({ params, body, now }, reply) => {
    const values = typed(body);
    const again = async (errors: Typed['errors']): Promise<unknown> =>
      reply
        .code(400)
        .page('models/model.html', showModelPage(await readModel(params.name, 1), now, { values, errors }));
    await requireRegistered(store.read, params.name);
    const form = checkForm(modelForm, { ...values, tags: parseTags(values['tags'] ?? '') });
    if (form.errors) return again(form.errors);
    try {
      const { name } = await store.write((tx) => patchRegistered(tx, params.name, form.data, Date.now()));
      return reply.redirectWith(modelPath(name), { kind: 'done', text: `Saved ${middle(name)}.` });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  const ofVersion = { schema: { hide: true, params: versionParams }, config };
  app.get('/models/:name/versions/:version', ofVersion, async ({ params: { name, version }, now }, reply) =>
    reply.page('models/version.html', showVersionPage(await readVersion(name, version), now)),
  );

  app.post(
    '/models/:name/versions/:version',
    { schema: { hide: true, params: versionParams } },
    async ({ params: { name, version }, body, now }, reply) => {
      const values = typed(body);
      const again = async (errors: Typed['errors']): Promise<unknown> =>
        reply
          .code(400)
          .page('models/version.html', showVersionPage(await readVersion(name, version), now, { values, errors }));
      await requireVersion(store.read, name, version);
      const aliases = (values['aliases'] ?? '').split(/[\s,]+/).filter(Boolean);
      const form = checkForm(versionForm, { ...values, aliases, tags: parseTags(values['tags'] ?? '') });
      if (form.errors) return again(form.errors);
      try {
        await store.write((tx) => patchVersion(tx, name, version, form.data, Date.now()));
        return reply.redirectWith(versionPath(name, version), { kind: 'done', text: `Saved version ${version}.` });
      } catch (error) {
        return again(messagesOf(error));
      }
    },
  );

  async function readModel(name: string, page: number): Promise<ModelPageData> {
    const model = await describeOneRegistered(store.read, await requireRegistered(store.read, name));
    const offset = (page - 1) * PAGE_SIZE;
    const { items, total } = await listVersions(store.read, name, { limit: PAGE_SIZE, offset });
    return { model, versions: { items: await describeVersions(store.read, items), total }, page };
  }

  async function readVersion(name: string, number: number): Promise<VersionPageData> {
    const model = await requireRegistered(store.read, name);
    const version = await describeVersion(store.read, await requireVersion(store.read, name, number));
    const { model_id, run_id } = version;
    const logged = model_id === null ? undefined : await findLoggedModel(store.read, model_id);
    const files = logged ? await filesOf(store.read, logged.id) : [];
    const run = run_id === null ? undefined : await findRun(store.read, run_id);
    const isInSight = run !== undefined && run.trashed_at === null;
    return {
      model,
      version,
      logged: logged?.trashed_at === null ? logged : undefined,
      run:
        run_id === null ? null : { id: run_id, name: run?.name ?? run_id, href: isInSight ? `/runs/${run_id}` : null },
      files: logged ? files.map((file) => showFile(logged.id, file)) : [],
    };
  }
}
