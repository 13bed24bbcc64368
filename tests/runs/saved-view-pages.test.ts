// tests/runs/saved-view-pages.test.ts
// Purpose: saved views as people use them: save, open by a short address, change, rename, open first, delete, undo; without scripts.
// Why: a view is shared by its address, and must show the same next year, whatever was logged meanwhile.
// Relevant files: runs/view/saved-pages.ts, runs/view/open-view.ts, runs/view/saved-views.ts, runs/templates/_views.html

import { beforeAll, expect, it } from 'vitest';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, fieldsOf, hrefOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;
beforeAll(async () => {
  let id = 0;
  for (const [name, lr, acc] of [
    ['a', 1, 0.5],
    ['b', 2, 0.7],
    ['c', 3, 0.6],
  ] as const)
    // prettier-ignore
    id = (await addRun(tracker, { name, params: { lr, width: 8 }, metrics: { acc: [acc] } })).experiment_id;
  path = `/experiments/${id}`;
});

const heads = (html: string): string[] => tableOf(html).heads.map(({ text }) => text).slice(1); // prettier-ignore
const rows = (html: string): string[] => tableOf(html).rows.map((row) => row[1]?.text ?? '');

async function save(from: string, fields: Record<string, string>): Promise<string> {
  const hidden = fieldsOf(await readPage(tracker, from), `${path}/views`);
  const answer = await tracker.form(`${path}/views`, { ...hidden, ...fields });
  expect(answer.status, answer.body).toBe(303);
  return answer.headers.get('location') ?? '';
}

function flashOf({ headers }: Answer): { text: string; kind: string; undo?: { action: string } } {
  const cookie = /flash=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';
  return JSON.parse(Buffer.from(decodeURIComponent(cookie), 'base64url').toString()) as ReturnType<typeof flashOf>;
}

it('is saved with the columns that were shown, and new data change nothing of it', async () => {
  const at = await save(`${path}?order=-metrics.acc&order=name`, { name: 'best first' });
  expect(at).toMatch(/view=\d+$/);
  const before = await openPage(tracker, at);
  expect(rows(before)).toEqual(['b', 'c', 'a']);
  expect(heads(before)).toEqual(['run ▴2', 'state', 'lr', 'acc ↑ ▾', 'took', 'started', 'tags']);
  expect(textOf(before)).toContain('best first');
  expect(textOf(before)).not.toContain('(changed)');
  await addRun(tracker, {
    ...{ name: 'd', params: { lr: 9, width: 16, depth: 3 }, tags: { new: '' } },
    metrics: { acc: [0.9], 'val/acc': [0.4] },
  });
  const after = await readPage(tracker, at);
  expect(heads(after)).toEqual(heads(before));
  expect(rows(after)).toEqual(['d', 'b', 'c', 'a']);
  expect(heads(await readPage(tracker, path))).toContain('val/acc ↑');
});

it('says when what is shown was changed since, and can be changed itself', async () => {
  const at = await save(`${path}?order=name&column=params.lr`, { name: 'by name' });
  const opened = await readPage(tracker, at);
  const turned = hrefOf(opened, 'run ▴');
  expect(turned).toContain('order=-name');
  const html = await openPage(tracker, turned);
  expect(textOf(html)).toContain('by name (changed)');
  expect(rows(html)).toEqual(['d', 'c', 'b', 'a']);
  const action = `/views/${/view=(\d+)/.exec(at)?.[1]}`;
  const change = await tracker.form(action, fieldsOf(html, action));
  expect(change.status).toBe(303);
  expect(rows(await readPage(tracker, at))).toEqual(['d', 'c', 'b', 'a']);
  expect(textOf(await readPage(tracker, turned))).not.toContain('(changed)');
  // A way back to the same view by other clicks is the same view.
  const twice = hrefOf(await readPage(tracker, hrefOf(await readPage(tracker, turned), 'run ▾')), 'run ▴');
  expect(textOf(await readPage(tracker, twice))).not.toContain('(changed)');
  expect(hrefOf(html, 'No view')).toBe(path);
});

