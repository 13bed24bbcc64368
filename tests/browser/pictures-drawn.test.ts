// tests/browser/pictures-drawn.test.ts
// Purpose: a stretch drawn on an axis of parallel coordinates becomes a filter, by pointer and by keys; every control of pictures, conclusions and comparisons is reached by Tab; axe finds nothing on pictures.
// Why: only a real browser turns a move of the pointer into units of a picture, and knows where the focus goes.
// Relevant files: shared/static/brush.js, shared/static/picture-keys.js, runs/pictures/parallel.ts, runs/templates/pictures.html

import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
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

/** Where the focus is: noted with its ring, once for each control; `closed`: at something that Enter opens. */
const STEP = `(() => {
  const walk = (globalThis.walk ??= { seen: new Set(), faults: [] });
  const one = document.activeElement;
  if (!one || one === document.body || walk.seen.has(one)) return walk.seen.size > 0 ? 'round' : 'on';
  walk.seen.add(one);
  const drawn = one.matches('g[data-axis]') ? one.querySelector('rect') : one;
  const style = getComputedStyle(drawn);
  const hasRing = drawn === one ? style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 : style.stroke !== 'none';
  const box = one.getBoundingClientRect();
  const isSeen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (!hasRing || !isSeen) walk.faults.push((hasRing ? 'out of sight: ' : 'without a ring: ') + one.outerHTML.slice(0, 120));
  return one.matches('summary') && !one.parentElement.open ? 'closed' : 'on';
})()`;
const MISSED = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [data-run], [data-axis]')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !walk.seen.has(one) && !walk.seen.has(one.closest('.drawing')))
  .map((one) => one.outerHTML.slice(0, 120)).concat(walk.faults)`;

async function walked(page: Page): Promise<string[]> {
  for (let step = 'on'; step !== 'round'; step = await page.evaluate<string>(STEP)) {
    if (step === 'closed') await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  return page.evaluate<string[]>(MISSED);
}

it('every control of a comparison, conclusions and pictures is reached by Tab, with a ring, menus by Enter', async () => {
  const { body } = await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${tracker.digits}&limit=2`);
  const runs = body.items.map(({ id }) => `run=${id}`).join('&');
  const { page, faults, close } = await openWindow(browser, tracker.url);
  const pictures = `/experiments/${tracker.digits}/pictures`;
  const group = `group=${tracker.digits}:params.optimizer = adam`;
  for (const path of [`/compare?${runs}&${group}&metric=val/accuracy`, `/experiments/${tracker.digits}/conclusions`, pictures, `${pictures}?kind=parallel`]) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    expect(await walked(page), path).toEqual([]);
  }
  await close();
  expect(faults).toEqual([]);
}); // prettier-ignore

it('by keys: a stretch of an axis is kept, a point of a picture opens its run, the cursor of a chart is moved', async () => {
  const { page, faults, close } = await openWindow(browser, tracker.url);
  const pictures = `/experiments/${tracker.digits}/pictures`;
  await page.goto(`${pictures}?kind=parallel`);
  const axis = page.locator('g[data-axis="metrics.val/accuracy"]');
  await axis.focus();
  await page.keyboard.press('End');
  for (let step = 0; step < 10; step += 1) await page.keyboard.press('Shift+ArrowDown');
  const [low, high] = (await axis.getAttribute('aria-valuetext'))?.split(' to ') ?? [];
  expect(Number(low)).toBeLessThan(Number(high));
  await page.keyboard.press('Enter');
  await page.waitForURL(/where=/);
  expect(new URL(page.url()).searchParams.get('where')).toBe(`metrics.val/accuracy >= ${low} and metrics.val/accuracy <= ${high}`);

  await page.goto(pictures);
  await page.locator('.drawing').focus();
  await page.keyboard.press('ArrowRight');
  const first = (await page.locator('.picture [role=status]').textContent()) ?? '';
  await page.keyboard.press('ArrowRight');
  const second = (await page.locator('.picture [role=status]').textContent()) ?? '';
  expect([first, second, await page.locator('circle.reached').count()]).toEqual([expect.stringContaining(': '), expect.not.stringMatching(`^${first}$`), 1]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\//);
  expect(await page.locator('h1').textContent()).toBe(second.split(': ')[0]);

  await page.locator('.chart .drawing[tabindex]').first().focus();
  await page.keyboard.press('End');
  await expect.poll(() => page.locator('.chart [aria-live]').first().textContent()).not.toBe('');
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
