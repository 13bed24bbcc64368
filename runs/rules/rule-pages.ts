// runs/rules/rule-pages.ts
// Purpose: the page of an experiment's metrics with their rules, its forms, and the button in the heads of tables.
// Why: HTTP only: parse, call, go back; each change can be undone by one click.
// Relevant files: runs/rules/rule-views.ts, runs/rules/rule-changes.ts, runs/rules/rule-schemas.ts, runs/templates/metrics.html

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { onExperiment } from '../../experiments/depends.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { Problem } from '../../shared/errors.ts';
import { middle } from '../../shared/format.ts';
import { checkForm, messagesOf, typed, type FieldMessages } from '../../shared/http/forms.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { pageOf } from '../../shared/http/unchanged.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, key, pageNumber, text } from '../../shared/schemas.ts';
import { localPath } from '../table/bulk-schemas.ts';
import { countSoon } from './recount-ranks.ts';
import { setRule } from './rule-changes.ts';
import { countingOf, listRules } from './rule-list-queries.ts';
import { choicesOf } from './rule-queries.ts';
import { ruleChoice } from './rule-schemas.ts';
import { directionWords, RULES_PAGE, showRules, turned, type RefusedForm } from './rule-views.ts';
import { Counts, type RuleChoice } from './rule.ts';

const params = z.object({ id: experimentId });
const query = z.strictObject({ q: text(LIMITS.query).optional(), page: pageNumber });
const turnForm = z.object({ key, back: localPath.optional() });
const ruleForm = z.looseObject(turnForm.shape);
const undoQuery = z.object({ ...turnForm.shape, was: z.string().max(5_000).transform(parseJson).pipe(ruleChoice) });

function parseJson(said: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(said);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

/** Of a longer one the page of the rules is gone back to: it is kept in a cookie. */
const BACK_MAX = 1_000;

export function installRulePages(app: App): void {
  const { store } = app;
  const path = '/experiments/:id/metrics';

  app.get(
    path,
    { schema: { hide: true, params, querystring: query }, config: pageOf(onExperiment(store)) },
    async (request, reply) => reply.page('runs/metrics.html', await read(request.params.id, request.query)),
  );

  app.post(path, { schema: { hide: true, params, body: ruleForm } }, async (request, reply) => {
    const { id } = request.params;
    const { key: name, back = `/experiments/${id}/metrics` } = request.body;
    const { key: _, back: __, ...values } = typed(request.body);
    const again = async (errors: FieldMessages): Promise<unknown> => {
      const at = new URL(back, 'http://localhost').searchParams;
      const shown = query.safeParse(Object.fromEntries(at)).data ?? { page: 1 };
      return reply.code(400).page('runs/metrics.html', await read(id, shown, { key: name, typed: values, errors }));
    };
    const form = checkForm(ruleChoice, choiceFrom(values));
    if (form.errors) return again(form.errors);
    try {
      return await change(id, { key: name, back }, form.data, reply);
    } catch (error) {
      // Of a metric that is not there, there is no form to show again.
      if (error instanceof Problem && error.status === 404) throw error;
      return again(messagesOf(error));
    }
  });

  app.post(`${path}/turn`, { schema: { hide: true, params, body: turnForm } }, async (request, reply) => {
    const { id } = request.params;
    const { key: name } = request.body;
    const { choice, direction } = await choicesOf(store.read, id, name);
    return change(id, request.body, { ...choice, direction: turned(direction) }, reply);
  });

  app.post(`${path}/undo`, { schema: { hide: true, params, querystring: undoQuery } }, async (request, reply) => {
    const { key: name, was, back = `/experiments/${request.params.id}/metrics` } = request.query;
    await store.write((tx) => setRule(tx, request.params.id, name, was));
    await countSoon(store);
    return reply.redirectWith(back, { kind: 'done', text: `The rule of ${middle(name, 80)} is as it was.` });
  });

  async function change(
    id: number,
    { key: name, back = `/experiments/${id}/metrics` }: { key: string; back?: string | undefined },
    choice: RuleChoice,
    reply: Pick<FastifyReply, 'redirectWith'>,
  ): Promise<unknown> {
    const was = await store.write((tx) => setRule(tx, id, name, choice));
    await countSoon(store);
    const isOnlyWay = JSON.stringify({ ...was, direction: null }) === JSON.stringify({ ...choice, direction: null });
    const text = isOnlyWay
      ? `${middle(name, 80)}: ${directionWords(choice.direction, name)} now.`
      : `${middle(name, 80)}: saved.`;
    const undo = link(`/experiments/${id}/metrics/undo`, {
      ...{ key: name, was: JSON.stringify(was) },
      back: back.length > BACK_MAX ? null : back,
    });
    return reply.redirectWith(back, { kind: 'done', text, undo: { label: 'Undo', action: undo } });
  }

  async function read(
    id: number,
    shown: z.infer<typeof query>,
    refused?: RefusedForm,
  ): Promise<ReturnType<typeof showRules>> {
    const experiment = await requireExperiment(store.read, id);
    const list = await listRules(store.read, experiment, { ...shown, limit: RULES_PAGE });
    return showRules({
      experiment,
      list,
      counting: await countingOf(store.read, id, list.rules),
      query: shown,
      refused,
    });
  }
}

/** The fields of a form; what goes with another value than the one that was chosen is left out. */
function choiceFrom({ direction, value, k = '', by = '', unit = '', digits = '' }: Record<string, string>): unknown {
  const number = (said: string): unknown =>
    said.trim() === '' ? null : /^\d+$/.test(said.trim()) ? Number(said) : said;
  return {
    direction: direction === '' || direction === undefined ? null : direction,
    value,
    k: value === Counts.MeanLast ? number(k) : null,
    by: value === Counts.AtBest && by !== '' ? by : null,
    unit,
    digits: number(digits),
  };
}
