// runs/params/param-routes.ts
// Purpose: the params of an experiment and what looks odd about them: the page and the API.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/params/param-queries.ts, runs/params/param-views.ts, runs/templates/params.html

import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { experimentId, pageNumber } from '../../shared/schemas.ts';
import { countStates } from '../tally-queries.ts';
import { checkedParams } from './param-queries.ts';
import { checkedParamJson, checkedParamsOut, showParams } from './param-views.ts';

const params = z.object({ id: experimentId });
const querystring = z.strictObject({ page: pageNumber });

export function installParams(app: App): void {
  const { store } = app;

  app.get(
    '/api/experiments/:id/params',
    {
      schema: {
        tags: ['experiments'],
        summary: 'The params of an experiment, and what looks odd about them.',
        description:
          'Of each param: runs, values, kinds of values, and remarks: a likely typo, a key that is written in two ways, numbers mixed with texts or with None. Those with remarks come first.',
        params,
        response: { 200: checkedParamsOut },
      },
      config: dataOf(onExperiment(store)),
    },
    async (request) => {
      const { id } = await requireExperiment(store.read, request.params.id);
      const items = (await checkedParams(store.read, id)).map(checkedParamJson);
      return { items, total: items.length };
    },
  );

  app.get(
    '/experiments/:id/params',
    { schema: { hide: true, params, querystring }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await requireExperiment(store.read, request.params.id);
      const checked = await checkedParams(store.read, experiment.id);
      const runs = await countStates(store.read, { experiment: experiment.id });
      return reply.page('runs/params.html', showParams(experiment, { params: checked, runs }, request.query.page));
    },
  );
}
