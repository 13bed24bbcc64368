// experiments/purge-routes.ts
// Purpose: removing experiments for ever, with all their runs: one over the API or its page, all of the trash at once.
// Why: HTTP only: parse, ask, mark, wake the worker (runs/purge.ts), which does it in small steps.
// Relevant files: experiments/changes.ts, experiments/routes.ts, runs/purge.ts, runs/purge-views.ts, shared/templates/purge.html

import { amountOfExperiment, type Amount } from '../runs/purge-queries.ts';
import { areBeingRemoved, showQuestion } from '../runs/purge-views.ts';
import { wakePurge } from '../runs/purge.ts';
import { writeInSteps } from '../shared/db/steps.ts';
import { middle, plural } from '../shared/format.ts';
import type { App } from '../shared/http/types.ts';
import { purgeOut } from '../shared/schemas.ts';
import { purgeExperiment, purgeIfTrashed } from './changes.ts';
import { requireTrashedExperiment, trashedExperiments } from './queries.ts';
import { emptyTrashForm, experimentParams } from './schemas.ts';

const hide = { hide: true } as const;
const TRASH = '/experiments?status=trash';

export function installPurge(app: App): void {
  const { store } = app;
  installTrashPages(app);

  app.post(
    '/api/experiments/:id/purge',
    {
      schema: {
        tags: ['experiments'],
        summary: 'Remove an experiment that is in the trash for ever, with all its runs.',
        description:
          'Answers at once with what will be removed; it goes in small steps while others log. There is no undo.',
        params: experimentParams,
        response: { 202: purgeOut },
      },
    },
    async (request, reply) => {
      const { runs, points } = await store.write((tx) => purgeExperiment(tx, request.params.id, Date.now()));
      wakePurge(store);
      return reply.code(202).send({ runs, points });
    },
  );

  app.get('/experiments/:id/purge', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const row = await requireTrashedExperiment(store.read, request.params.id);
    const amount = await amountOfExperiment(store.read, row);
    const what = `experiment ${middle(row.name)}`;
    const action = `/experiments/${row.id}/purge`;
    return reply.page('purge.html', showQuestion({ what, names: [], amount, action, fields: [], back: TRASH }));
  });

  app.post('/experiments/:id/purge', { schema: { ...hide, params: experimentParams } }, async (request, reply) => {
    const { name } = await requireTrashedExperiment(store.read, request.params.id);
    await store.write((tx) => purgeExperiment(tx, request.params.id, Date.now()));
    wakePurge(store);
    return reply.redirectWith(TRASH, { kind: 'done', text: `Experiment ${name} is being removed for ever.` });
  });
}

function installTrashPages(app: App): void {
  const { store } = app;

  app.get('/experiments/empty', { schema: hide }, async (_request, reply) => {
    const now = Date.now();
    const rows = await trashedExperiments(store.read, now);
    if (rows.length === 0)
      return reply.redirectWith(TRASH, { kind: 'problem', text: 'No experiment is in the trash.' });
    const amount: Amount = { runs: 0, points: 0, isMore: false };
    for (const row of rows) {
      const one = await amountOfExperiment(store.read, row);
      amount.runs += one.runs;
      amount.points += one.points;
      amount.isMore ||= one.isMore;
    }
    return reply.page(
      'purge.html',
      showQuestion({
        what: plural(rows.length, 'experiment'),
        names: rows.map(({ name }) => name),
        amount,
        action: '/experiments/empty',
        // What goes to the trash while the question is open was not asked about.
        fields: [{ name: 'until', value: now }],
        back: TRASH,
      }),
    );
  });

  app.post('/experiments/empty', { schema: { ...hide, body: emptyTrashForm } }, async ({ body }, reply) => {
    const rows = await trashedExperiments(store.read, body.until);
    await writeInSteps(store, rows, 1, async (tx, [row]) => row && purgeIfTrashed(tx, row.id, Date.now()));
    wakePurge(store);
    return reply.redirectWith(TRASH, { kind: 'done', text: areBeingRemoved(rows.length, 'experiment') });
  });
}