it('one may be what the experiment opens with; it says so, and offers all runs', async () => {
  const at = await save(`${path}?where=params.lr+%3E+1&column=params.lr`, { name: 'fast <ones>', is_default: 'on' });
  const html = await openPage(tracker, path);
  expect(rows(html).sort()).toEqual(['b', 'c', 'd']);
  expect(textOf(html)).toContain('This is the view fast <ones>, with which this experiment opens.');
  const plain = hrefOf(html, 'All runs, without it');
  expect(plain).toBe(`${path}?view=plain`);
  const all = await openPage(tracker, plain);
  expect(rows(all).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(hrefOf(all, 'run')).toBe(`${path}?order=name&view=plain`);
  expect(rows(await readPage(tracker, `${path}?order=name`))).toEqual(['a', 'b', 'c', 'd']);
  const id = /view=(\d+)/.exec(at)?.[1];
  const off = await tracker.form(`/views/${id}/default?back=${path}/views`, {});
  expect(flashOf(off).text).toBe('The page opens without a view now.');
  expect(rows(await readPage(tracker, path))).toHaveLength(4);
});

it('is renamed, deleted and brought back; its short address stays', async () => {
  const at = await save(`${path}?order=name`, { name: 'short' });
  const id = /view=(\d+)/.exec(at)?.[1];
  const back = `${path}/views`;
  expect((await fetch(`${tracker.url}/views/${id}`, { redirect: 'manual' })).headers.get('location')).toBe(at);
  expect((await tracker.form(`/views/${id}/rename?back=${back}`, { name: 'shorter' })).status).toBe(303);
  const taken = await tracker.form(`/views/${id}/rename?back=${back}`, { name: 'best first' });
  expect(flashOf(taken)).toMatchObject({ kind: 'problem', text: 'There is a view named best first already.' });
  const page = await openPage(tracker, back);
  expect(page).toContain('value="shorter"');
  const deleted = await tracker.form(`/views/${id}/trash?back=${back}`, {});
  const { undo } = flashOf(deleted);
  await readPage(tracker, at, 409);
  await readPage(tracker, `/views/${id}`, 409);
  expect(textOf(await openPage(tracker, back))).toContain('Trash');
  expect((await tracker.form(undo?.action ?? '', {})).headers.get('location')).toBe(back);
  await readPage(tracker, at);
});

it('one for all experiments opens in each of them; one of another experiment in none', async () => {
  const at = await save(`${path}?order=name&column=metrics.acc`, { name: 'everywhere', all: 'on', is_default: 'on' });
  const { experiment_id } = await addRun(tracker, { experiment: 'second', name: 's', metrics: { acc: [1] } });
  const second = `/experiments/${experiment_id}`;
  const id = /view=(\d+)/.exec(at)?.[1];
  expect(hrefOf(await readPage(tracker, second), 'everywhere')).toBe(`${second}?view=${id}`);
  expect(heads(await openPage(tracker, `${second}?view=${id}`))).toEqual(['run ▴', 'acc ↑']);
  await readPage(tracker, `${second}?view=1`, 404);
  await readPage(tracker, `${second}?view=99`, 404);
  for (const wrong of ['0', 'x', '-1']) await readPage(tracker, `${second}?view=${wrong}`, 400);
  expect(textOf(await openPage(tracker, `${second}/views`))).toContain('all experiments');
});

it('what is wrong is said where it was typed, or refused', async () => {
  const twice = await tracker.form(`${path}/views`, { name: 'best first', page: 'table', query: 'order=name' });
  expect(twice.headers.get('location')).toBe(`${path}?order=name`);
  expect(flashOf(twice).kind).toBe('problem');
  expect(flashOf(await tracker.form(`${path}/views`, { name: '', page: 'table', query: '' })).kind).toBe('problem');
  expect((await tracker.form(`${path}/views`, { name: 'x', page: 'table', query: 'order=colour' })).status).toBe(400);
  expect((await tracker.form('/views/1/trash?back=//example.com', {})).status).toBe(400);
  expect(textOf(await openPage(tracker, `/experiments/${(await addRun(tracker, { experiment: 'third' })).experiment_id}/views`))).toContain('everywhere'); // prettier-ignore
});
