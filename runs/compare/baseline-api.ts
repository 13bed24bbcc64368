// runs/compare/baseline-api.ts
// Purpose: the API of an experiment's baseline: see it, set it to a run or a group, take it away.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/compare/baseline-changes.ts, runs/compare/baseline-schemas.ts, runs/compare/baseline-routes.ts

import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { setBaseline } from './baseline-changes.ts';
import { baselineJson } from './baseline-json.ts';
import { baselineOf } from './baseline-queries.ts';
import { baselineOut } from './baseline-out-schemas.ts';
import { baselineBody, baselineParams as params } from './baseline-schemas.ts';

const tags = ['compare'];
const path = '/api/experiments/:id/baseline';

export function installBaselineApi(app: App): void {
  const { store } = app;

  app.get(
    path,
    {
      schema: {
        tags,
        summary: 'The baseline of an experiment: a run, a group of runs, or none.',
        params,
        response: { 200: baselineOut },
      },
      config: dataOf(onExperiment(store)),
    },
    async (request) =>
      baselineJson(await baselineOf(store.read, await requireExperiment(store.read, request.params.id))),
  );

  app.put(
    path,
    {
      schema: {
        tags,
        summary: 'Make a run or a group of runs the baseline.',
        description:
          'A group is a filter that finds a run at least: what runs match later belongs to it, and the others are measured against the mean of all of them.',
        params,
        body: baselineBody,
        response: { 200: baselineOut },
      },
    },
    async (request) => {
      const { now } = await store.write((tx) => setBaseline(tx, request.params.id, request.body));
      return baselineJson(now);
    },
  );

  app.delete(path, { schema: { tags, summary: 'Have no baseline any more.', params } }, async (request, reply) => {
    await store.write((tx) => setBaseline(tx, request.params.id, {}));
    return reply.code(204).send();
  });
}
