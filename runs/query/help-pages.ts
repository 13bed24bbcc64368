// runs/query/help-pages.ts
// Purpose: the page that says how to write a filter.
// Why: people learn a language from examples that they can click.
// Relevant files: runs/templates/query-help.html, runs/query/fields.ts, runs/routes.ts

import { link } from '../../shared/http/links.ts';
import type { App } from '../../shared/http/types.ts';
import { ATTRIBUTES, type Kind } from './fields.ts';

const VALUES: Record<Kind, string> = {
  text: 'text: =, !=, ~',
  number: 'numbers',
  time: 'times: 2026-11-24, -7d',
  duration: 'durations: 90s, 1h30m',
  status: 'its names: =, !=, in (…)',
  param: 'numbers or text',
  metric: 'numbers, nan, inf',
};

export const EXAMPLES: readonly { text: string; about: string }[] = [
  { text: 'sgd baseline', about: 'with both words in name, notes or tags' },
  { text: 'metrics.val/accuracy > 0.9', about: 'that ended above 0.9' },
  { text: 'params.optimizer in (adam, sgd) and params.lr < 0.1', about: 'of these configurations' },
  { text: 'tag:baseline or name ~ base', about: 'with the label, or with “base” in the name' },
  { text: 'status = failed started > -7d', about: 'that failed in the last seven days' },
  { text: 'min(metrics.val/loss) < 0.2 and duration < 1h', about: 'that came below 0.2 at any step, within an hour' },
  {
    text: 'metrics.val/loss @10 < 1 and step(best(metrics.val/loss)) > 20',
    about: 'below 1 at step 10, best after step 20',
  },
  { text: 'metrics.train/loss has nan', about: 'in which the loss was NaN or infinite at some step' },
  {
    text: 'status = finished order by metrics.val/accuracy desc, duration',
    about: 'that finished, the best first, of equal ones the quickest',
  },
  { text: 'params.seed is null and not tag:sweep', about: 'without a seed that are not part of a sweep' },
];

export function installFilterHelp(app: App): void {
  app.get('/docs/filter', { schema: { hide: true } }, (_request, reply) =>
    reply.page('runs/query-help.html', {
      title: 'Filters',
      examples: EXAMPLES.map(({ text, about }) => ({ text, about, href: link('/runs', { where: text }) })),
      fields: [
        {
          name: 'metrics.KEY',
          about: 'a metric, the value that counts by its rule: usually the last',
          values: VALUES.metric,
        },
        { name: 'params.KEY', about: 'a param', values: VALUES.param },
        { name: 'tags.KEY, tag:KEY', about: 'a tag: its value, or that the run carries it', values: VALUES.text },
        ...Object.entries(ATTRIBUTES).map(([name, { about, kind }]) => ({ name, about, values: VALUES[kind] })),
        { name: 'dataset, dataset.digest, dataset.context', about: 'a data set it used', values: VALUES.text },
      ],
    }),
  );
}
