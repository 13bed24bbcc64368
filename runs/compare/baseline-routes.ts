// runs/compare/baseline-routes.ts
// Purpose: the form that makes a run the baseline of its experiment, or takes that back.
// Why: HTTP only; it goes back to the page it came from.
// Relevant files: runs/compare/baseline-changes.ts, runs/templates/run.html, runs/templates/compare.html

import { z } from 'zod';
import { middle } from '../../shared/format.ts';
import type { App } from '../../shared/http/types.ts';
import { runId } from '../../shared/schemas.ts';
import { requireRun } from '../queries.ts';
import { tickedForm } from '../table/bulk-schemas.ts';
import { setBaseline } from './baseline-changes.ts';

const form = z.object({ run: runId, baseline: z.enum(['yes', 'no']).default('yes'), back: tickedForm.shape.back });

export function installBaseline(app: App): void {
  app.post('/runs/baseline', { schema: { hide: true, body: form } }, async (request, reply) => {
    const { run: id, baseline, back } = request.body;
    const run = await app.store.write(async (tx) => {
      const row = await requireRun(tx, id);
      await setBaseline(tx, row, baseline === 'yes');
      return row;
    });
    const text = baseline === 'yes' ? `${middle(run.name)} is the baseline now.` : `${middle(run.name)} is no baseline any more.`; // prettier-ignore
    return reply.redirectWith(back, { kind: 'done', text });
  });
}
