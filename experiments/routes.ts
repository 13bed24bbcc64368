// experiments/routes.ts
// Purpose: the JSON API of experiments.
// Why: HTTP only: parse, call, answer. What it does is in queries.ts and changes.ts.
// Relevant files: experiments/schemas.ts, experiments/queries.ts, experiments/changes.ts, experiments/pages.ts

import type { App } from '../shared/http/types.ts';
import { formatCount } from '../shared/format.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { createExperiment, patchExperiment, restoreExperiment, trashExperiment } from './changes.ts';
import { onAll, onExperiment } from './depends.ts';
import { installLive } from './live-routes.ts';
import { installExperimentPages } from './pages.ts';
import { installPurge } from './purge-routes.ts';
import { countExperiments, describeExperiments, requireExperiment } from './queries.ts';
import { listExperiments } from './list-queries.ts';
import {
  experimentCreate,
  experimentList,
  experimentListQuery,
  experimentOut,
  experimentParams,
  experimentPatch,
} from './schemas.ts';
import type { ExperimentRow } from './models.ts';
import type { ExperimentOut } from './schemas.ts';

const tags = ['experiments'];

export function experiments(app: App): void {
  const { store } = app;
  app.statusFacts.push(async () => [{ label: 'Experiments', value: formatCount(await countExperiments(store.read)) }]);
  installExperimentPages(app);
  installLive(app);
  installPurge(app);

  app.get(
    '/api/experiments',
    {
      schema: {
        tags,
        summary: 'List experiments.',
        querystring: experimentListQuery,
        response: { 200: experimentList },
      },
      config: dataOf(onAll(store)),
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = await listExperiments(store.read, filter, { limit, cursor });
      return { ...page, items: await describeExperiments(store.read, page.items) };
    },
  );

  app.post(
    '/api/experiments',
    { schema: { tags, summary: 'Create an experiment.', body: experimentCreate, response: { 201: experimentOut } } },
    async (request, reply) => {
      const row = await store.write((tx) => createExperiment(tx, request.body, Date.now()));
      return reply
        .code(201)
        .header('location', `/api/experiments/${row.id}`)
        .send(await describe(row));
    },
  );

  app.get(
    '/api/experiments/:id',
    {
      schema: { tags, summary: 'One experiment.', params: experimentParams, response: { 200: experimentOut } },
      config: dataOf(onExperiment(store)),
    },
    async (request) => describe(await requireExperiment(store.read, request.params.id)),
  );

  app.patch(
    '/api/experiments/:id',
    {
      schema: {
        tags,
        summary: 'Change name, description, status, main metric or which params only tell repeats apart.',
        params: experimentParams,
        body: experimentPatch,
        response: { 200: experimentOut },
      },
    },
    async (request) =>
      describe(await store.write((tx) => patchExperiment(tx, request.params.id, request.body, Date.now()))),
  );

  app.delete(
    '/api/experiments/:id',
    {
      schema: {
        tags,
        summary: 'Move to the trash.',
        description: 'Its name is free at once.',
        params: experimentParams,
      },
    },
    async (request, reply) => {
      await store.write((tx) => trashExperiment(tx, request.params.id, Date.now()));
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/experiments/:id/restore',
    {
      schema: {
        tags,
        summary: 'Bring back from the trash.',
        params: experimentParams,
        response: { 200: experimentOut },
      },
    },
    async (request) => describe(await store.write((tx) => restoreExperiment(tx, request.params.id, Date.now()))),
  );

  async function describe(row: ExperimentRow): Promise<ExperimentOut> {
    const [out] = await describeExperiments(store.read, [row]);
    if (!out) throw new Error(`experiment ${row.id} could not be described`);
    return out;
  }
}
