// runs/curves/default-routes.ts
// Purpose: the form that keeps a chart's settings as the default of its metric, or forgets them.
// Why: HTTP only; it goes back to the chart, whose address then is the short one.
// Relevant files: runs/curves/default-changes.ts, runs/templates/curves.html

import { z } from 'zod';
import { requireExperiment } from '../../experiments/queries.ts';
import { middle } from '../../shared/format.ts';
import type { App } from '../../shared/http/types.ts';
import { experimentId, key } from '../../shared/schemas.ts';
import { tickedForm } from '../table/bulk-schemas.ts';
import { keepChartDefault } from './default-changes.ts';
import { settingsFromText } from './own-settings.ts';

const form = z.object({
  experiment: experimentId,
  key,
  /** As in a URL; '': the usual ones, so nothing is kept. */
  settings: z.string().max(2_000).default(''),
  back: tickedForm.shape.back,
});

export function installChartDefaults(app: App): void {
  app.post('/curves/default', { schema: { hide: true, body: form } }, async (request, reply) => {
    const { experiment, key: metric, settings, back } = request.body;
    await requireExperiment(app.store.read, experiment);
    await app.store.write((tx) => keepChartDefault(tx, experiment, metric, settingsFromText(settings)));
    const name = middle(metric, 60);
    return reply.redirectWith(back, {
      kind: 'done',
      text:
        settings === '' ? `Charts of ${name} are drawn as usual again.` : `Kept: charts of ${name} start like this.`,
    });
  });
}
