// experiments/pages.ts
// Purpose: the pages of experiments: list, new, edit, trash. (One experiment's page is the run table: runs/pages.ts.)
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: experiments/views.ts, experiments/routes.ts, shared/http/forms.ts

import { plural } from '../shared/format.ts';
import { checkForm, messagesOf, parseTags, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { replaceExperimentTags } from '../tags/experiment-tag-changes.ts';
import { createExperiment, patchExperiment, restoreExperiment, trashExperiment } from './changes.ts';
import { onAll } from './depends.ts';
import { sumCounts } from './experiment-state.ts';
import { formValues } from './form-page.ts';
import { readExperimentsPage } from './list-page.ts';
import { ExperimentStatus } from './models.ts';
import { requireExperiment } from './queries.ts';
import { runCounts } from './run-count-queries.ts';
import { experimentCreate, experimentParams, experimentsPageQuery } from './schemas.ts';
import { showExperimentsPage, showForm } from './views.ts';

const hide = { hide: true } as const;

/** What was typed, as the API would be sent it: tags are one line of text, an empty main metric means "by name". */
function toBody({ tags = '', main_metric, ...rest }: Record<string, string>): unknown {
  return { ...rest, main_metric: main_metric === '' ? null : main_metric, tags: parseTags(tags) };
}

export function installExperimentPages(app: App): void {
  const { store } = app;

  const list = { schema: { ...hide, querystring: experimentsPageQuery }, config: pageOf(onAll(store)) };
  app.get('/experiments', list, async (request, reply) => {
    const { now } = request;
    const data = await readExperimentsPage(store.read, request.query, now);
    return reply.page('experiments/list.html', showExperimentsPage(data, request.query, now));
  });

  app.get('/experiments/new', { schema: hide }, (_request, reply) =>
    reply.page(
      'experiments/form.html',
      showForm(null, { name: '', description: '', status: ExperimentStatus.Active, main_metric: '', tags: '' }, {}),
    ),
  );

  app.post('/experiments', { schema: hide }, async (request, reply) => {
    const form = checkForm(experimentCreate, toBody(typed(request.body)));
    const again = (errors: FieldMessages): unknown =>
      reply.code(400).page('experiments/form.html', showForm(null, typed(request.body), errors));
    if (form.errors) return again(form.errors);
    try {
      const row = await store.write((tx) => createExperiment(tx, form.data, Date.now()));
      return reply.redirectWith(`/experiments/${row.id}`, { kind: 'done', text: `Experiment ${row.name} is there.` });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.get('/experiments/:id/edit', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const row = await requireExperiment(store.read, request.params.id);
    return reply.page('experiments/form.html', showForm(row, await formValues(store.read, row), {}));
  });

  app.post('/experiments/:id', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const { id } = request.params;
    const row = await requireExperiment(store.read, id);
    const form = checkForm(experimentCreate, toBody(typed(request.body)));
    const again = (errors: FieldMessages): unknown =>
      reply.code(400).page('experiments/form.html', showForm(row, typed(request.body), errors));
    if (form.errors) return again(form.errors);
    const { tags, ...patch } = form.data;
    try {
      await store.write(async (tx) => {
        await patchExperiment(tx, id, patch, Date.now());
        await replaceExperimentTags(tx, id, tags ?? {});
      });
      return reply.redirectWith(`/experiments/${id}`, { kind: 'done', text: 'Saved.' });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.get('/experiments/:id/trash', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const row = await requireExperiment(store.read, request.params.id);
    const runs = sumCounts((await runCounts(store.read, [row.id])).get(row.id) ?? {});
    return reply.page('experiments/trash.html', {
      title: `Delete ${row.name}`,
      experiment: row,
      runs: plural(runs, 'run'),
    });
  });

  app.post('/experiments/:id/trash', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const row = await requireExperiment(store.read, request.params.id);
    await store.write((tx) => trashExperiment(tx, row.id, Date.now()));
    return reply.redirectWith('/experiments', {
      kind: 'done',
      text: `Experiment ${row.name} is in the trash.`,
      undo: { label: 'Undo', action: `/experiments/${row.id}/restore` },
    });
  });

  app.post('/experiments/:id/restore', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const { id } = request.params;
    const row = await store.write((tx) => restoreExperiment(tx, id, Date.now()));
    return reply.redirectWith(`/experiments/${id}`, { kind: 'done', text: `Experiment ${row.name} is back.` });
  });
}
