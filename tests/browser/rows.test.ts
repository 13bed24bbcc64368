// tests/browser/rows.test.ts
// Purpose: a run table in a real browser: by keys alone, ticks over pages with and without scripts, Undo of what was done with many.
// Why: this is where hundreds of runs are gone through; a key that types into a field, or a tick that is lost, costs trust.
// Relevant files: shared/static/rows.js, shared/static/app.js, runs/templates/_table.html, tests/support/browser.ts

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openWindow, startBrowser, type WindowOptions } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
let faults: string[] = [];
const ids: string[] = [];
const PATH = '/experiments/1?order=name&limit=25';

beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  for (let i = 1; i <= 30; i++) ids.push(await addRun(`r${String(i).padStart(2, '0')}`));
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});
afterEach(() => expect(faults).toEqual([]));

async function addRun(name: string): Promise<string> {
  return (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'rows', name })).body.id;
}

async function open(path: string, options: WindowOptions = {}): Promise<Page> {
  const window = await openWindow(browser, tracker.url, { viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => window.close());
  faults = window.faults;
  await window.page.goto(path);
  await window.page.waitForLoadState('networkidle');
  return window.page;
}

const focused = (page: Page): Promise<string> => page.locator(':focus').innerText();
const tickedOn = (page: Page): Promise<string[]> =>
  page.locator('#ticks tr:has(input[name=run]:checked) td.first a.k').allInnerTexts();

it('j and k go along the rows, x ticks, c compares, Enter opens', async () => {
  const page = await open(PATH);
  await page.keyboard.press('j');
  await expect.poll(() => focused(page)).toBe('r01');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  await expect.poll(() => tickedOn(page)).toEqual(['r02', 'r03']);
  expect(await focused(page)).toBe('r03');
  await expect.poll(() => page.url()).toContain('tick=1_2.3');
  for (let i = 0; i < 40; i++) await page.keyboard.press('j');
  await expect.poll(() => focused(page)).toBe('r25');
  const seen = await page.locator('tr:has(:focus)').evaluate((row) => {
    const { top, bottom } = (row as unknown as { getBoundingClientRect: () => { top: number; bottom: number } }).getBoundingClientRect();
    return top >= 0 && bottom <= 900;
  });
  expect(seen).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'r25' }).waitFor();
  await page.goBack();
  await page.keyboard.press('c');
  await page.waitForURL(/\/compare\?/);
  expect(new URL(page.url()).searchParams.getAll('run')).toEqual([ids[1], ids[2]]);
}); // prettier-ignore

it('keys do nothing while somebody types, or with Ctrl and Alt; / goes to the filter', async () => {
  const page = await open(PATH);
  await page.keyboard.press('/');
  await page.keyboard.type('jxck?');
  expect(await page.getByLabel('Filter runs').inputValue()).toBe('jxck?');
  await page.getByLabel('Tags for the ticked runs').fill('');
  await page.getByLabel('Tags for the ticked runs').pressSequentially('jxk');
  expect(await page.getByLabel('Tags for the ticked runs').inputValue()).toBe('jxk');
  expect(await tickedOn(page)).toEqual([]);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Alt+j');
  expect(await page.locator('#ticks a:focus').count()).toBe(0);
  await page.getByLabel('tick r04', { exact: true }).check();
  await page.keyboard.press('j');
  await expect.poll(() => focused(page)).toBe('r05');
});

it('? shows the keys in a box, Escape closes it; a link does the same, and is a page of its own without scripts', async () => {
  const page = await open(PATH);
  await page.keyboard.press('?');
  const box = page.getByRole('dialog', { name: 'Keys for this table' });
  await box.waitFor();
  expect(await box.innerText()).toContain('tick the run, or untick it');
  await page.keyboard.press('j');
  expect(await page.locator('#ticks a:focus').count()).toBe(0);
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'hidden' });
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('link', { name: 'Keys for this table' }).click();
  await box.waitFor();
  const plain = await open(PATH, { javaScriptEnabled: false });
  await plain.getByText('More', { exact: true }).click();
  await plain.getByRole('link', { name: 'Keys for this table' }).click();
  expect(await plain.locator('h1').innerText()).toBe('Keys');
});

it('ticks are kept over pages, an order and a filter; tick all on this page', async () => {
  const page = await open(PATH);
  await page.getByLabel('tick r01', { exact: true }).check();
  await page.getByLabel('tick r02', { exact: true }).check();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('2 more are ticked on other pages.').waitFor();
  await page.getByRole('button', { name: 'Compare 2 ticked' }).waitFor();
  await page.getByLabel('all on this page').check();
  await page.getByRole('button', { name: 'Compare 7 ticked' }).waitFor();
  await page.getByRole('columnheader', { name: 'run' }).getByRole('link').click();
  await page.waitForURL(/order=-name/);
  expect(await tickedOn(page)).toEqual(['r30', 'r29', 'r28', 'r27', 'r26']);
  await page.getByLabel('Filter runs').fill('name ~ r0');
  await page.keyboard.press('Enter');
  await page.waitForURL(/where=/);
  expect(await tickedOn(page)).toEqual(['r02', 'r01']);
  await page.getByLabel('tick r02', { exact: true }).uncheck();
  await page.getByRole('link', { name: 'Untick all' }).click();
  await page.waitForURL((url) => !url.searchParams.has('tick'));
  expect(await tickedOn(page)).toEqual([]);
});

it('without scripts the same by the button that keeps them', async () => {
  const page = await open(PATH, { javaScriptEnabled: false });
  await page.getByLabel('tick r01', { exact: true }).check();
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Keep ticked for other pages' }).click();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByText('1 more is ticked on other pages.').waitFor();
  await page.getByLabel('tick r26', { exact: true }).check();
  await page.getByLabel('Tags for the ticked runs').fill('two');
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  expect(await page.getByRole('status').innerText()).toContain('Tagged 2 runs: two.');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await page.getByRole('status').innerText()).toContain('2 runs are as they were before.');
  const tagged = await tracker.api<{ total: number }>('GET', '/api/runs?tag=two');
  expect(tagged.body.total).toBe(0);
});

it.each([true, false])('all that match, with scripts: %s: asked first, done, undone', async (javaScriptEnabled) => {
  const page = await open(PATH, { javaScriptEnabled });
  await page.getByLabel('all 30 that match').check();
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('State for the ticked runs').selectOption('failed');
  await page.getByRole('button', { name: 'Set the state' }).click();
  await page.getByRole('heading', { name: 'Set 30 runs to failed?' }).waitFor();
  expect(await page.locator('main').innerText()).toContain('30 running');
  await page.getByRole('button', { name: 'Set the state' }).click();
  await page.getByText('30 runs set to failed.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('30 runs are as they were before.').waitFor();
  expect((await tracker.api<{ total: number }>('GET', '/api/runs?status=running')).body.total).toBe(30);
});

it('who stands on a row stays there when the table changes', async () => {
  const page = await open(PATH);
  await page.getByText('This page updates by itself.').waitFor();
  for (const name of ['r01', 'r02', 'r03']) {
    await page.keyboard.press('j');
    await expect.poll(() => focused(page)).toBe(name);
  }
  await page.keyboard.press('x');
  await expect.poll(() => tickedOn(page)).toEqual(['r03']);
  const late = await addRun('a first one');
  await page.getByRole('link', { name: 'a first one' }).waitFor();
  expect(await focused(page)).toBe('r03');
  expect(await tickedOn(page)).toEqual(['r03']);
  await page.keyboard.press('k');
  await expect.poll(() => focused(page)).toBe('r02');
  await tracker.api('DELETE', `/api/runs/${late}`);
});
