// runs/groups/group-forms.ts
// Purpose: what the page of groups sends: which params only tell repeats apart, and ticked groups to compare.
// Why: HTTP only: parse, call, go back or on.
// Relevant files: runs/groups/group-views.ts, runs/repeat-keys.ts, experiments/changes.ts, runs/templates/groups.html

import { z } from 'zod';
import { patchExperiment } from '../../experiments/changes.ts';
import { requireExperiment } from '../../experiments/queries.ts';
import { badField } from '../../shared/errors.ts';
import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { experimentId, key } from '../../shared/schemas.ts';
import { groupsCompareQuery } from '../page-schemas.ts';
import { repeatRule } from '../repeat-keys.ts';
import { localPath } from '../table/bulk-schemas.ts';
import { compareLink } from '../table/table-views.ts';
import { groupsAsked } from './group-asked.ts';
import { groupName } from './group-text.ts';

const params = z.object({ id: experimentId });

/** One of the three: a param to ignore, one to group by, or back to the guess. */
const repeatForm = z.object({
  ignore: key.optional(),
  count: key.optional(),
  guess: z.literal('all').optional(),
  back: localPath.optional(),
});

export function installGroupForms(app: App): void {
  const { store } = app;

  app.post(
    '/experiments/:id/repeat-keys',
    { schema: { hide: true, params, body: repeatForm } },
    async (request, reply) => {
      const { id } = request.params;
      const { ignore, count, guess, back = `/experiments/${id}/groups` } = request.body;
      if (ignore === undefined && count === undefined && guess === undefined)
        throw badField('ignore', 'name a param to ignore, or one to group by as `count`');
      await store.write(async (tx) => {
        const { said } = repeatRule(await requireExperiment(tx, id));
        const repeat_keys = guess
          ? {}
          : { ...said, ...(ignore !== undefined && { [ignore]: true }), ...(count !== undefined && { [count]: false }) };
        await patchExperiment(tx, id, { repeat_keys }, Date.now());
      });
      const text = guess
        ? 'Which params only tell repeats apart is guessed from their names again.'
        : ignore === undefined
          ? `Groups differ by ${count} now.`
          : `Groups ignore ${ignore} now.`;
      return reply.redirectWith(back, { kind: 'done', text });
    },
  );

  app.get(
    '/experiments/:id/groups/compare',
    { schema: { hide: true, params, querystring: groupsCompareQuery } },
    async (request, reply) => {
      const { group: ticked = [], ...query } = request.query;
      const experiment = await requireExperiment(store.read, request.params.id);
      const data = await groupsAsked(store.read, experiment, query, query.where);
      const chosen = [...data.groups, ...data.valueless].filter((group) => ticked.includes(groupName(group)));
      const ids = chosen.flatMap(({ members }) => members.map(({ id }) => id));
      const problem =
        ids.length < 2
          ? 'Tick the groups to compare first: at least two runs.'
          : ids.length > LIMITS.compareRuns
            ? `These groups have ${ids.length} runs; at most ${LIMITS.compareRuns} can be compared. Tick fewer.`
            : null;
      if (problem === null) return reply.redirect(compareLink(ids), 303);
      return reply.redirectWith(link(`/experiments/${experiment.id}/groups`, query), { kind: 'problem', text: problem });
    },
  );
} // prettier-ignore
