// runs/table/keys-pages.ts
// Purpose: the page that lists the keys of a run table.
// Why: one list, for the page and for the box that `?` opens over a table.
// Relevant files: runs/templates/keys.html, shared/static/rows.js, runs/routes.ts

import type { App } from '../../shared/http/types.ts';

const KEYS = [
  { key: 'j', about: 'next run' },
  { key: 'k', about: 'run before' },
  { key: 'Enter', about: 'open the run' },
  { key: 'x', about: 'tick the run, or untick it' },
  { key: 'c', about: 'compare the ticked runs' },
  { key: '/', about: 'go to the filter' },
  { key: '?', about: 'show these keys' },
  { key: 'Esc', about: 'close what is open' },
];

export function installKeysPage(app: App): void {
  app.get('/docs/keys', { schema: { hide: true } }, (_request, reply) =>
    reply.page('runs/keys.html', { title: 'Keys', keys: KEYS }),
  );
}
