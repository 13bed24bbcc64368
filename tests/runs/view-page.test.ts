// tests/runs/view-page.test.ts
// Purpose: the address of a run table is the view: rows a page and several orders, kept by every link and by the filter.
// Why: a view that loses a part on the next click is no view.
// Relevant files: runs/page-schemas.ts, runs/table/page-views.ts, runs/table/experiment-views.ts, runs/table/run-list-page.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { addRun, columnOf, hrefOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

let tracker: Tracker;
let path: string;
beforeAll(async () => {
  tracker = await startTracker();
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
afterAll(() => tracker.stop());

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
