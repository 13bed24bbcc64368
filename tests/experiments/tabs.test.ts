// tests/experiments/tabs.test.ts
// Purpose: the pages of an experiment lead to each other, and the filter goes along where runs are filtered.
// Why: a reader who sees runs by configuration next must see the same runs.
// Relevant files: experiments/tabs.ts, shared/templates/_parts.html

import { beforeAll, expect, it } from 'vitest';
import { addRun, linksOf, openPage } from '../runs/page-support.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let path = '';
beforeAll(async () => {
  const run = await addRun(tracker, { experiment: 'tabbed', params: { lr: '0.1' }, metrics: { acc: [0.5] } });
  path = `/experiments/${run.experiment_id}`;
});

const LABELS = ['Runs', 'Groups', 'Pivot', 'Conclusions', 'Pictures', 'Metrics', 'Params', 'Decisions'];

async function tabsOf(page: string): Promise<{ html: string; hrefs: string[] }> {
  const html = await openPage(tracker, page);
  const tabs = /<nav class="tabs"[^]*?<\/nav>/.exec(html)?.[0] ?? '';
  const links = linksOf(tabs);
  expect(links.map(({ text }) => text)).toEqual(LABELS);
  return { html: tabs, hrefs: links.map(({ href }) => href) };
}

it('each leads to all others and marks itself', async () => {
  const { hrefs } = await tabsOf(path);
  for (const [place, href] of hrefs.entries()) {
    const { html, hrefs: there } = await tabsOf(href);
    expect(there).toEqual(hrefs);
    expect(html.match(/<a [^>]*aria-current="page"[^>]*>[^<]*/g)?.map((one) => one.replace(/.*>/, ''))).toEqual([
      LABELS[place],
    ]);
  }
});

it('the filter goes along to all that filter runs', async () => {
  const filter = '?where=params.lr%20%3D%200.1&tag=x';
  const { hrefs } = await tabsOf(path + filter);
  const [runs, groups, pivot, conclusions, pictures, metrics, params, decisions] = hrefs;
  for (const href of [runs, groups, pivot, conclusions, pictures]) {
    const query = new URL(href ?? '', tracker.url).searchParams;
    expect([query.get('where'), query.get('tag')]).toEqual(['params.lr = 0.1', 'x']);
  }
  expect([metrics, params, decisions]).toEqual([`${path}/metrics`, `${path}/params`, `${path}/decisions`]);
});

it('what a page is grouped by goes to the pages that group', async () => {
  const { hrefs } = await tabsOf(`${path}/groups?by=params.lr&metric=acc`);
  const query = (place: number): URLSearchParams => new URL(hrefs[place] ?? '', tracker.url).searchParams;
  expect([query(3).get('by'), query(3).get('metric')]).toEqual(['params.lr', 'acc']);
  expect([query(2).get('by'), query(2).get('metric')]).toEqual([null, 'acc']);
});
