// runs/api.ts
// Purpose: the JSON API of runs: list, create, one, change, trash, restore, reopen.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/routes.ts, runs/schemas.ts, runs/changes.ts, runs/run-detail.ts, runs/series-api.ts

import { z } from 'zod';
import { formatCount } from '../shared/format.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { createRun, patchRun, reopenRun, restoreRun, trashRun } from './changes.ts';
import { onListed, onRun } from './depends.ts';
import { describeRuns } from './queries.ts';
import { listRuns } from './list-queries.ts';
import { readTotals } from './standing-queries.ts';
import { acceptAll } from './receipt.ts';
import { describeRun, requireAnyRun } from './run-detail.ts';
import { runCreate, runDetail, runList, runListQuery, runParams, runPatch } from './schemas.ts';
import { installSeries } from './series-api.ts';

const tags = ['runs'];
const params = runParams;
const whole = { 200: runDetail };

export function installRunApi(app: App): void {
  const { store } = app;
  app.statusFacts.push(async () => {
    const totals = await readTotals(store.read);
    return [
      { label: 'Runs', value: formatCount(totals.runs) },
      { label: 'Metric points', value: formatCount(totals.points) },
    ];
  });
  installSeries(app);

  app.get(
    '/api/runs',
    {
      schema: { tags, summary: 'List runs.', querystring: runListQuery, response: { 200: runList } },
      config: dataOf(onListed(store)),
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = await listRuns(store.read, filter, { limit, cursor });
      return { ...page, items: await describeRuns(store.read, page.items) };
    },
  );

  app.post(
    '/api/runs',
    {
      schema: {
        tags,
        summary: 'Create a run.',
        description: 'Sent again with the same `id`, it answers 200 with the run that is there.',
        body: runCreate,
        response: { 200: runDetail, 201: runDetail },
      },
    },
    async (request, reply) => {
      const { run, created } = await store.write(async (tx) => {
        const done = await createRun(tx, request.body, Date.now());
        acceptAll(done.receipt);
        return done;
      });
      reply.code(created ? 201 : 200).header('location', `/api/runs/${run.id}`);
      return describeRun(store.read, await requireAnyRun(store.read, run.id));
    },
  );

  app.get(
    '/api/runs/:id',
    {
      schema: { tags, summary: 'One run, also from the trash.', params, response: whole },
      config: dataOf(onRun(store)),
    },
    async (request) => describeRun(store.read, await requireAnyRun(store.read, request.params.id)),
  );

  app.patch(
    '/api/runs/:id',
    {
      schema: {
        tags,
        summary: 'Change name, status, times, parent or notes.',
        description: 'A run that has ended is reopened with `/reopen`, never by its status.',
        params,
        body: runPatch,
        response: whole,
      },
    },
    async (request) => {
      const run = await store.write((tx) => patchRun(tx, request.params.id, request.body, Date.now()));
      return describeRun(store.read, run);
    },
  );

  app.delete(
    '/api/runs/:id',
    { schema: { tags, summary: 'Move to the trash.', params, response: { 204: z.null().describe('It is there.') } } },
    async (request, reply) => {
      await store.write((tx) => trashRun(tx, request.params.id, Date.now()));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/runs/:id/restore',
    { schema: { tags, summary: 'Bring back from the trash.', params, response: whole } },
    async (request) =>
      describeRun(store.read, await store.write((tx) => restoreRun(tx, request.params.id, Date.now()))),
  );

  app.post(
    '/api/runs/:id/reopen',
    { schema: { tags, summary: 'Let a run that has ended go on.', params, response: whole } },
    async (request) => describeRun(store.read, await store.write((tx) => reopenRun(tx, request.params.id, Date.now()))),
  );
}
