// tests/runs/saved-view-kinds.test.ts
// Purpose: saved views of groups, a pivot, a picture and a comparison: saved, opened by a short address, changed, first, in their files; without scripts.
// Why: what a paper stands on are groups and pivots: with later params and metrics they must show the same.
// Relevant files: runs/view/open-view.ts, runs/groups/group-views.ts, runs/pivot/pivot-views.ts, runs/compare/comparison-bar.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { ViewOut } from '../../runs/view/saved-schemas.ts';
import { useTracker } from '../support/use.ts';
import { addRun, fieldsOf, hrefOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;
const ids: string[] = [];

beforeAll(async () => {
  for (const lr of [1, 2])
    for (const width of [8, 16])
      for (const seed of [1, 2])
        await add({ params: { lr, width, seed }, metrics: { acc: [lr / width + seed / 100], loss: [width / lr] } });
});

async function add(run: Parameters<typeof addRun>[1]): Promise<void> {
  const { id, experiment_id } = await addRun(tracker, run);
  expect((await tracker.api('PATCH', `/api/runs/${id}`, { status: RunStatus.Finished })).status).toBe(200);
  path = `/experiments/${experiment_id}`;
  ids.push(id);
}

const heads = (html: string): string[] => tableOf(html).heads.map(({ text }) => text);
const rows = (html: string): string[][] => tableOf(html).rows.map((row) => row.map(({ text }) => text));

async function save(from: string, fields: Record<string, string>): Promise<string> {
  const hidden = fieldsOf(await openPage(tracker, from), `${path}/views`);
  const answer = await tracker.form(`${path}/views`, { ...hidden, ...fields });
  expect(answer.status, answer.body).toBe(303);
  return answer.headers.get('location') ?? '';
}

it('groups, a pivot and a comparison are saved, and later params and metrics change nothing of them', async () => {
  const groups = await save(`${path}/groups?order=params.lr&where=params.lr+%3C+9`, { name: 'by lr' });
  const pivot = await save(`${path}/pivot?where=params.lr+%3C+9`, { name: 'square' });
  const compare = await save(`/compare?run=${ids[0]}&run=${ids[1]}`, { name: 'two seeds' });
  expect(groups).toMatch(/^\/experiments\/\d+\/groups\?view=\d+$/);
  expect(pivot).toMatch(/^\/experiments\/\d+\/pivot\?view=\d+$/);
  expect(compare).toBe(`/compare?run=${ids[0]}&run=${ids[1]}`);
  const before = new Map<string, string>();
  for (const at of [groups, pivot, compare]) before.set(at, await openPage(tracker, at));
  expect(heads(before.get(groups) ?? '')).toEqual(['tick', 'rank', 'acc ↑', 'each run, mean', 'lr ▴', 'width', 'loss ↓', 'runs', 'members']); // prettier-ignore
  expect(rows(before.get(groups) ?? '')).toHaveLength(4);

  // Depth varies now, and three metrics say more than those that were there.
  const metrics = { 'val/accuracy': [1, 2], 'val/loss': [2, 1], 'test/accuracy': [1] };
  for (const depth of [1, 2, 3, 4, 5]) await add({ params: { lr: 9, width: 64, depth, seed: 1 }, metrics });
  const plain = await readPage(tracker, `${path}/groups`);
  expect(heads(plain)).toEqual(expect.arrayContaining(['depth', 'val/accuracy ↑']));
  for (const [at, html] of before) {
    const after = await readPage(tracker, at);
    expect(heads(after), at).toEqual(heads(html));
    expect(rows(after), at).toEqual(rows(html));
    expect(textOf(after)).not.toContain('(changed)');
  }
  for (const [ending, what] of [
    ['csv', /^lr,width,/],
    ['json', /"params.lr"/],
    ['md', /\| lr/],
    ['tex', /tabular/],
  ] as const)
    // prettier-ignore
    expect(await (await fetch(tracker.url + groups.replace('groups', `groups.${ending}`))).text()).toMatch(what);
  const file = hrefOf(await readPage(tracker, pivot), 'csv');
  expect((await tracker.get(file)).body).toBe((await tracker.get(pivot.replace('pivot?', 'pivot.csv?'))).body);
});

it('a changed one says so and can be saved; all are listed on each page and managed in one place', async () => {
  const at = await save(`${path}/groups?by=params.lr`, { name: 'lr only' });
  const id = /view=(\d+)/.exec(at)?.[1] ?? '';
  const opened = await readPage(tracker, at);
  const changed = await openPage(tracker, hrefOf(opened, 'lr'));
  expect(textOf(changed)).toContain('lr only (changed)');
  expect((await tracker.form(`/views/${id}`, fieldsOf(changed, `/views/${id}`))).status).toBe(303);
  expect(textOf(await readPage(tracker, at))).not.toContain('(changed)');
  expect(heads(await readPage(tracker, at))).toContain('lr ▴');
  expect(hrefOf(await readPage(tracker, path), 'lr only (groups)')).toBe(at);
  expect(hrefOf(await readPage(tracker, at), 'square (pivot)')).toContain('/pivot?view=');
  expect(hrefOf(await readPage(tracker, at), 'No view')).toBe(`${path}/groups`);
  const two = hrefOf(await readPage(tracker, at), 'two seeds (comparison)');
  expect(textOf(await readPage(tracker, two))).toContain('two seeds');
  const shared = await fetch(`${tracker.url}/views/${id}`, { redirect: 'manual' });
  expect(shared.headers.get('location')).toBe(at);
  const page = await openPage(tracker, `${path}/views`);
  expect(
    tableOf(page)
      .rows.map((row) => row[2]?.text)
      .sort(),
  ).toEqual(['comparison', 'groups', 'groups', 'pivot']);
  await tracker.form(`/views/${id}/trash?back=${path}/views`, {});
  await readPage(tracker, at, 409);
  await tracker.form(`/views/${id}/restore?back=${path}/views`, {});
  await readPage(tracker, at);
  await readPage(tracker, `${path}/pivot?view=${id}`, 404);
  await readPage(tracker, `${path}?view=${id}`, 404);
});

it('each page has its own default; a comparison has none', async () => {
  await save(`${path}/groups?by=params.width`, { name: 'first of groups', is_default: 'on' });
  await save(`${path}/pivot?rows=params.seed&cols=params.lr`, { name: 'first of pivots', is_default: 'on' });
  const groups = await openPage(tracker, `${path}/groups`);
  expect(textOf(groups)).toContain('This is the view first of groups, with which this page opens.');
  expect(heads(groups).slice(2, 5)).toEqual(['val/accuracy ↑', 'each run, mean', 'width']);
  expect(hrefOf(groups, 'All runs, without it')).toBe(`${path}/groups?view=plain`);
  expect(heads(await readPage(tracker, `${path}/groups?view=plain`))).toContain('depth');
  expect(textOf(await openPage(tracker, `${path}/pivot`))).toContain('seed by lr');
  expect(textOf(await readPage(tracker, path))).not.toContain('with which this experiment opens');
  // What scripts ask for is what they name.
  const api = await tracker.api<{ by: string[] }>('GET', `/api${path}/groups`);
  expect(api.body.by).toContain('params.lr');
  const view = { experiment_id: Number(path.split('/')[2]), name: 'x', page: 'compare', query: `run=${ids[0]}` };
  expect((await tracker.api('POST', '/api/views', { ...view, is_default: true })).status).toBe(400);
  const made = await tracker.api<ViewOut>('POST', '/api/views', { ...view, experiment_id: null, name: 'of all' });
  expect(made.body.address).toBe(`/compare?run=${ids[0]}`);
});

it.each([
  [{ page: 'pivot', query: 'rows=params.lr&cols=params.lr' }, 'cols'],
  [{ page: 'pivot', query: 'by=params.lr' }, 'by'],
  [{ page: 'groups', query: 'column=params.lr' }, 'column'],
  [{ page: 'groups', query: 'where=and' }, 'query'],
  [{ page: 'compare', query: '' }, 'run'],
  [{ page: 'compare', query: 'run=x' }, 'run'],
])('what would not open is refused: %j', async (view, said) => {
  const { status, body } = await tracker.api('POST', '/api/views', { name: 'wrong', ...view });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(said);
});

it('a picture is saved with all that was chosen for it, opens by its number in each format, and may be first', async () => {
  const at = await save(`${path}/pictures?kind=boxes&where=params.lr+%3D+9`, { name: 'boxes by lr' });
  expect(at).toMatch(/\/pictures\?view=\d+$/);
  const opened = await openPage(tracker, at);
  const svg = (html: string): string => /<svg class="plot large"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
  expect(textOf(opened)).toContain('boxes by lr');
  expect(svg(opened)).not.toBe('');
  // Without the view another param is what boxes are parted by now.
  for (const size of [1, 2, 3, 4, 5, 6, 7, 8]) await add({ params: { lr: 1, size }, metrics: { 'val/accuracy': [1] } });
  const after = await openPage(tracker, at);
  expect([svg(after), textOf(after).includes('(changed)')]).toEqual([svg(opened), false]);
  expect(svg(await readPage(tracker, `${path}/pictures?kind=boxes&where=params.lr+%3D+9`))).not.toBe(svg(opened));
  const file = (await tracker.get(at.replace('pictures?', 'pictures.csv?'))).body;
  expect(file).toBe((await tracker.get(hrefOf(await readPage(tracker, at), 'csv'))).body);
  expect(textOf(await readPage(tracker, `${at}&kind=histogram`))).toContain('boxes by lr (changed)');
  expect((await tracker.api('GET', `/api${path}/pictures?view=1`)).status, 'the API knows no views').toBe(400);
  const id = /view=(\d+)/.exec(at)?.[1] ?? '';
  expect((await tracker.api('PATCH', `/api/views/${id}`, { is_default: true })).status).toBe(200);
  expect(textOf(await readPage(tracker, `${path}/pictures`))).toContain('This is the view boxes by lr, with which this page opens.');
  expect(textOf(await readPage(tracker, `${path}/pictures?view=plain`))).not.toContain('This is the view');
  const wrong = { experiment_id: Number(/\d+$/.exec(path)?.[0]), name: 'w', page: 'pictures', query: 'kind=pie' };
  expect((await tracker.api('POST', '/api/views', wrong)).status).toBe(400);
}); // prettier-ignore
