// tests/browser/budget.test.ts
// Purpose: what an experiment's page with 27 runs costs a fresh browser: bytes over the wire, requests, hosts.
// Why: a page that is heavy on the first visit is heavy for everybody who is sent its address.
// Relevant files: tests/support/browser.ts, tests/support/seeded.ts, shared/static/app.css

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';

const BYTES_MAX = 80 * 1024;
const REQUESTS_MAX = 8;

let browser: Browser;
let tracker: SeededTracker;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startSeeded()]);
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

it.each([
  ['with scripts', true],
  ['without scripts', false],
])('the page of 27 runs, %s, is at most 80 KiB in 8 requests, all to the tracker', async (_, javaScriptEnabled) => {
  const { page, requests, faults, close } = await openWindow(browser, tracker.url, { javaScriptEnabled });
  await page.goto(`/experiments/${tracker.digits}`);
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('checkbox', { name: /^tick / }).count()).toBe(27);
  await close();
  const list = requests.map(({ url, bytes }) => `${bytes} ${url.replace(tracker.url, '')}`).join('\n');
  const bytes = requests.reduce((sum, request) => sum + request.bytes, 0);
  expect(
    requests.every((request) => request.bytes > 0 && request.status === 200),
    list,
  ).toBe(true);
  expect(bytes, list).toBeLessThanOrEqual(BYTES_MAX);
  expect(requests.length, list).toBeLessThanOrEqual(REQUESTS_MAX);
  expect(faults).toEqual([]);
});
