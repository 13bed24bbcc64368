// tests/browser/columns.test.ts
// Purpose: columns are found, added, moved and taken away in a real browser, with scripts and without.
// Why: the form is the view; the script may only save a click.
// Relevant files: runs/templates/columns.html, shared/static/columns.js, runs/view/chooser-pages.ts

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { addRun } from '../runs/page-support.ts';
import { openWindow, startBrowser, type Window } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let tracker: Tracker;
let browser: Browser;
let path: string;
let window: Window | undefined;
beforeAll(async () => {
  [tracker, browser] = await Promise.all([startTracker(), startBrowser()]);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`net.layer${i}.size`, i]));
  for (const lr of [1, 2])
    path = `/experiments/${(await addRun(tracker, { params: { lr, ...many }, metrics: { 'val/acc': [lr] } })).experiment_id}`;
});
afterEach(async () => {
  expect(window?.faults).toEqual([]);
  await window?.close();
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

const heads = (page: Page): Promise<string[]> => page.locator('thead th.first ~ th').allInnerTexts();

it.each([true, false])('with scripts: %s', async (javaScriptEnabled) => {
  window = await openWindow(browser, tracker.url, { javaScriptEnabled });
  const { page } = window;
  await page.goto(path);
  await page.getByRole('link', { name: 'Columns' }).click();
  const search = page.getByRole('searchbox', { name: 'Search columns' });
  await search.fill('LAYER299');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).last().click();
  const found = page.getByLabel('net.layer299.size');
  await found.check();
  await page.getByRole('button', { name: 'Move state to the right' }).click();
  await page.getByRole('button', { name: 'Move net.layer299.size to the left' }).click();
  await page.getByRole('checkbox', { name: 'took', exact: false }).first().uncheck();
  await page.getByRole('button', { name: 'Show these columns' }).click();
  await page.waitForURL(/\/experiments\/\d+\?/);
  const shown = await heads(page);
  expect(shown.map((text) => text.replace(/ [▴▾↑↓].*$/, ''))).toEqual([
    ...['lr', 'state', 'val/acc', 'started', 'net.layer299.size', 'tags'],
  ]);
  expect(page.url()).not.toContain('find=');
});

it('a view is saved and opened again without scripts', async () => {
  window = await openWindow(browser, tracker.url, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
  const { page } = window;
  await page.goto(`${path}?order=-metrics.val%2Facc`);
  await page.getByText('Save view').click();
  await page.getByLabel('Name').fill('best first');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/view=\d+$/);
  expect(await page.getByRole('link', { name: 'best first' }).getAttribute('aria-current')).toBe('true');
  await page.getByRole('link', { name: 'run', exact: true }).click();
  await page.getByText('best first (changed)').waitFor();
  await page.getByRole('button', { name: 'Save changes to best first' }).click();
  await page.waitForURL(/view=\d+$/);
  expect(await page.getByText('(changed)').count()).toBe(0);
});
