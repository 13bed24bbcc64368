// runs/compare/baseline-routes.ts
// Purpose: the forms that make a run or a group the baseline of its experiment, or take that back, each with its undo.
// Why: HTTP only; it goes back to the page it came from.
// Relevant files: runs/compare/baseline-changes.ts, runs/templates/run.html, runs/templates/compare.html, runs/templates/groups.html

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../shared/errors.ts';
import { middle } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { runId } from '../../shared/schemas.ts';
import { requireRun } from '../queries.ts';
import { tickedForm } from '../table/bulk-schemas.ts';
import { setBaseline, type BaselineChange } from './baseline-changes.ts';
import { baselineOf, type Baseline } from './baseline-queries.ts';
import { baselineForm, baselineParams as params } from './baseline-schemas.ts';
import { groupWords } from './baseline-words.ts';
import { requireExperiment } from '../../experiments/queries.ts';

const form = z.object({ run: runId, baseline: z.enum(['yes', 'no']).default('yes'), back: tickedForm.shape.back });

/** The message is a cookie of 4 KB at most, which holds these and twice its text. */
const BACK_MAX = 600;
const UNDO_MAX = 2_000;

export function installBaseline(app: App): void {
  const { store } = app;

  app.post('/runs/baseline', { schema: { hide: true, body: form } }, async (request, reply) => {
    const { run: id, baseline, back } = request.body;
    const { run, change } = await store.write(async (tx) => {
      const row = await requireRun(tx, id);
      const experiment = await requireExperiment(tx, row.experiment_id);
      // Who takes back what is no baseline leaves the one that there is.
      const isOther = baseline === 'no' && (await baselineOf(tx, experiment))?.run?.id !== id;
      const choice = baseline === 'yes' ? { run: id } : {};
      return { run: row, change: isOther ? null : await setBaseline(tx, experiment.id, choice) };
    });
    const name = middle(run.name);
    return answer(run.experiment_id, change, { back, text: baseline === 'yes' ? `${name} is the baseline now.` : `${name} is no baseline any more.` }, reply); // prettier-ignore
  });

  app.post('/experiments/:id/baseline', { schema: { hide: true, params, body: baselineForm } }, async (request, reply) => {
    const { id } = request.params;
    const { run, group, back = `/experiments/${id}/groups` } = request.body;
    const change = await store.write((tx) => setBaseline(tx, id, { run, group: run === undefined ? group : undefined }));
    const text = change.now ? `${nameOf(change.now)} is the baseline now.` : 'There is no baseline any more.';
    return answer(id, change, { back, text }, reply);
  }); // prettier-ignore

  const undone = { schema: { hide: true, params, querystring: baselineForm } };
  app.post('/experiments/:id/baseline/undo', undone, async (request, reply) => {
    const { id } = request.params;
    const { run, group, back = `/experiments/${id}/groups` } = request.query;
    // The baseline before may be in the trash by now, or gone: that is said where Undo was pressed.
    const gone = run === undefined ? null : await requireRun(store.read, run).then(() => null, lossOf);
    if (gone !== null) return reply.redirectWith(back, { kind: 'problem', text: `Not undone. ${gone}` });
    const { now } = await store.write((tx) => setBaseline(tx, id, { run, group }, { isUndo: true }));
    const text = now ? `${nameOf(now)} is the baseline again.` : 'There is no baseline, as before.';
    return reply.redirectWith(back, { kind: 'done', text });
  });

  function answer(
    id: number,
    change: BaselineChange | null,
    { back, text }: { back: string; text: string },
    reply: Pick<FastifyReply, 'redirectWith'>,
  ): unknown {
    const action = change && link(`/experiments/${id}/baseline/undo`, { ...change.was, back: back.length > BACK_MAX ? null : back }); // prettier-ignore
    const undo = action === null || action.length > UNDO_MAX ? {} : { undo: { label: 'Undo', action } };
    return reply.redirectWith(back, { kind: 'done', text, ...undo });
  }
}

/** Why a run cannot be the baseline again; other failures stay failures. */
function lossOf(error: unknown): string {
  if (error instanceof Problem && (error.status === 404 || error.status === 409)) return error.message;
  throw error;
}

function nameOf({ run, group }: Baseline): string {
  return run ? middle(run.name) : group ? groupWords(group) : '';
}
