// runs/table/bulk-routes.ts
// Purpose: what is done with the ticked runs of a table, or with all that match its filter: tag, untag, trash, restore, set the state; Undo.
// Why: HTTP only: parse, ask, call, go back with a message.
// Relevant files: runs/table/bulk-schemas.ts, runs/table/bulk-changes.ts, runs/table/bulk-views.ts, runs/table/bulk-api.ts

import type { FastifyReply } from 'fastify';
import { notFound } from '../../shared/errors.ts';
import { checkForm, parseTags } from '../../shared/http/forms.ts';
import { link } from '../../shared/http/links.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { App } from '../../shared/http/types.ts';
import { isGoing, startBulk, undoBulk } from './bulk-changes.ts';
import { KINDS, type Asked } from './bulk-kinds-changes.ts';
import { countItems, findBulk, fingerprint, pickMatching, pickNamed, tickedIds, type Picked } from './bulk-queries.ts';
import {
  backQuery,
  BULK_KINDS,
  bulkForm,
  bulkParams,
  END_STATUSES,
  tagsOf,
  tickedForm,
  type BulkForm,
  type BulkKind,
} from './bulk-schemas.ts';
import { requireRuns } from '../queries.ts';
import { ticksOf, writeTicks } from './ticks.ts';
import { doneText, noneText, showProgress, showQuestion, undoAction, undoneText } from './bulk-views.ts';

const hide = { hide: true } as const;

/** As many runs one sees at a glance: what can be undone is done with them without a question. */
const HANDFUL = 10;

/** So many runs are waited for; of more, a page says how far they are. */
const WAITED_FOR = 1_000;

export function installBulk(app: App): void {
  const { store } = app;

  for (const action of BULK_KINDS) {
    app.post(`/runs/${action}`, { schema: { ...hide, body: bulkForm } }, async ({ body }, reply) => {
      const { back } = body;
      const asked = askedOf(action, body);
      if (typeof asked === 'string') return problem(reply, back, asked);
      const picked = await pick(action, body);
      if (!body.all && body.run.length + (body.tick?.length ?? 0) === 0)
        return problem(reply, back, 'Tick at least one run.');
      if (picked.runs.length === 0) return problem(reply, back, body.all ? 'No run matches.' : noneText(asked));
      const seen = fingerprint(picked);
      if (isToBeAsked(action, body, picked, seen))
        return reply.page('runs/bulk.html', showQuestion(picked, asked, body, seen, Date.now()));
      const ids = picked.runs.map(({ id }) => id);
      const started = await startBulk(store, asked, ids, Date.now());
      if (ids.length > WAITED_FOR) return reply.redirect(link(`/runs/bulk/${started.id}`, { back }), 303);
      const changed = await started.done;
      if (changed === 0) return problem(reply, back, noneText(asked));
      const undo = { label: 'Undo', action: undoAction(started.id, back) };
      return reply.redirectWith(back, { kind: 'done', text: doneText(asked, changed, ids.length), undo });
    });
  }

  async function pick(action: BulkKind, form: BulkForm): Promise<Picked> {
    const { ofTrash } = KINDS[action];
    if (form.all) return pickMatching(store.read, form.filter, form.newest);
    return pickNamed(store.read, await tickedIds(store.read, form, ofTrash), ofTrash);
  }

  for (const [path, name] of [
    ['/runs/pin', 'pin'],
    ['/runs/hide', 'hide'],
  ] as const) {
    app.post(path, { schema: { ...hide, body: tickedForm } }, async ({ body }, reply) => {
      const ids = await tickedIds(store.read, body, false);
      const url = new URL(body.back, 'http://tracker');
      const all = new Set([...url.searchParams.getAll(name), ...ids]);
      if (ids.length === 0) return problem(reply, body.back, 'Tick at least one run.');
      if (all.size > LIMITS.repeated)
        return problem(
          reply,
          body.back,
          `At most ${LIMITS.repeated} runs can be ${name === 'pin' ? 'pinned' : 'hidden'} in one view: filter them instead.`,
        );
      url.searchParams.delete(name);
      for (const id of all) url.searchParams.append(name, id);
      return reply.redirect(url.pathname + url.search, 303);
    });
  }

  // Without scripts the ticks of a page go into the addresses of the others by this.
  app.post('/runs/keep', { schema: { ...hide, body: tickedForm } }, async ({ body }, reply) => {
    const rows = await requireRuns(store.read, await tickedIds(store.read, body, false));
    const url = new URL(body.back, 'http://tracker');
    for (const one of writeTicks(ticksOf(rows))) url.searchParams.append('tick', one);
    return reply.redirect(url.pathname + url.search, 303);
  });

  const ofAction = { schema: { ...hide, params: bulkParams, querystring: backQuery } };

  app.get('/runs/bulk/:id', ofAction, async ({ params: { id }, query: { back } }, reply) => {
    const row = await findBulk(store.read, id);
    if (!row) throw notFound('What was done then');
    const left = await countItems(store.read, id);
    return reply.page('runs/bulk-progress.html', showProgress(row, left, isGoing(id), back));
  });

  app.post('/runs/bulk/:id/undo', ofAction, async ({ params: { id }, query: { back } }, reply) => {
    const row = await findBulk(store.read, id);
    const { done } = await undoBulk(store, id, Date.now());
    if (!row || row.changed > WAITED_FOR) return reply.redirect(link(`/runs/bulk/${id}`, { back }), 303);
    const { action } = JSON.parse(row.asked) as Asked;
    return reply.redirectWith(back, { kind: 'done', text: undoneText(action, await done, row.changed) });
  });
}

/** What it is that is asked, or what is wrong with it. */
function askedOf(action: BulkKind, { tags, state }: BulkForm): Asked | string {
  if (action === 'state') {
    const status = END_STATUSES.find((one) => one === state);
    return status ? { action, tags: {}, status } : `Choose a state: ${END_STATUSES.join(', ')}.`;
  }
  if (action !== 'tag' && action !== 'untag') return { action, tags: {}, status: null };
  const { data, errors } = checkForm(tagsOf, parseTags(tags));
  return errors ? `Tags: ${Object.values(errors).join('; ')}.` : { action, tags: data, status: null };
}

/** What was confirmed is what is done: other runs than those that were counted are asked about again. */
function isToBeAsked(action: BulkKind, form: BulkForm, { runs }: Picked, seen: string): boolean {
  if (form.confirm === 'yes') return form.all === 'yes' && form.seen !== seen;
  return form.all === 'yes' || action === 'trash' || runs.length > HANDFUL;
}

function problem(reply: FastifyReply, back: string, text: string): FastifyReply {
  return reply.redirectWith(back, { kind: 'problem', text });
}
