// tests/browser/keys.test.ts
// Purpose: the keys that scripts add: `/` goes to the search that is seen, Escape closes an open menu.
// Why: a key that goes to a hidden field, or is swallowed for nothing, is worse than none.
// Relevant files: shared/static/app.js, shared/templates/base.html

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
let run: string;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'keys', name: 'one' });
  run = body.id;
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

async function open(path: string, width = 1280): Promise<Page> {
  const { page, close } = await openWindow(browser, tracker.url, { viewport: { width, height: 844 } });
  onTestFinished(close);
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  return page;
}

it.each([1280, 390])('at %i px: / goes to the search of the page, else to the one of every page', async (width) => {
  const list = await open('/experiments', width);
  await list.keyboard.press('/');
  const own = list.locator('main input[type=search]');
  expect(await list.locator('main input[type=search]:focus').count()).toBe(1);
  expect(await own.inputValue()).toBe('');
  await list.keyboard.type('a/b');
  expect(await own.inputValue()).toBe('a/b');
  const page = await open(`/runs/${run}`, width);
  await page.keyboard.press('/');
  const common = page.locator('header input[type=search]');
  expect(await common.isVisible()).toBe(true);
  expect(await page.locator('header input[type=search]:focus').count()).toBe(1);
});

it('/ passes over a search that is not seen, and does nothing without one', async () => {
  const page = await open('/experiments');
  await page.evaluate(`document.querySelector('main form[role=search]').hidden = true`);
  await page.keyboard.press('/');
  expect(await page.locator('header input[type=search]:focus').count()).toBe(1);
  await page.evaluate(`document.activeElement.blur()`);
  await page.evaluate(`document.querySelector('header form').hidden = true`);
  await page.evaluate(`addEventListener('keydown', (event) => (globalThis.swallowed = event.defaultPrevented))`);
  await page.keyboard.press('/');
  expect(await page.evaluate('globalThis.swallowed')).toBe(false);
  expect(await page.locator('input:focus').count()).toBe(0);
});

it('Escape closes a menu and leaves the cursor at it', async () => {
  const page = await open(`/runs/${run}`);
  const menu = page.locator('details.menu').first();
  await menu.locator('summary').click();
  expect(await menu.getAttribute('open')).not.toBeNull();
  await menu.locator('a').first().focus();
  await page.keyboard.press('Escape');
  expect(await menu.getAttribute('open')).toBeNull();
  expect(await menu.locator('summary:focus').count()).toBe(1);
});
