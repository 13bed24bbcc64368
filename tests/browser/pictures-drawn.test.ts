// tests/browser/pictures-drawn.test.ts
// Purpose: a stretch drawn on an axis of parallel coordinates becomes a filter; axe finds nothing on pictures; scripts stay small.
// Why: only a real browser turns a move of the pointer into units of a picture.
// Relevant files: shared/static/brush.js, runs/pictures/parallel.ts, runs/templates/pictures.html

import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';

let browser: Browser;
let tracker: SeededTracker;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startSeeded()]);
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

it('a stretch of an axis is kept as bounds in the filter, and shown in the fields below', async () => {
  const { page, requests, faults, close } = await openWindow(browser, tracker.url);
  await page.goto(`/experiments/${tracker.digits}/pictures?kind=parallel`);
  const axis = await page.locator('g[data-axis="metrics.val/accuracy"] rect').boundingBox();
  if (!axis) throw new Error('the axis is not to be seen');
  const x = axis.x + axis.width / 2;
  await page.mouse.move(x, axis.y + 2);
  await page.mouse.down();
  await page.mouse.move(x, axis.y + axis.height / 4, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/where=/);
  const where = new URL(page.url()).searchParams.get('where') ?? '';
  const [, from = '', to = ''] = /^metrics\.val\/accuracy >= ([\d.]+) and metrics\.val\/accuracy <= ([\d.]+)$/.exec(where) ?? [];
  expect(Number(from), where).toBeGreaterThan(0.7);
  expect(Number(to), where).toBeLessThanOrEqual(1);
  expect(Number(from)).toBeLessThan(Number(to));
  expect(await page.getByLabel('val/accuracy from').inputValue()).toBe(from);
  await page.waitForLoadState('networkidle');
  const scripts = requests.filter(({ url }) => url.endsWith('.js')).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(scripts).toBeLessThan(60 * 1024);
  await close();
  expect(faults).toEqual([]);
}); // prettier-ignore

it.each(['light', 'dark'] as const)('axe finds nothing on any picture, %s', async (colorScheme) => {
  const { page, close } = await openWindow(browser, tracker.url, { colorScheme });
  for (const kind of ['scatter&color=params.optimizer', 'histogram', 'boxes', 'parallel', 'importance']) {
    await page.goto(`/experiments/${tracker.digits}/pictures?kind=${kind}`);
    // By the debugger: a script of the page itself is what its policy forbids.
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
    });
    expect(found, kind).toEqual([]);
  }
  await close();
});
