// tests/runs/compare-left-out.test.ts
// Purpose: comparisons and charts whose address names runs that are in the trash or gone: the others are shown, what is missing is said.
// Why: a saved comparison of ten runs is not lost with one of them, and nobody takes the rest for the whole.
// Relevant files: runs/compare/left-out.ts, runs/compare/selection.ts, runs/templates/_left-out.html, runs/compare/compare-routes.ts

import { beforeAll, expect, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { decode } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, openPage, tableOf, textOf } from './page-support.ts';

const [A, B, C, D] = [idOf('a'), idOf('b'), idOf('c'), idOf('d')];
const NOBODY = 'f'.repeat(32);
const named = (...ids: string[]): string => ids.map((id) => `run=${id}`).join('&');
const path = (...ids: string[]): string => `/compare?${named(...ids)}`;

const tracker = useTracker();
let [digits, letters] = [0, 0];
beforeAll(async () => {
  const runs = [['a', 'alpha', 'digits'], ['b', 'beta', 'digits'], ['c', 'gamma', 'digits'], ['d', 'delta', 'letters']] as const; // prettier-ignore
  for (const [id, name, experiment] of runs) {
    const metrics = { 'val/acc': [0.5, id === 'b' ? 0.75 : 0.625] };
    const made = await addRun(tracker, { id, name, experiment, status: RunStatus.Finished, params: { id }, metrics });
    if (experiment === 'digits') digits = made.experiment_id;
    else letters = made.experiment_id;
  }
  await tracker.api('DELETE', `/api/runs/${C}`);
});

test('the runs in sight are compared; one in the trash is named with the way back', async () => {
  const html = await openPage(tracker, path(A, C, B));
  expect(textOf(html)).toContain('Compare 2 runs');
  expect(tableOf(html).heads.map(({ text }) => text)).toEqual(['param', 'alpha ×', 'beta ×']);
  expect(textOf(html)).toContain('Best val/acc 0.7500: beta');
  expect(textOf(html)).toContain('Left out: gamma is in the trash. Restore');
  expect(html).toContain(`<form class="bar" method="post" action="/runs/${C}/restore">`);
  const one = textOf(await openPage(tracker, path(A, C)));
  expect(one).toContain('One run is not a comparison yet');
  expect(one).toContain('Left out: gamma is in the trash.');
});

test('what the page leads to is of the runs in sight: JSON, pictures, a decision; its own links keep all', async () => {
  const html = await openPage(tracker, path(A, C, B));
  expect(hrefOf(html, 'JSON')).toBe(`/api${path(A, B)}`);
  expect((await tracker.api('GET', hrefOf(html, 'JSON'))).status).toBe(200);
  const decide = new URL(hrefOf(html, 'Note a decision'), tracker.url).searchParams.get('url');
  expect(decide).toBe(path(A, B));
  const charts = [...html.matchAll(/(?:href|src|data-\w+)="(\/(?:curves|api\/curves)[^"]*)"/g)].map(([, href = '']) => decode(href)); // prettier-ignore
  expect(charts.length).toBeGreaterThan(0);
  for (const href of charts) expect([href, (await tracker.get(href)).status]).toEqual([href, 200]);
  // Restored, it is there again under the same address.
  expect(hrefOf(html, 'log scale for val/acc')).toContain(`${path(A, C, B)}&`);
});

test('unknown ones are counted, with all of an experiment that went to the trash under one button', async () => {
  await tracker.api('DELETE', `/api/experiments/${letters}`);
  const text = textOf(await openPage(tracker, path(NOBODY, A, D, B)));
  expect(text).toContain('Left out: 1 run that the address names is not here any more (ffffffff).');
  expect(text).toContain('Left out: delta is in the trash with its experiment. Restore');
  expect(await openPage(tracker, path(A, D, B))).toContain(`action="/experiments/${letters}/restore"`);
  await tracker.api('POST', `/api/experiments/${letters}/restore`);
  expect(textOf(await openPage(tracker, path(A, D, B)))).not.toContain('Left out');
});

test('a group or a filter is enough to be shown', async () => {
  const group = `group=${encodeURIComponent(`${digits}:`)}`;
  const html = textOf(await openPage(tracker, `/compare?${named(C)}&${group}`));
  expect(html).toContain('Compare 1 group');
  expect(html).toContain('Left out: gamma is in the trash.');
  expect(textOf(await openPage(tracker, `/compare?${named(C)}&experiment=${digits}`))).toContain('Compare 2 runs');
});

test('where none is left the answer is as ever; scripts are always told by an error', async () => {
  expect(textOf(await openPage(tracker, path(C), 409))).toContain('gamma is in the trash');
  expect(textOf(await openPage(tracker, path(C, NOBODY), 409))).toContain('gamma is in the trash');
  expect(textOf(await openPage(tracker, path(NOBODY), 404))).toContain('does not exist');
  const none = `group=${encodeURIComponent(`${digits}:params.id = zzz`)}`;
  expect((await tracker.get(`/compare?${named(C)}&${none}`)).status).toBe(409);
  expect((await tracker.api('GET', `/api${path(A, B, C)}`)).status).toBe(409);
  expect((await tracker.api('GET', `/api/curves?${named(A, C)}&key=val/acc`)).status).toBe(409);
});

test('the page of a chart follows the same rule', async () => {
  const html = await openPage(tracker, `/curves?${named(A, C, B)}&key=val%2Facc`);
  expect(textOf(html)).toContain('Left out: gamma is in the trash. Restore');
  expect(tableOf(html).rows.map((row) => row[0]?.text)).not.toContain('gamma');
  const files = [...html.matchAll(/href="(\/curves\.[^"]*)"/g)].map(([, href = '']) => decode(href));
  expect(files.length).toBeGreaterThan(0);
  for (const href of files) expect([href, (await tracker.get(href)).status]).toEqual([href, 200]);
  expect((await tracker.get(`/curves?${named(C)}&key=val%2Facc`)).status).toBe(409);
});

test('an unchanged page is not said to be one when a run went, came back or is gone', async () => {
  const tag = async (): Promise<string | null> => (await tracker.get(path(A, B, C))).headers.get('etag');
  const before = await tag();
  await tracker.api('POST', `/api/runs/${C}/restore`);
  const back = await tag();
  expect(textOf(await openPage(tracker, path(A, B, C)))).toContain('Compare 3 runs');
  await tracker.api('DELETE', `/api/runs/${C}`);
  expect(new Set([before, back, await tag()]).size).toBe(3);
});
