// decisions/routes.ts
// Purpose: the JSON API of decisions: list, add, edit, trash.
// Why: HTTP only: parse, call, answer.
// Relevant files: decisions/schemas.ts, decisions/queries.ts, decisions/changes.ts, decisions/pages.ts

import { onExperiment } from '../experiments/depends.ts';
import { requireExperiment } from '../experiments/queries.ts';
import { link } from '../shared/http/links.ts';
import type { App } from '../shared/http/types.ts';
import { dataOf } from '../shared/http/unchanged.ts';
import { addDecision, editDecision, trashDecision } from './changes.ts';
import type { DecisionRow } from './models.ts';
import { numbersAt } from './numbers-at.ts';
import { installDecisionPages } from './pages.ts';
import { listDecisions, requireDecision } from './queries.ts';
import {
  decisionCreate,
  decisionList,
  decisionListQuery,
  decisionOut,
  decisionParams,
  decisionPatch,
  experimentParams,
  type DecisionOut,
} from './schemas.ts';

const group = ['decisions'];
const one = { tags: group, params: decisionParams };

export function decisions(app: App): void {
  const { store } = app;
  installDecisionPages(app);

  app.get(
    '/api/experiments/:id/decisions',
    {
      schema: {
        ...{ tags: group, summary: 'Decisions of an experiment, the newest first.', params: experimentParams },
        ...{ querystring: decisionListQuery, response: { 200: decisionList } },
      },
      config: dataOf(onExperiment(store)),
    },
    async ({ params: { id }, query: { status, limit, cursor } }) => {
      await requireExperiment(store.read, id);
      const list = await listDecisions(
        store.read,
        { experiment: id, trashed: status !== undefined },
        { limit, cursor },
      );
      return { ...list, items: list.items.map(decisionJson) };
    },
  );

  app.post(
    '/api/experiments/:id/decisions',
    {
      schema: {
        ...{ tags: group, summary: 'Note a decision.', params: experimentParams },
        ...{ body: decisionCreate, response: { 201: decisionOut } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await requireExperiment(store.read, id);
      const { url = link(`/experiments/${id}/conclusions`), ...made } = request.body;
      const numbers = await numbersAt(app, url, request.host);
      const row = await store.write((tx) => addDecision(tx, id, { ...made, url, numbers }, Date.now()));
      return reply.code(201).header('location', `/api/decisions/${row.id}`).send(decisionJson(row));
    },
  );

  app.get(
    '/api/decisions/:id',
    { schema: { ...one, summary: 'One decision, with the numbers of its time.', response: { 200: decisionOut } } },
    async ({ params }) => decisionJson(await requireDecision(store.read, params.id)),
  );

  app.patch(
    '/api/decisions/:id',
    {
      schema: {
        ...{ ...one, summary: 'Edit the words; address and numbers stay those of its time.' },
        ...{ body: decisionPatch, response: { 200: decisionOut } },
      },
    },
    async ({ params, body }) => decisionJson(await store.write((tx) => editDecision(tx, params.id, body, Date.now()))),
  );

  app.delete('/api/decisions/:id', { schema: { ...one, summary: 'Move to the trash.' } }, async ({ params }, reply) => {
    await store.write((tx) => trashDecision(tx, params.id, Date.now()));
    return reply.code(204).send();
  });

  app.post(
    '/api/decisions/:id/restore',
    { schema: { ...one, summary: 'Bring back from the trash.', response: { 200: decisionOut } } },
    async ({ params }) => decisionJson(await store.write((tx) => trashDecision(tx, params.id, null))),
  );
}

function decisionJson({ numbers, ...row }: DecisionRow): DecisionOut {
  return { ...row, numbers: numbers === '' ? null : JSON.parse(numbers) };
}
