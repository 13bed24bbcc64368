// models/logged-pages.ts
// Purpose: the page of a logged model with its files, and the form that registers it.
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: models/routes.ts, models/logged-views.ts, models/version-changes.ts, models/templates/logged.html

import { onEverything } from '../experiments/depends.ts';
import { findExperiment } from '../experiments/queries.ts';
import { showArtifact } from '../runs/artifacts/artifact-page.ts';
import { checkPath } from '../runs/artifacts/artifact-path.ts';
import { filesOf, requireArtifact } from '../runs/artifacts/artifact-queries.ts';
import { contentsAt } from '../runs/artifacts/artifact-store.ts';
import { findRun } from '../runs/queries.ts';
import { middle } from '../shared/format.ts';
import { checkForm, messagesOf, typed } from '../shared/http/forms.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { showFile } from './file-views.ts';
import { describeLoggedModel, requireLoggedModel } from './logged-queries.ts';
import { showLoggedPage, type LoggedPageData } from './logged-views.ts';
import { createRegistered } from './registry-changes.ts';
import { findRegistered } from './registry-queries.ts';
import { fileParams, loggedModelParams, registerForm } from './schemas.ts';
import { createVersion } from './version-changes.ts';
import { loggedPath, versionPath, type Typed } from './views.ts';

export function installLoggedPages(app: App): void {
  const { store, settings } = app;
  const contents = contentsAt(settings.artifacts);
  const config = pageOf(onEverything(store));

  const page = { schema: { hide: true, params: loggedModelParams }, config };
  app.get('/logged-models/:id', page, async ({ params, now }, reply) =>
    reply.page('models/logged.html', showLoggedPage(await read(params.id), now)),
  );

  const register = { schema: { hide: true, params: loggedModelParams } };
  app.post('/logged-models/:id/register', register, async ({ params: { id }, body, now }, reply) => {
    const values = typed(body);
    const again = async (errors: Typed['errors']): Promise<unknown> =>
      reply.code(400).page('models/logged.html', showLoggedPage(await read(id), now, { values, errors }));
    await requireLoggedModel(store.read, id);
    const form = checkForm(registerForm, values);
    if (form.errors) return again(form.errors);
    const { name } = form.data;
    try {
      const { version } = await store.write(async (tx) => {
        if (!(await findRegistered(tx, name))) await createRegistered(tx, { name }, Date.now());
        return createVersion(tx, name, { source: `models:/${id}` }, Date.now());
      });
      const text = `It is version ${version} of ${middle(name)}.`;
      return reply.redirectWith(versionPath(name, version), { kind: 'done', text });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  const file = { schema: { hide: true, params: fileParams }, config };
  app.get('/logged-models/:id/artifacts/*', file, async ({ params, now }, reply) => {
    const model = await requireLoggedModel(store.read, params.id);
    const found = await requireArtifact(store.read, model.id, checkPath(params['*']));
    const crumbs = [
      { name: 'Models', href: '/models' },
      { name: model.name, href: loggedPath(model.id) },
    ];
    const owned = { ...found, model_id: model.id };
    return reply.page('runs/artifact.html', await showArtifact(contents, { name: model.name, crumbs }, owned, now));
  });

  async function read(id: string): Promise<LoggedPageData> {
    const row = await requireLoggedModel(store.read, id);
    const experiment = await findExperiment(store.read, row.experiment_id);
    const run = row.source_run_id === null ? undefined : await findRun(store.read, row.source_run_id);
    const files = await filesOf(store.read, id);
    const isInSight = run !== undefined && run.trashed_at === null && experiment?.trashed_at === null;
    return {
      model: await describeLoggedModel(store.read, row),
      experiment:
        experiment?.trashed_at === null
          ? { name: middle(experiment.name, 60), href: `/experiments/${experiment.id}` }
          : null,
      run:
        row.source_run_id === null
          ? null
          : {
              name: run ? middle(run.name, 60) : `${row.source_run_id.slice(0, 8)}… (not here)`,
              href: isInSight ? `/runs/${run.id}` : null,
            },
      files: files.map((one) => showFile(id, one)),
    };
  }
}
