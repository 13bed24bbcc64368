// decisions/pages.ts
// Purpose: the pages of decisions: of an experiment with their trash, one, new, edit.
// Why: HTTP only; a form that fails comes back with what was typed and the message at its field.
// Relevant files: decisions/views.ts, decisions/changes.ts, decisions/templates/list.html, decisions/templates/form.html

import { onExperiment } from '../experiments/depends.ts';
import { requireExperiment } from '../experiments/queries.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../shared/http/forms.ts';
import type { App } from '../shared/http/types.ts';
import { pageOf } from '../shared/http/unchanged.ts';
import { addDecision, editDecision, trashDecision } from './changes.ts';
import { DecisionStatus } from './models.ts';
import { numbersAt } from './numbers-at.ts';
import { countDecisions, listDecisions, requireDecision } from './queries.ts';
import {
  decisionCreate,
  decisionParams,
  decisionPatch,
  decisionsPageQuery,
  experimentParams,
  newDecisionQuery,
} from './schemas.ts';
import { PAGE_SIZE, showDecisionForm, showDecisionPage, showDecisions } from './views.ts';

const hide = { hide: true } as const;
const one = { schema: { ...hide, params: decisionParams } };
const ofExperiment = { ...hide, params: experimentParams };

export function installDecisionPages(app: App): void {
  const { store } = app;

  app.get(
    '/experiments/:id/decisions',
    { schema: { ...ofExperiment, querystring: decisionsPageQuery }, config: pageOf(onExperiment(store)) },
    async ({ params, query: { page, status }, now }, reply) => {
      const experiment = await requireExperiment(store.read, params.id);
      const isTrash = status !== undefined;
      const { items: rows, total } = await listDecisions(
        store.read,
        { experiment: experiment.id, trashed: isTrash },
        { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE },
      );
      const trashed = await countDecisions(store.read, experiment.id, true);
      const data = { rows, total, trashed, experiment };
      return reply.page('decisions/list.html', showDecisions(data, { page, isTrash }, now));
    },
  );

  app.get(
    '/experiments/:id/decisions/new',
    { schema: { ...ofExperiment, querystring: newDecisionQuery } },
    async ({ params, query }, reply) => {
      const experiment = await requireExperiment(store.read, params.id);
      const { url = `/experiments/${experiment.id}/conclusions` } = query;
      const values = { url, status: DecisionStatus.Open };
      return reply.page('decisions/form.html', showDecisionForm(experiment, null, values, {}));
    },
  );

  app.post('/experiments/:id/decisions', { schema: ofExperiment }, async (request, reply) => {
    const experiment = await requireExperiment(store.read, request.params.id);
    const values = typed(request.body);
    const again = (errors: FieldMessages): unknown =>
      reply.code(400).page('decisions/form.html', showDecisionForm(experiment, null, values, errors));
    const form = checkForm(decisionCreate, values);
    if (form.errors) return again(form.errors);
    const { url = `/experiments/${experiment.id}/conclusions`, ...made } = form.data;
    const numbers = await numbersAt(app, url, request.host);
    try {
      const row = await store.write((tx) => addDecision(tx, experiment.id, { ...made, url, numbers }, Date.now()));
      return reply.redirectWith(`/decisions/${row.id}`, { kind: 'done', text: 'The decision is noted.' });
    } catch (error) {
      return again(messagesOf(error));
    }
  });

  app.get('/decisions/:id', one, async ({ params, now }, reply) => {
    const row = await requireDecision(store.read, params.id);
    const experiment = await requireExperiment(store.read, row.experiment_id);
    return reply.page('decisions/decision.html', showDecisionPage(row, experiment, now));
  });

  app.get('/decisions/:id/edit', one, async ({ params }, reply) => {
    const row = await requireDecision(store.read, params.id);
    const { hypothesis, status, verdict } = row;
    const experiment = await requireExperiment(store.read, row.experiment_id);
    const values = { hypothesis, status, verdict };
    return reply.page('decisions/form.html', showDecisionForm(experiment, row, values, {}));
  });

  app.post('/decisions/:id', one, async ({ params: { id }, body }, reply) => {
    const row = await requireDecision(store.read, id);
    const experiment = await requireExperiment(store.read, row.experiment_id);
    const form = checkForm(decisionPatch, typed(body));
    if (form.errors) {
      const page = showDecisionForm(experiment, row, typed(body), form.errors);
      return reply.code(400).page('decisions/form.html', page);
    }
    await store.write((tx) => editDecision(tx, id, form.data, Date.now()));
    return reply.redirectWith(`/decisions/${id}`, { kind: 'done', text: 'Saved.' });
  });

  app.post('/decisions/:id/trash', one, async ({ params: { id } }, reply) => {
    const { experiment_id } = await store.write((tx) => trashDecision(tx, id, Date.now()));
    return reply.redirectWith(`/experiments/${experiment_id}/decisions`, {
      ...{ kind: 'done', text: 'The decision is in the trash.' },
      undo: { label: 'Undo', action: `/decisions/${id}/restore` },
    });
  });

  app.post('/decisions/:id/restore', one, async ({ params: { id } }, reply) => {
    await store.write((tx) => trashDecision(tx, id, null));
    return reply.redirectWith(`/decisions/${id}`, { kind: 'done', text: 'The decision is back.' });
  });
}
