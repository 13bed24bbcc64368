// tests/runs/view-page.test.ts
// Purpose: the address of a run table is the view: rows a page and several orders, kept by every link and by the filter.
// Why: a view that loses a part on the next click is no view.
// Relevant files: runs/page-schemas.ts, runs/table/page-views.ts, runs/table/experiment-views.ts, runs/table/run-list-page.ts

import { beforeAll, expect, it } from 'vitest';
import { useTracker } from '../support/use.ts';
import { addRun, columnOf, hrefOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let path: string;
beforeAll(async () => {
  let id = 0;
  for (let i = 1; i <= 27; i++)
    id = (
      await addRun(tracker, {
        name: `n${String(i).padStart(2, '0')}`,
        start_time: i,
        params: { group: i % 3, width: i },
        metrics: { acc: [i % 5] },
      })
    ).experiment_id;
  path = `/experiments/${id}`;
});

const names = (html: string, head = 'run'): string[] => columnOf(tableOf(html), head).map(({ text }) => text);

it('takes so many rows a page as it says, and the links keep it', async () => {
  for (const at of [path, '/runs']) {
    const html = await openPage(tracker, `${at}?limit=25&order=name`);
    expect(textOf(html)).toContain('1 to 25 of 27 runs.');
    const next = hrefOf(html, 'Next');
    expect(next).toBe(`${at}?order=name&limit=25&page=2`);
    expect(textOf(await readPage(tracker, next))).toContain('26 to 27 of 27 runs.');
    expect(html).toContain('<input type="hidden" name="limit" value="25">');
    expect(hrefOf(html, '100')).toBe(`${at}?order=name&limit=100`);
    expect(hrefOf(html, '50')).toBe(`${at}?order=name`);
    for (const wrong of ['30', '0', '1000', 'many', '-25']) await openPage(tracker, `${at}?limit=${wrong}`, 400);
  }
});

it('orders by several keys, says so in the heads, and keeps them in every link but those of heads', async () => {
  const query = 'order=params.group&order=-params.width';
  const html = await openPage(tracker, `${path}?${query}&limit=25`);
  expect(names(html).slice(0, 3)).toEqual(['n27', 'n24', 'n21']);
  const heads = tableOf(html).heads.map(({ text, attributes }) => [text, attributes.get('aria-sort')]);
  expect(heads.filter(([text]) => /[▴▾]/.test(text ?? ''))).toEqual([
    ['width ▾2', undefined],
    ['group ▴', 'ascending'],
  ]);
  expect(hrefOf(html, 'Next')).toBe(`${path}?${query}&limit=25&page=2`);
  expect(html.match(/<input type="hidden" name="order" value="[^"]*">/g)).toHaveLength(2);
  expect(hrefOf(html, 'width ▾2')).toBe(`${path}?order=-params.width&limit=25`);
  const runs = await openPage(tracker, '/runs?order=status&order=-name');
  expect(names(runs, 'run ▾2').slice(0, 2)).toEqual(['n27', 'n26']);
  await openPage(tracker, `${path}?order=name&order=nothing`, 400);
});

it('keeps the settings of the chart when it is filtered', async () => {
  const html = await openPage(tracker, `${path}?smooth=0.6&x=time`);
  expect(html).toContain('<input type="hidden" name="smooth" value="0.6">');
  expect(html).toContain('<input type="hidden" name="x" value="time">');
});

const heads = (html: string): string[] => tableOf(html).heads.map(({ text }) => text);

it('shows the columns that its address names, in that order, and every link keeps them', async () => {
  const columns = ['metrics.acc', 'number', 'params.width', 'tags.team', 'notes', 'id', 'parent_id', 'end_time'];
  const query = columns.map((column) => `column=${column}`).join('&');
  const html = await openPage(tracker, `${path}?${query}&wide=notes&narrow=params.width&order=number`);
  expect(heads(html)).toEqual(['tick', 'run', 'acc ↑', 'number ▴', 'width', 'team', 'notes', 'id', 'parent', 'ended']);
  const row = tableOf(html).rows[0] ?? [];
  expect(row.slice(1, 6).map(({ text }) => text)).toEqual(['n01', '1', '1', '1', '–']);
  expect(row.find(({ classes }) => classes.includes('narrow'))?.text).toBe('1');
  const kept = `order=number&${query}&narrow=params.width&wide=notes`;
  for (const [link, change] of [
    ['running', 'status=running&'],
    ['25', ''],
  ] as const) {
    const href = decodeURIComponent(hrefOf(html, link));
    if (change) expect(href).toBe(`${path}?${change}${kept}`);
    else expect(href).toBe(`${path}?${kept}&limit=25`);
  }
  expect(html.match(/<input type="hidden" name="column"/g)).toHaveLength(columns.length);
  // Nothing is ordered by tags, notes and ids.
  expect(tableOf(html).heads.filter(({ html: head }) => head.includes('<a ')).map(({ text }) => text)).toEqual(
    ['run', 'acc ↑', 'number ▴', 'width', 'ended'],
  ); // prettier-ignore
});

it('says which columns nobody fills, and refuses what is no column', async () => {
  const html = await openPage(tracker, `${path}?column=params.lr&column=metrics.los&column=tags.none`);
  expect(textOf(html)).toContain('No run here has a param named lr.');
  expect(textOf(html)).toContain('No run here has a metric named los.');
  expect(tableOf(html).rows[0]?.slice(2).map(({ text }) => text)).toEqual(['–', '–', '–']); // prettier-ignore
  // The sentence above is still that of the main metric.
  expect(textOf(html)).toContain('Best acc 4');
  for (const wrong of ['column=colour', 'column=params.', 'wide=metrics', 'narrow=x']) await openPage(tracker, `${path}?${wrong}`, 400); // prettier-ignore
  expect(heads(await readPage(tracker, `${path}?column=`))).toContain('width');
});
