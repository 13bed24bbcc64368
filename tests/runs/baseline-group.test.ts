// tests/runs/baseline-group.test.ts
// Purpose: a group of runs as the baseline: set, changed, undone and lost; what every page and file measures against it.
// Why: "better than the baseline" is a claim about a mean of several runs; which runs they are must be right at any time.
// Relevant files: runs/compare/baseline-changes.ts, runs/compare/baseline-words.ts, runs/compare/baseline-queries.ts, runs/run/run-views.ts

import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterWords } from '../../runs/compare/baseline-words.ts';
import { RunStatus } from '../../runs/models.ts';
import type { BaselineOut } from '../../runs/compare/baseline-schemas.ts';
import { decode, faultsOf } from '../support/html.ts';
import { startTracker, type Answer, type Tracker } from '../support/tracker.ts';
import { addRun, hrefOf, idOf, readPage, textOf } from './page-support.ts';

const SGD = 'params."opt" = "sgd"';
let tracker: Tracker;
let id: number;
beforeAll(async () => {
  tracker = await startTracker();
  const ends = { adam: [0.7, 0.8, 0.9], sgd: [0.5, 0.6], rms: [0.55, 0.4] };
  for (const [opt, values] of Object.entries(ends))
    for (const [seed, value] of values.entries()) {
      const run = { id: `${opt.length}${opt.charCodeAt(0)}${seed}`, name: `${opt}-${seed}`, params: { opt, seed } };
      const made = { ...run, experiment: 'base', status: RunStatus.Finished, metrics: { 'val/acc': [0.1, value] } };
      id = (await addRun(tracker, made)).experiment_id;
    }
});
afterAll(() => tracker.stop());

const run = (opt: string, seed: number): string => idOf(`${opt.length}${opt.charCodeAt(0)}${seed}`);
const put = (body: unknown): Promise<Answer<BaselineOut & { errors?: { path: string }[] }>> =>
  tracker.api('PUT', `/api/experiments/${id}/baseline`, body);
const get = async (): Promise<BaselineOut> =>
  (await tracker.api<BaselineOut>('GET', `/api/experiments/${id}/baseline`)).body;
const NONE = { run: null, group: null, label: null, runs: [], total: 0 };

async function page(path: string): Promise<string> {
  const html = await readPage(tracker, path);
  expect(await faultsOf(html), path).toEqual([]);
  return html;
}

test('a filter made of values is named by them, any other stays as it is', () => {
  expect(filterWords('params."lr" = "0.1" and params."a ""b"" and c" = "x and y" and tags."t" is null')).toBe('lr 0.1 · a "b" and c x and y · no t'); // prettier-ignore
  expect(filterWords('params.lr > 0.1')).toBe('params.lr > 0.1');
});

test('the API sets a run or a group, never both, and names what is wrong', async () => {
  expect(await get()).toEqual(NONE);
  const set = await put({ group: SGD });
  expect([set.status, set.body]).toEqual([200, { run: null, group: SGD, label: 'opt sgd', runs: [run('sgd', 1), run('sgd', 0)], total: 2 }]); // prettier-ignore
  expect((await put({ run: run('adam', 0) })).body).toEqual({ ...NONE, run: run('adam', 0), label: 'adam-0', runs: [run('adam', 0)], total: 1 }); // prettier-ignore
  const other = await addRun(tracker, { experiment: 'elsewhere' });
  const wrong = [
    [{ run: run('adam', 0), group: SGD }, 'body'],
    [{}, 'body'],
    [{ run: other.id }, 'run'],
    [{ group: ' ' }, 'group'],
    [{ group: 'params.opt = ' }, 'group'],
    [{ group: 'params.opt = none' }, 'group'],
    [{ group: 'started > -7d' }, 'group'],
  ] as const;
  for (const [body, path] of wrong) {
    const answer = await put(body);
    expect([answer.status, answer.body.errors?.[0]?.path], JSON.stringify(body)).toEqual([400, path]);
  }
  expect((await get()).run, 'a refused one changes nothing').toBe(run('adam', 0));
  expect((await tracker.api('DELETE', `/api/experiments/${id}/baseline`)).status).toBe(204);
  expect(await get()).toEqual(NONE);
});

/** A form, and the address that its undo posts to, as the next page shows it. */
async function submit(path: string, fields: Record<string, string>): Promise<{ text: string; undo: string }> {
  const { status, headers } = await tracker.form(path, fields);
  expect(status).toBe(303);
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const { body } = await tracker.get(headers.get('location') ?? '', { cookie });
  return { text: textOf(body), undo: decode(/action="([^"]*\/baseline\/undo[^"]*)"/.exec(body)?.[1] ?? '') };
}

test('forms set it, and Undo gives back what was there before: a run, a group, nothing', async () => {
  await put({ run: run('rms', 0) });
  const set = await submit(`/experiments/${id}/baseline`, { group: SGD, back: `/experiments/${id}/groups?by=params.opt` }); // prettier-ignore
  expect(set.text).toContain('opt sgd (2 runs) is the baseline now.');
  expect((await get()).group).toBe(SGD);
  const none = await submit(`/experiments/${id}/baseline`, { back: `/experiments/${id}/groups` });
  expect(none.text).toContain('There is no baseline any more.');
  expect((await tracker.form(none.undo, {})).status).toBe(303);
  expect((await get()).group).toBe(SGD);
  expect((await tracker.form(set.undo, {})).status).toBe(303);
  expect((await get()).run).toBe(run('rms', 0));
});

test('the page of a run leads to the group, and says when it has lost its runs', async () => {
  await put({ group: SGD });
  const html = await page(`/runs/${run('adam', 0)}`);
  expect(hrefOf(html, 'baseline: opt sgd (2 runs)')).toBe(`/compare?${new URLSearchParams({ run: run('adam', 0), group: `${id}:${SGD}` }).toString()}`); // prettier-ignore
  for (const seed of [0, 1]) await tracker.api('DELETE', `/api/runs/${run('sgd', seed)}`);
  expect((await get()).total).toBe(0);
  expect(textOf(await page(`/runs/${run('adam', 0)}`))).toContain('The baseline group opt sgd has no runs any more.');
  for (const seed of [0, 1]) await tracker.api('POST', `/api/runs/${run('sgd', seed)}/restore`);
});
