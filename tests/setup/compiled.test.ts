// tests/setup/compiled.test.ts
// Purpose: the compiled tracker that `npm start` runs is the tracker: same pages, templates and migrations found.
// Why: a cache that serves something else than the sources would be worse than a slow start.
// Relevant files: shared/setup/compiled.js, shared/setup/run.js

import { expect, it } from 'vitest';
import type * as Manage from '../../manage.ts';
import { readSettings } from '../../shared/config.ts';
import { compiledEntry } from '../../shared/setup/compiled.js';
import { freshFolder } from '../support/tracker.ts';

it('serves pages from the cache, and is made once for one state of the sources', async () => {
  const entry = await compiledEntry();
  expect(await compiledEntry()).toBe(entry);
  const { startServer } = (await import(entry)) as typeof Manage;
  const server = await startServer(readSettings({ port: '0', data: freshFolder() }, {}));
  const page = await fetch(`${server.url}/experiments`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Nothing has been logged yet');
  const status = await (await fetch(`${server.url}/status`)).text();
  expect(status).toContain('0000_start');
  await server.close();
});
