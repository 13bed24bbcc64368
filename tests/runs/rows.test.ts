// tests/runs/rows.test.ts
// Purpose: rows of a run table that are ticked, pinned or hidden, as the address says it: over pages, filters and orders, without scripts.
// Why: the address is the view; what is set up there must hold wherever one goes from it.
// Relevant files: runs/table/ticks.ts, runs/table/tick-views.ts, runs/table/pinned-queries.ts, runs/table/bulk-routes.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, openPage, paragraphOf, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;
const runs: RunDetail[] = [];

beforeAll(async () => {
  for (let i = 1; i <= 30; i++) {
    const name = `r${String(i).padStart(2, '0')}`;
    const status = i % 10 === 0 ? RunStatus.Failed : RunStatus.Finished;
    runs.push(await addRun(tracker, { id: String(i), name, status, params: { lr: i }, metrics: { acc: [i / 100] } }));
  }
  path = `/experiments/${runs[0]?.experiment_id}`;
});

const names = (html: string): string[] =>
  tableOf(html).rows.map((row) => (row[1]?.text ?? '').replace(/ pinned ×$/, ''));
const ticked = (html: string): string[] =>
  [...html.matchAll(/<input type="checkbox" name="run" value="0*(\d+)"[^>]* checked/g)].map(([, id = '']) => id);
const view = 'order=name&limit=25';

it('ticks of the address are ticked, and go with every link of the page and its filter', async () => {
  const html = await openPage(tracker, `${path}?${view}&tick=1_2.3.28`);
  expect(ticked(html)).toEqual(['2', '3']);
  expect(textOf(html)).toContain('1 more is ticked on other pages. Untick all');
  for (const link of ['Next', 'failed', 'lr']) expect(hrefOf(html, link)).toContain('tick=1_2.3.28');
  expect(html).toContain('<input type="hidden" name="tick" value="1_2.3.28">');
  expect(hrefOf(html, 'Untick all')).not.toContain('tick');
  expect(ticked(await readPage(tracker, hrefOf(html, 'Next')))).toEqual(['28']);
});

it('without scripts a button keeps what is ticked; unticked there, it is gone from the address', async () => {
  const back = `${path}?${view}`;
  const kept = await tracker.form('/runs/keep', { run: [idOf('2'), idOf('3')], tick: '1_28', back });
  expect([kept.status, kept.headers.get('location')]).toEqual([303, `${back}&tick=1_2.3.28`]);
  const again = await tracker.form('/runs/keep', { run: idOf('2'), tick: '1_28', back });
  expect(again.headers.get('location')).toBe(`${back}&tick=1_2.28`);
});

it('what is done with the ticked is done with those of other pages, too; compared they are as well', async () => {
  const answer = await tracker.form('/runs/tag', { run: idOf('2'), tick: ['1_28', '7_1'], tags: 'both', back: path });
  expect(answer.status).toBe(303);
  const list = await tracker.api<{ items: { name: string }[] }>('GET', '/api/runs?tag=both&order=name');
  expect(list.body.items.map(({ name }) => name)).toEqual(['r02', 'r28']);
  const compared = await tracker.form('/runs/compare', { run: idOf('2'), tick: '1_28', back: path });
  expect(compared.headers.get('location')).toBe(`/compare?run=${idOf('2')}&run=${idOf('28')}`);
});

it.each(['1', 'x_1', '1_', '1_2.x', '1_1.2&tick=2'])('tick=%s is refused', async (tick) => {
  expect((await tracker.get(`${path}?tick=${tick}`)).status).toBe(400);
});

it('pinned runs stand first on every page, in every order, and are counted once', async () => {
  const pin = `pin=${idOf('30')}&pin=${idOf('5')}`;
  const first = await openPage(tracker, `${path}?${view}&${pin}`);
  expect(names(first).slice(0, 4)).toEqual(['r30', 'r05', 'r01', 'r02']);
  expect(textOf(first)).toContain('1 to 25 of 28 runs besides the 2 pinned ones.');
  const second = await readPage(tracker, `${path}?${view}&${pin}&page=2`);
  expect(names(second)).toEqual(['r30', 'r05', 'r27', 'r28', 'r29']);
  const down = await readPage(tracker, `${path}?order=-metrics.acc&limit=25&${pin}`);
  expect(names(down).slice(0, 4)).toEqual(['r30', 'r05', 'r29', 'r28']);
  expect(names(await readPage(tracker, hrefOf(first, 'Unpin r30'))).slice(0, 2)).toEqual(['r05', 'r01']);
  expect(names(await readPage(tracker, `/runs?${view}&${pin}`)).slice(0, 3)).toEqual(['r30', 'r05', 'r01']);
});

it('a pinned run that the filter does not find stays, dimmed', async () => {
  const html = await openPage(tracker, `${path}?where=params.lr+%3C+3&pin=${idOf('9')}&order=name`);
  expect(names(html)).toEqual(['r09', 'r01', 'r02']);
  expect(html).toMatch(new RegExp(`<tr data-key="${idOf('9')}" class="dim">`));
  expect(textOf(html)).toContain('28 filtered out');
});

it('hidden runs are left out of rows, counts, pages and the best; one click shows them', async () => {
  const hide = `hide=${idOf('30')}&hide=${idOf('1')}`;
  const html = await openPage(tracker, `${path}?${view}&${hide}`);
  expect(names(html).slice(0, 2)).toEqual(['r02', 'r03']);
  expect(textOf(html)).toContain('2 runs are hidden, show them.');
  expect(textOf(html)).toContain('1 to 25 of 28 runs.');
  expect(paragraphOf(html, 'lead')).toContain('r29');
  expect(names(await readPage(tracker, hrefOf(html, 'show them')))[0]).toBe('r01');
  expect(names(await readPage(tracker, `/runs?${view}&${hide}`))[0]).toBe('r02');
  const all = { all: 'yes', filter: `experiment=${runs[0]?.experiment_id}&${hide}`, tags: 'x', back: path };
  expect((await tracker.form('/runs/tag', all)).body).toContain('<h1>Tag 28 runs: x?</h1>');
});

it('buttons pin and hide what is ticked, at most a hundred', async () => {
  const back = `${path}?order=name&pin=${idOf('4')}`;
  const pinned = await tracker.form('/runs/pin', { run: [idOf('4'), idOf('6')], back });
  expect(pinned.headers.get('location')).toBe(`${back}&pin=${idOf('6')}`);
  const hidden = await tracker.form('/runs/hide', { run: idOf('6'), tick: '1_7', back: path });
  expect(hidden.headers.get('location')).toBe(`${path}?hide=${idOf('6')}&hide=${idOf('7')}`);
  const full = `${path}?${Array.from({ length: 100 }, (_, i) => `hide=${idOf(String(1000 + i))}`).join('&')}`;
  expect((await tracker.form('/runs/hide', { run: idOf('6'), back: full })).headers.get('location')).toBe(full);
  expect((await tracker.get(`${path}?pin=abc`)).status).toBe(400);
  const many = Array.from({ length: 1001 }, (_, i) => i + 1).join('.');
  expect((await tracker.get(`${path}?tick=1_${many}`)).status).toBe(400);
});
