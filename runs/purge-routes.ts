// runs/purge-routes.ts
// Purpose: removing runs for ever: one over the API, ticked ones and the whole trash from the pages, each after a question.
// Why: HTTP only: parse, ask, mark, wake the worker; what is removed, and how, is in runs/purge-changes.ts.
// Relevant files: runs/purge.ts, runs/purge-queries.ts, runs/purge-views.ts, runs/table/bulk-changes.ts, shared/templates/purge.html

import { findExperiment } from '../experiments/queries.ts';
import { plural } from '../shared/format.ts';
import type { App } from '../shared/http/types.ts';
import { purgeOut } from '../shared/schemas.ts';
import { purgeRuns } from './purge-changes.ts';
import { amountOfRuns, amountOfTrash, requireTrashedRun, trashedRunIds } from './purge-queries.ts';
import { areBeingRemoved, showQuestion } from './purge-views.ts';
import { startPurging, wakePurge } from './purge.ts';
import { namesOfRuns } from './queries.ts';
import { runParams } from './schemas.ts';
import { purgeMany } from './table/bulk-changes.ts';
import { tickedIds } from './table/bulk-queries.ts';
import { emptyForm, emptyQuery, tickedTrashForm } from './table/bulk-schemas.ts';

const hide = { hide: true } as const;

export function installPurge(app: App): void {
  const { store } = app;
  startPurging(app);
  installTrashPages(app);

  app.post(
    '/api/runs/:id/purge',
    {
      schema: {
        tags: ['runs'],
        summary: 'Remove a run that is in the trash for ever.',
        description:
          'Answers at once with what will be removed; it goes in small steps while others log. There is no undo.',
        params: runParams,
        response: { 202: purgeOut },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const run = await store.write(async (tx) => {
        await requireTrashedRun(tx, id);
        await purgeRuns(tx, [id], Date.now());
        return requireTrashedRun(tx, id);
      });
      wakePurge(store);
      return reply.code(202).send({ runs: 1, points: run.purge_left });
    },
  );

  app.post('/runs/purge', { schema: { ...hide, body: tickedTrashForm } }, async ({ body }, reply) => {
    const { back, confirm } = body;
    const ids = await tickedIds(store.read, body, true);
    if (ids.length === 0) return reply.redirectWith(back, { kind: 'problem', text: 'Tick at least one run.' });
    const amount = await amountOfRuns(store.read, ids);
    if (amount.runs === 0)
      return reply.redirectWith(back, { kind: 'problem', text: 'These runs are not in the trash any more.' });
    if (confirm === 'yes') {
      const count = await purgeMany(store, ids, Date.now());
      wakePurge(store);
      return reply.redirectWith(back, { kind: 'done', text: areBeingRemoved(count, 'run') });
    }
    const names = await namesOfRuns(store.read, ids);
    const fields = ids.map((value) => ({ name: 'run', value }));
    const question = { what: plural(amount.runs, 'run'), names, amount, action: '/runs/purge', fields, back };
    return reply.page('purge.html', showQuestion(question));
  });
}

/** All runs in the trash, of one experiment or of all. */
function installTrashPages(app: App): void {
  const { store } = app;

  app.get('/runs/empty', { schema: { ...hide, querystring: emptyQuery } }, async ({ query }, reply) => {
    const now = Date.now();
    const { experiment, back } = query;
    const owner = experiment === undefined ? undefined : await findExperiment(store.read, experiment);
    const amount = await amountOfTrash(store.read, { experiment, until: now });
    if (amount.runs === 0) return reply.redirectWith(back, { kind: 'problem', text: 'No run is in the trash.' });
    const what = `all that is in the trash${owner ? ` of ${owner.name}` : ''}`;
    // What goes to the trash while the question is open was not asked about.
    const fields = [
      { name: 'until', value: now },
      ...(experiment === undefined ? [] : [{ name: 'experiment', value: experiment }]),
    ];
    return reply.page('purge.html', showQuestion({ what, names: [], amount, action: '/runs/empty', fields, back }));
  });

  app.post('/runs/empty', { schema: { ...hide, body: emptyForm } }, async ({ body }, reply) => {
    const { experiment, until, back } = body;
    const ids = await trashedRunIds(store.read, { experiment, until });
    const count = await purgeMany(store, ids, Date.now());
    wakePurge(store);
    return reply.redirectWith(back, { kind: 'done', text: areBeingRemoved(count, 'run') });
  });
}
