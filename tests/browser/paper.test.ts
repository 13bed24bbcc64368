// tests/browser/paper.test.ts
// Purpose: what a page is on paper: its sentence and its whole table, in light, and nothing to press.
// Why: a table is taken to a meeting; buttons, navigation and a cut frame are lost ink there.
// Relevant files: shared/static/app.css, tests/support/browser.ts

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';

let browser: Browser;
let tracker: SeededTracker;
beforeAll(async () => {
  [browser, tracker] = [await startBrowser(), await startSeeded()];
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

it.each(['', '/groups', '/params', '/conclusions'])('an experiment%s on paper', async (rest) => {
  const { page, close } = await openWindow(browser, tracker.url, { colorScheme: 'dark' });
  await page.goto(`/experiments/${tracker.digits}${rest}`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const gone of ['header.top', 'main .tabs', '.foot'])
    expect(await page.locator(gone).isVisible(), gone).toBe(false);
  // The arrow that says which way a metric is better is a button, too; it is read.
  expect(await page.locator('main :is(button:not(.turn), select, .btn):visible').count()).toBe(0);
  for (const left of ['h1', 'main .lead', 'main table']) {
    expect(await page.locator(left).first().isVisible(), left).toBe(true);
  }
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate('getComputedStyle(document.querySelector("main .scroll")).overflowX')).toBe('visible');
  await close();
});
