// tests/browser/live.test.ts
// Purpose: open pages in a real browser show what is logged meanwhile, and whoever works on them keeps what they did.
// Why: this is what people look at while a training runs; a page that jumps or forgets is worse than an old one.
// Relevant files: shared/static/live.js, shared/static/live-morph.js, shared/static/charts.js, tests/support/browser.ts

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
let faults: string[];
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  tracker = await startTracker();
  onTestFinished(() => tracker.stop());
});
afterEach(() => expect(faults).toEqual([]));

async function open(path: string): Promise<Page> {
  const window = await openWindow(browser, tracker.url, { viewport: { width: 1280, height: 900 } });
  onTestFinished(() => window.close());
  faults = window.faults;
  await window.page.goto(path);
  // Set by nothing that loads a page: while it is there, the page was not loaded again.
  await window.page.evaluate('window.sameDocument = true');
  await window.page.getByText('This page updates by itself.').waitFor();
  return window.page;
}

async function isSame(page: Page): Promise<unknown> {
  return page.evaluate('window.sameDocument');
}

async function addRun(name: string, body: Record<string, unknown> = {}): Promise<string> {
  const made = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'live', name, ...body });
  return made.body.id;
}

async function log(run: string, values: number[], step = 1, key = 'val/loss'): Promise<void> {
  const metrics = values.map((value, place) => ({ key, value, step: step + place }));
  await tracker.api('POST', `/api/runs/${run}/log`, { metrics });
}

it('the page of a run shows a value when it is logged, and what is half typed, unfolded and focused stays', async () => {
  const run = await addRun('one', { params: { lr: 'x'.repeat(300) } });
  await log(run, [0.9, 0.8]);
  const page = await open(`/runs/${run}`);
  const tags = page.getByLabel('Tags to add');
  await tags.fill('half-ty');
  await page.locator('dd details summary').click();
  await tags.focus();
  await log(run, [0.4321], 3);
  await page.getByRole('cell', { name: '0.4321', exact: true }).first().waitFor();
  expect(await isSame(page)).toBe(true);
  expect(await tags.inputValue()).toBe('half-ty');
  expect(await page.locator('dd details[open]').count()).toBe(1);
  expect(await tags.and(page.locator(':focus')).count()).toBe(1);
  await page.keyboard.type('ped');
  expect(await tags.inputValue()).toBe('half-typed');
  await tracker.api('PATCH', `/api/runs/${run}`, { status: RunStatus.Finished, name: 'one, done' });
  await page.getByRole('heading', { level: 1, name: 'one, done' }).waitFor();
  expect(await page.locator('.head .st').innerText()).toBe('finished');
  expect(await page.title()).toContain('one, done');
});

it('the run table shows new runs and values; ticks stay with their rows, also when the order changes', async () => {
  const [first, second] = [await addRun('first'), await addRun('second')];
  await log(first, [0.9]);
  await log(second, [0.5]);
  const page = await open('/experiments/1?order=metrics.val%2Floss');
  await page.getByLabel('tick first', { exact: true }).check();
  await page.getByLabel('Tags for the ticked runs').fill('goo');
  const third = await addRun('third');
  await log(third, [0.7]);
  await log(first, [0.1], 2);
  const names = (): Promise<string[]> => page.locator('#ticks td.first a').allInnerTexts();
  await expect.poll(names).toEqual(['first', 'second', 'third']);
  expect(await page.getByLabel('tick first', { exact: true }).isChecked()).toBe(true);
  expect(await page.locator('#ticks input:checked').count()).toBe(1);
  expect(await page.getByRole('button', { name: 'Compare 1 ticked' }).count()).toBe(1);
  expect(await page.getByLabel('Tags for the ticked runs').inputValue()).toBe('goo');
  expect(await isSame(page)).toBe(true);
});

it('a chart is drawn again with the new points; a run without one gets it', async () => {
  const run = await addRun('one');
  await log(run, [0.9, 0.8]);
  const page = await open(`/runs/${run}`);
  await page.locator('figure canvas').first().waitFor();
  const drawn = (): Promise<string> =>
    page
      .locator('figure canvas')
      .first()
      .evaluate((canvas) => (canvas as unknown as { toDataURL: () => string }).toDataURL());
  const before = await drawn();
  await log(run, [0.1], 3);
  await expect.poll(drawn).not.toBe(before);
  expect(await page.locator('figure canvas').count()).toBe(1);
  expect(await page.locator('figure .drawing > svg:not(.vh)').count()).toBe(0);
  await log(run, [1, 2], 1, 'other');
  await page.locator('figure', { hasText: 'other' }).locator('canvas').waitFor();
  expect(await isSame(page)).toBe(true);
});

it('the lists follow too, and a message stays until its page is left', async () => {
  const run = await addRun('one');
  const page = await open('/experiments/1');
  await page.getByLabel('tick one', { exact: true }).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Move to the trash' }).click();
  await page.getByRole('status').waitFor();
  await page.getByText('This page updates by itself.').waitFor();
  await addRun('two');
  await page.getByLabel('tick two', { exact: true }).waitFor();
  expect(await page.getByRole('status').innerText()).toContain('1 run is in the trash.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByLabel('tick one', { exact: true }).waitFor();
  await page.goto('/experiments');
  await page.getByText('This page updates by itself.').waitFor();
  await tracker.api('POST', '/api/experiments', { name: 'brand new' });
  await page.getByRole('link', { name: 'brand new' }).waitFor();
  await page.goto('/runs');
  await page.getByText('This page updates by itself.').waitFor();
  await tracker.api('PATCH', `/api/runs/${run}`, { name: 'renamed' });
  await page.getByRole('link', { name: 'renamed' }).waitFor();
});

it('what happened while nobody looked is there when somebody does', async () => {
  const run = await addRun('one');
  await log(run, [0.9]);
  const page = await open(`/runs/${run}`);
  const hide = (hidden: boolean): Promise<unknown> =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    );
  await hide(true);
  await page.getByText('This page updates by itself.').waitFor({ state: 'hidden' });
  await log(run, [0.1234], 2);
  expect(await page.getByRole('cell', { name: '0.1234', exact: true }).count()).toBe(0);
  await hide(false);
  await page.getByRole('cell', { name: '0.1234', exact: true }).first().waitFor();
  expect(await isSame(page)).toBe(true);
});
