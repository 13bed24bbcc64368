// runs/attempts/attempt-routes.ts
// Purpose: a run's attempts over the JSON API: list, begin, end.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts, runs/attempts/attempt-changes.ts, runs/attempts/attempt-schemas.ts

import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { onRun } from '../depends.ts';
import { requireRun } from '../queries.ts';
import { runParams } from '../schemas.ts';
import { beginAttempt, endAttempt } from './attempt-changes.ts';
import { attemptsOf } from './attempt-queries.ts';
import { attemptCreate, attemptOut, attemptParams, attemptPatch, attemptsOut } from './attempt-schemas.ts';

const tags = ['runs'];

export function installAttempts(app: App): void {
  const { store } = app;

  app.get(
    '/api/runs/:id/attempts',
    {
      schema: { tags, summary: 'All starts of a run.', params: runParams, response: { 200: attemptsOut } },
      config: dataOf(onRun(store)),
    },
    async (request) => ({ items: await attemptsOf(store.read, await requireRun(store.read, request.params.id)) }),
  );

  app.post(
    '/api/runs/:id/attempts',
    {
      schema: {
        tags,
        summary: 'Start a run again: it goes on as a new attempt.',
        description:
          'Where attempts logged the same steps of a metric, the run shows the latest one; points of earlier ones are kept aside. ' +
          'Sent again with the same `id`, it answers 200 with the attempt that is there.',
        params: runParams,
        body: attemptCreate,
        response: { 200: attemptOut, 201: attemptOut },
      },
    },
    async (request, reply) => {
      const { attempt, created } = await store.write((tx) =>
        beginAttempt(tx, request.params.id, request.body, Date.now()),
      );
      return reply.code(created ? 201 : 200).send(attempt);
    },
  );

  app.patch(
    '/api/runs/:id/attempts/:attempt',
    {
      schema: {
        tags,
        summary: 'End an attempt, and with the latest one the run.',
        params: attemptParams,
        body: attemptPatch,
        response: { 200: attemptOut },
      },
    },
    (request) => {
      const { id, attempt } = request.params;
      return store.write((tx) => endAttempt(tx, id, attempt, request.body, Date.now()));
    },
  );
}
