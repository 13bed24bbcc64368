// tests/browser/odd.test.ts
// Purpose: names, values and steps that nobody expects, on the pages that show them: none is wider than its window; conclusions fit in.
// Why: one long value must not push the rest of a page out of sight, on a screen of 1280 or of 390 pixels.
// Relevant files: shared/static/app.css, tests/support/browser.ts, tests/runs/page-support.ts

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startSeeded } from '../support/seeded.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { addRun } from '../runs/page-support.ts';

const LINE = 'l'.repeat(400);
const NAMES = ['x'.repeat(300), 'مرحبا \u202e RTL', '"q" <b>b</b> & | $x$'];

let browser: Browser;
let tracker: Tracker;
let pages: string[];
beforeAll(async () => {
  browser = await startBrowser();
  tracker = await startTracker();
  const runs: string[] = [];
  for (const [i, name] of NAMES.entries()) {
    const metrics = { loss: [1, 0.5 + i], odd: [1e308, -1e308], [`m/${LINE}`]: [i, 2] };
    const params = { long: `${LINE}${i}`, [LINE]: i, ['W'.repeat(80)]: `${LINE}${i}` };
    const run = await addRun(tracker, { experiment: 'odd', name, params, metrics, status: RunStatus.Finished });
    runs.push(run.id);
  }
  const all = runs.map((id) => `run=${id}`).join('&');
  const of = [
    '',
    '/groups',
    '/pivot',
    '/pictures',
    '/conclusions',
    '/metrics',
    '/params',
    '/columns',
    '/decisions',
    '/views',
  ];
  const experiment = of.map((path) => `/experiments/1${path}`);
  pages = ['/experiments', '/runs', ...experiment, `/runs/${runs[0]}`, `/compare?${all}`, `/curves?${all}&key=odd`];
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

it.each([1280, 390])('no page is wider than a window of %d', async (width) => {
  const { page, close } = await openWindow(browser, tracker.url);
  await page.setViewportSize({ width, height: 900 });
  const wide: string[] = [];
  for (const path of pages) {
    expect((await page.goto(path))?.status(), path).toBe(200);
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (over > 0) wide.push(`${path.slice(0, 40)}: ${over} px`);
  }
  await close();
  expect(wide).toEqual([]);
});

it('at 390 the end of a long name is seen, and a short name takes one line', async () => {
  const { page, close } = await openWindow(browser, tracker.url, { viewport: { width: 390, height: 900 } });
  const short = await addRun(tracker, { experiment: 'odd', name: 'adam-lr0.01-w64-s2' });
  const long = await addRun(tracker, { experiment: 'odd', name: `${'sweep lr=0.1 '.repeat(9)}the-end` });
  await page.goto('/runs');
  // [cut off at the side, lines of the name]
  const seen = (id: string): Promise<number[]> =>
    page.evaluate<number[]>(`(() => {
      const cell = document.querySelector('[data-key="${id}"] td.first');
      return [Math.max(0, cell.scrollWidth - cell.clientWidth), cell.querySelector('a').getClientRects().length];
    })()`);
  expect(await seen(short.id)).toEqual([0, 1]);
  const [cut, lines] = await seen(long.id);
  expect([cut, (lines ?? 0) > 1]).toEqual([0, true]);
  await close();
});

it('conclusions of the digits are seen whole at 1280, to the seeds that are needed', async () => {
  const seeded = await startSeeded();
  const { page, close } = await openWindow(browser, seeded.url);
  await page.setViewportSize({ width: 1280, height: 900 });
  const cut: string[] = [];
  for (const query of ['', '?pairs=params.optimizer']) {
    await page.goto(`/experiments/${seeded.digits}/conclusions${query}`);
    const over =
      "(() => { const one = document.querySelector('.scroll'); return one.scrollWidth - one.clientWidth; })()";
    const by = await page.evaluate<number>(over);
    if (by > 0) cut.push(`${query}: ${by} px`);
  }
  await close();
  await seeded.stop();
  expect(cut).toEqual([]);
});
