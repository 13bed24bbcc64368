// runs/pages.ts
// Purpose: the pages of runs: all runs, the run table of an experiment, one run, edit, trash.
// Why: HTTP only; what is shown is read in table.ts and run-page.ts and made ready in their views.
// Relevant files: runs/table/table.ts, runs/run/run-page.ts, runs/run/run-form.ts, runs/templates/experiment.html, runs/templates/run.html

import { z } from 'zod';
import { experimentAsked, onAll, onExperiment } from '../experiments/depends.ts';
import { requireExperiment } from '../experiments/queries.ts';
import { plural } from '../shared/format.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { experimentId } from '../shared/schemas.ts';
import { contentsAt } from './artifacts/artifact-store.ts';
import { patchRun, reopenRun, trashRuns } from './changes.ts';
import { readExperimentPage } from './table/experiment-page.ts';
import { showExperimentPage } from './table/experiment-views.ts';
import { onRunAndFamily } from './depends.ts';
import type { RunRow } from './models.ts';
import { artifactsOf, requireRun } from './queries.ts';
import { metricPage } from './metric-queries.ts';
import { patchFromForm, runFormValues, showRunForm } from './run/run-form.ts';
import { whereOf } from './table/filter-views.ts';
import { readRunList, showRunList } from './table/run-list-page.ts';
import { openView } from './view/open-view.ts';
import { readRunPage } from './run/run-page.ts';
import { showRunPage } from './run/run-views.ts';
import { runParams, runPatch } from './schemas.ts';
import { runPageQuery, tableQuery } from './page-schemas.ts';

const hide = { hide: true } as const;
const experimentParams = z.object({ id: experimentId });

export function installRunPages(app: App): void {
  const { store } = app;

  app.get(
    '/runs',
    { schema: { ...hide, querystring: tableQuery }, config: pageOf(onAll(store)) },
    async (request, reply) => {
      const data = await readRunList(store.read, request.query);
      if (whereOf(request.query, request.now).isWrong) reply.code(400);
      return reply.page('runs/list.html', showRunList(data, request.query, request.now));
    },
  );

  app.get(
    '/experiments/:id',
    { schema: { ...hide, params: experimentParams, querystring: tableQuery }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await experimentAsked(store, request);
      const opened = await openView(store.read, experiment, request.query, request.url);
      const data = await readExperimentPage(store.read, experiment, opened.query, request.now);
      if (whereOf(opened.query, request.now).isWrong) reply.code(400);
      return reply.page('runs/experiment.html', showExperimentPage(data, opened, request.now));
    },
  );

  app.get(
    '/runs/:id',
    { schema: { ...hide, params: runParams, querystring: runPageQuery }, config: pageOf(onRunAndFamily(store)) },
    async (request, reply) => {
      const run = await requireRun(store.read, request.params.id);
      const data = await readRunPage(store.read, contentsAt(app.settings.artifacts), run, request.query);
      if (data.isStorageAway) reply.removeHeader('etag').header('cache-control', 'no-store');
      return reply.page('runs/run.html', showRunPage(data, request.query, request.now));
    },
  );

  app.get('/runs/:id/edit', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const run = await requireRun(store.read, request.params.id);
    return reply.page('runs/form.html', { ...showRunForm(run, runFormValues(run), {}), experiment: await nameOf(run) });
  });

  app.post('/runs/:id', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const { id } = request.params;
    const run = await requireRun(store.read, id);
    const values = typed(request.body);
    const experiment = await nameOf(run);
    const again = (errors: FieldMessages): unknown =>
      reply.code(400).page('runs/form.html', { ...showRunForm(run, values, errors), experiment });
    const form = checkForm(runPatch, patchFromForm(values));
    if (form.errors) return again(form.errors);
    try {
      await store.write((tx) => patchRun(tx, id, form.data, Date.now()));
      return reply.redirectWith(`/runs/${id}`, { kind: 'done', text: 'Saved.' });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.post('/runs/:id/reopen', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const run = await store.write((tx) => reopenRun(tx, request.params.id, Date.now()));
    return reply.redirectWith(`/runs/${run.id}`, { kind: 'done', text: `Run ${run.name} is running again.` });
  });

  app.get('/runs/:id/trash', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const run = await requireRun(store.read, request.params.id);
    return reply.page('runs/trash.html', {
      title: `Delete ${run.name}`,
      run,
      experiment: await nameOf(run),
      contents: await contentsOf(run),
    });
  });

  app.post('/runs/:id/trash', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const run = await requireRun(store.read, request.params.id);
    await store.write((tx) => trashRuns(tx, [run.id], true, Date.now()));
    return reply.redirectWith(`/experiments/${run.experiment_id}`, {
      kind: 'done',
      text: `Run ${run.name} is in the trash.`,
      undo: { label: 'Undo', action: `/runs/${run.id}/restore` },
    });
  });

  app.post('/runs/:id/restore', { schema: { ...hide, params: runParams } }, async (request, reply) => {
    const { id } = request.params;
    const run = await store.write(async (tx) => {
      await trashRuns(tx, [id], false, Date.now());
      return requireRun(tx, id);
    });
    return reply.redirectWith(`/runs/${id}`, { kind: 'done', text: `Run ${run.name} is back.` });
  });

  async function nameOf(run: RunRow): Promise<string> {
    return (await requireExperiment(store.read, run.experiment_id)).name;
  }

  /** `4 metrics, 240 points and 3 artifacts` */
  async function contentsOf({ id }: RunRow): Promise<string> {
    const { total, points } = await metricPage(store.read, id, { limit: 0 });
    const artifacts = await artifactsOf(store.read, [id]);
    return `${plural(total, 'metric')}, ${plural(points, 'point')} and ${plural(artifacts.length, 'artifact')}`;
  }
}
