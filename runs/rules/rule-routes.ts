// runs/rules/rule-routes.ts
// Purpose: the API of metric rules: list, one, set, take back.
// Why: HTTP only: parse, call, answer.
// Relevant files: runs/rules/rule-schemas.ts, runs/rules/rule-changes.ts, runs/rules/rule-list-queries.ts

import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { one } from '../../shared/db/one.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { countSoon, startCounting } from './recount-ranks.ts';
import { setRule } from './rule-changes.ts';
import { metricRuleJson } from './rule-json.ts';
import { listRules } from './rule-list-queries.ts';
import { metricRuleOut, ruleChoice, ruleList, ruleListQuery, ruleQuery, type MetricRuleOut } from './rule-schemas.ts';
import { USUAL, type RuleChoice } from './rule.ts';

const tags = ['rules'];
const params = z.object({ id: experimentId });
const path = '/api/experiments/:id/metric-rules';

export function installRules(app: App): void {
  const { store } = app;
  startCounting(app);

  app.get(
    path,
    {
      schema: {
        tags,
        summary: 'The metrics of an experiment and their rules.',
        description:
          'Of each metric: which way is better (guessed from its name unless set), which value of a run counts, unit and decimals. Most telling metrics first. Tables, orders, groups and comparisons follow these rules.',
        params,
        querystring: ruleListQuery,
        response: { 200: ruleList },
      },
      config: dataOf(onExperiment(store)),
    },
    async (request) => {
      const experiment = await requireExperiment(store.read, request.params.id);
      const { items, total, main } = await listRules(store.read, experiment, request.query);
      return { items: items.map((rule) => metricRuleJson(rule, main)), total };
    },
  );

  app.put(
    path,
    {
      schema: {
        tags,
        summary: 'Set the rule of a metric, all of it.',
        description:
          'What is left out is as usual: guessed direction, last value. Answers when the runs are counted by it, after a second at the latest; `counting` says whether they are.',
        params,
        querystring: ruleQuery,
        body: ruleChoice,
        response: { 200: metricRuleOut },
      },
    },
    async (request): Promise<MetricRuleOut> => {
      const [{ id }, { key }] = [request.params, request.query];
      await change(id, key, request.body);
      const experiment = await requireExperiment(store.read, id);
      const { items, main } = await listRules(store.read, experiment, { key, page: 1, limit: 1 });
      return metricRuleJson(one(items), main);
    },
  );

  app.delete(
    path,
    {
      schema: {
        tags,
        summary: 'Take back what was set of a metric.',
        description: 'Its direction is guessed again, and its last value counts.',
        params,
        querystring: ruleQuery,
      },
    },
    async (request, reply) => {
      await change(request.params.id, request.query.key, USUAL);
      return reply.code(204).send();
    },
  );

  async function change(id: number, key: string, choice: RuleChoice): Promise<void> {
    await store.write((tx) => setRule(tx, id, key, choice));
    await countSoon(store);
  }
}
