// tests/runs/columns-page.test.ts
// Purpose: the chooser of columns without scripts: search, add, take away, move, widths, folds; ten thousand keys.
// Why: a table with a thousand params is of use only if its columns can be found.
// Relevant files: runs/view/chooser-pages.ts, runs/view/chooser-views.ts, runs/view/fold.ts, runs/view/key-queries.ts

import { beforeAll, expect, it } from 'vitest';
import { foldByPrefix } from '../../runs/view/fold.ts';
import { decode, tagsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;
beforeAll(async () => {
  for (const lr of [1, 2]) {
    const { experiment_id } = await addRun(tracker, {
      ...{ name: `run ${lr}`, tags: { team: `t${lr}` } },
      params: { lr, 'model.layers': 2, 'model.width': lr * 8, 'model.Head.size': 1, 'data/batch': 8, 'odd <key> & "x"': lr },
      metrics: { 'val/acc': [lr], loss: [lr] },
    }); // prettier-ignore
    path = `/experiments/${experiment_id}`;
  }
});

const boxes = (html: string, name: string, checked: boolean): string[] =>
  tagsOf(html)
    .filter(({ attributes }) => attributes.get('name') === name && attributes.get('type') === 'checkbox')
    .filter(({ attributes }) => attributes.has('checked') === checked)
    .map(({ attributes }) => decode(attributes.get('value') ?? ''));
const shown = (html: string): string[] => boxes(html, 'column', true);
const offered = (html: string): string[] => boxes(html, 'column', false);

it('begins with what the table shows, and offers all else by kind, nested keys folded', async () => {
  const table = await readPage(tracker, `${path}?order=name&limit=25`);
  const html = await openPage(tracker, hrefOf(table, 'Columns'));
  expect(shown(html)).toEqual([
    ...['status', 'params.lr', 'params.model.width', 'params.odd <key> & "x"'],
    ...['metrics.val/acc', 'metrics.loss', 'duration', 'start_time', 'tags'],
  ]);
  expect(offered(html)).toEqual([
    ...['end_time', 'created_at', 'number', 'notes', 'parent_id', 'id'],
    ...['params.data/batch', 'params.model.Head.size', 'params.model.layers', 'tags.team'],
  ]);
  expect(html).toContain('<input type="hidden" name="limit" value="25">');
  expect(hrefOf(html, 'Cancel')).toBe(`${path}?order=name&limit=25`);
});

it('finds keys by any part, whatever the case', async () => {
  const html = await openPage(tracker, `${path}/columns?column=params.lr&find=HEAD`);
  expect(offered(html)).toEqual(['params.model.Head.size']);
  expect(shown(html)).toEqual(['params.lr']);
  expect(textOf(await openPage(tracker, `${path}/columns?find=nothing+like+it`))).toContain('Nothing else is named');
});

it('moves columns, keeps their widths, and leads back to the table', async () => {
  const query = 'column=params.lr&column=number&column=metrics.loss&wide=number&order=name&find=';
  const left = await openPage(tracker, `${path}/columns?${query}&move=-1+number`);
  expect(shown(left)).toEqual(['number', 'params.lr', 'metrics.loss']);
  expect(boxes(left, 'wide', true)).toEqual(['number']);
  for (const [move, order] of [
    ['1 number', ['params.lr', 'metrics.loss', 'number']],
    ['-1 params.lr', ['params.lr', 'number', 'metrics.loss']],
    ['1 metrics.loss', ['params.lr', 'number', 'metrics.loss']],
    ['1 notes', ['params.lr', 'number', 'metrics.loss']],
  ] as const)
    expect(shown(await readPage(tracker, `${path}/columns?${query}&move=${encodeURIComponent(move)}`))).toEqual(order);
  const answer = await fetch(`${tracker.url}${path}/columns?${query}&narrow=notes&do=show`, { redirect: 'manual' });
  const to = answer.headers.get('location') ?? '';
  expect(to).toBe(`${path}?order=name&column=params.lr&column=number&column=metrics.loss&wide=number`);
  expect(tableOf(await openPage(tracker, to)).heads.map(({ text }) => text)).toEqual(
    ['tick', 'run ▴', 'lr', 'number', 'loss ↓'].map((head) => expect.stringContaining(head.split(' ')[0] ?? '') as string),
  ); // prettier-ignore
  for (const wrong of ['move=2+number', 'move=number', 'do=nothing', 'column=colour', 'find='.padEnd(1200, 'a')])
    await readPage(tracker, `${path}/columns?${wrong}`, 400);
  await readPage(tracker, '/experiments/99/columns', 404);
});

it('orders by several keys, chosen from the columns', async () => {
  const html = await openPage(tracker, `${path}/columns?order=-metrics.loss&order=name&column=params.lr`);
  const selects = html.match(/<select name="order">[\s\S]*?<\/select>/g) ?? [];
  const chosen = selects.map((one) => /value="([^"]*)" selected/.exec(one)?.[1]);
  expect(chosen).toEqual(['-metrics.loss', 'name', undefined]);
  expect(selects[0]).toContain('<option value="-params.lr">params.lr, downwards</option>');
  const query = 'order=-params.lr&order=&order=name&column=params.lr&do=show';
  const answer = await fetch(`${tracker.url}${path}/columns?${query}`, { redirect: 'manual' });
  expect(answer.headers.get('location')).toBe(`${path}?order=-params.lr&order=name&column=params.lr`);
  await readPage(tracker, `${path}/columns?order=colour`, 400);
});

it('ten thousand keys: some are offered, all are counted, each is found', async () => {
  const params = (from: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`part${(from + i) % 50}.key${from + i}`, i]));
  const { body } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', {
    ...{ experiment: 'large', params: params(0) },
  });
  await tracker.api('POST', `/api/runs/${body.id}/log`, { params: params(5_000) });
  await addRun(tracker, { experiment: 'large', params: { 'part1.key1': 'other' } });
  const at = `/experiments/${body.experiment_id}`;
  const html = await openPage(tracker, `${at}/columns`);
  expect(/60 of 10,000: search for the others/.test(textOf(html))).toBe(true);
  expect(offered(html).length).toBeLessThan(100);
  expect(offered(await readPage(tracker, `${at}/columns?find=key9876`))).toEqual(['params.part26.key9876']);
  const table = await openPage(tracker, at);
  expect(table.length).toBeLessThan(80_000);
  expect(/others \(6,000\)/.test(textOf(table))).toBe(true);
});

it('folds three keys or more with the same beginning', () => {
  const keys = ['a', 'm.x', 'm.y', 'n/x', 'm.z.w', 'n/y', '.b', 'c.'].map((key) => ({ key }));
  const folds = foldByPrefix(keys).map(({ prefix, items }) => [prefix, items.map(({ key }) => key)]);
  expect(folds).toEqual([
    ['', ['a', 'n/x', 'n/y', '.b', 'c.']],
    ['m.', ['m.x', 'm.y', 'm.z.w']],
  ]);
});
