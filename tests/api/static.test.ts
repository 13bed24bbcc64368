// tests/api/static.test.ts
// Purpose: styles and scripts are kept for ever under a name that their content decides; names of before lead to them.
// Why: the second page costs one request, and an upgrade leaves no page with half of its scripts.
// Relevant files: shared/http/static.ts, shared/templates/base.html, shared/static/charts.js

import { expect, it } from 'vitest';
import { STATIC_PREFIX } from '../../shared/http/static.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

/** What a page loads, and what those scripts import. */
async function filesOf(page: string): Promise<string[]> {
  const { body } = await tracker.get(page);
  const files = new Set([...body.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(([, file]) => String(file)));
  files.add(`${STATIC_PREFIX}/charts.js`);
  for (const file of files) {
    const script = await (await fetch(tracker.url + file)).text();
    for (const [, name] of script.matchAll(/import\(?[^'"\n]*['"]\.\/([\w-]+\.js)['"]/g))
      files.add(`${STATIC_PREFIX}/${name}`);
    for (const [, name] of script.matchAll(/new URL\('(uplot\/[^']+)'/g)) files.add(`${STATIC_PREFIX}/${name}`);
  }
  return [...files].sort();
}

it('every file that pages use is immutable under its hash, whichever script asks for it', async () => {
  const files = await filesOf('/experiments');
  const names = files.map((file) => file.slice(STATIC_PREFIX.length + 1));
  expect(names).toEqual(expect.arrayContaining(['app.css', 'app.js', 'charts.js', 'chart-plot.js', 'chart-data.js', 'live.js', 'live-morph.js', 'uplot/uPlot.iife.min.js', 'uplot/uPlot.min.css'])); // prettier-ignore
  for (const file of files) {
    const { status, headers } = await fetch(tracker.url + file);
    expect([file, status, headers.get('cache-control')]).toEqual([file, 200, 'public, max-age=31536000, immutable']);
    expect(file).toMatch(/^\/static\/[0-9a-f]{12}\//);
  }
});

it('what makes charts answer and keeps a page up to date is not asked for beside the styles', async () => {
  const { id } = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'charts', name: 'one' })).body;
  const metrics = [{ key: 'loss', value: 1, step: 0 }, { key: 'loss', value: 2, step: 1 }]; // prettier-ignore
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  const { body } = await tracker.get(`/runs/${id}`);
  expect(body).toContain('data-curves=');
  expect(body).toContain('data-live=');
  expect([...body.matchAll(/<script[^>]*>/g)].map(([script]) => script)).toEqual([
    `<script type="module" src="${STATIC_PREFIX}/app.js">`,
  ]);
});

it('a name of before an upgrade leads to the file of today, and is not kept', async () => {
  for (const file of ['charts.js', 'app.css', 'uplot/uPlot.iife.min.js']) {
    const { status, headers } = await fetch(`${tracker.url}/static/0123456789ab/${file}`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, `${STATIC_PREFIX}/${file}`]);
    expect(headers.get('cache-control')).toBe('no-cache');
  }
});

it.each(['tsconfig.json', 'package.json', '..%2fapp.css', 'uplot/x/y.js', ''])('there is no file %j', async (file) => {
  for (const version of ['0123456789ab', STATIC_PREFIX.slice('/static/'.length)])
    expect((await fetch(`${tracker.url}/static/${version}/${file}`, { redirect: 'manual' })).status, version).toBe(404);
});
