// tests/runs/curves-live.test.ts
// Purpose: charts in a real browser: what the pointer reads, zoom and back, colours by scheme, failure leaves the picture.
// Why: what scripts add must never cost what was there without them.
// Relevant files: shared/static/charts.js, shared/static/chart-plot.js, runs/templates/_chart.html

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWindow, startBrowser, type WindowOptions } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

const KEY = 'loss';
let browser: Browser;
let tracker: Tracker;
let address: string;
let edgeAddress: string;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  const ids = [
    await newRun('falling', (step) => 1000 - step),
    await newRun('broken', (step) => (step < 500 ? step : 'NaN')),
  ];
  address = `/curves?${ids.map((id) => `run=${id}`).join('&')}&key=${KEY}`;
  edgeAddress = `/curves?run=${await newRun('huge', (step) => (step % 2 ? 1.7e308 : -1.7e308))}&key=${KEY}`;
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

async function newRun(name: string, valueAt: (step: number) => number | string): Promise<string> {
  const { id } = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'live', name })).body;
  const metrics = Array.from({ length: 1001 }, (_, step) => ({ key: KEY, step, value: valueAt(step) }));
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  return id;
}

async function withPage(options: WindowOptions, work: (page: Page) => Promise<void>): Promise<string[]> {
  const { page, faults, close } = await openWindow(browser, tracker.url, {
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  await work(page);
  await close();
  return faults;
}

/** Moves the pointer to a part of the plot's width, half-way up. */
async function pointAt(page: Page, part: number): Promise<{ x: number; y: number }> {
  const box = await page.locator('.u-over').boundingBox();
  if (!box) throw new Error('there is no live chart');
  const place = { x: box.x + box.width * part, y: box.y + box.height / 2 };
  await page.mouse.move(place.x, place.y, { steps: 3 });
  return place;
}

test('under the pointer: the step, and the value of each run, also where it is NaN', async () => {
  const faults = await withPage({}, async (page) => {
    await page.goto(address);
    await page.locator('.live canvas').waitFor();
    await pointAt(page, 0.25);
    const readout = page.locator('.readout');
    await expect.poll(() => readout.textContent()).toMatch(/steps? 2[45]\d/);
    const text = (await readout.textContent()) ?? '';
    expect(Number(/falling(\d+)/.exec(text)?.[1])).toBeGreaterThan(740);
    expect(text).toContain('broken');
    await pointAt(page, 0.75);
    await expect.poll(() => readout.textContent()).toMatch(/brokenNaN/);
    // The picture's words stay for screen readers; what scripts drew is not read twice.
    expect(await page.getByRole('img', { name: 'loss over steps, 2 runs' }).count()).toBe(1);
    expect(await page.locator('.live').getAttribute('aria-hidden')).toBe('true');
  });
  expect(faults).toEqual([]);
});

/** How opaque the canvas is under each dot at the cursor, 0 to 255. */
const UNDER_DOTS = `(() => {
  const canvas = document.querySelector('.live canvas');
  const { left, top } = canvas.getBoundingClientRect();
  return [...document.querySelectorAll('.live .dot')].map((dot) => {
    const { x, y, width, height } = dot.getBoundingClientRect();
    const place = [x + width / 2 - left, y + height / 2 - top].map((px) => Math.round(px * devicePixelRatio));
    return canvas.getContext('2d').getImageData(...place, 1, 1).data[3];
  });
})()`;

test('at the cursor a dot stands on each line that has a value there; one between gaps is a dot itself', async () => {
  const metrics = [1, 'NaN', 2, 'NaN', 3].map((value, step) => ({ key: KEY, step, value }));
  const { id } = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'live', name: 'lone' })).body;
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  const faults = await withPage({}, async (page) => {
    const dots = (): Promise<boolean[]> => page.evaluate<number[]>(UNDER_DOTS).then((all) => all.map((a) => a > 100));
    await page.goto(address);
    await page.locator('.live canvas').waitFor();
    await pointAt(page, 0.25);
    await expect.poll(dots).toEqual([true, true]);
    await pointAt(page, 0.75);
    await expect.poll(dots).toEqual([true]);
    await page.goto(`/curves?run=${id}&key=${KEY}`);
    await page.locator('.live canvas').waitFor();
    await pointAt(page, 0.5);
    await expect.poll(dots).toEqual([true]);
    await pointAt(page, 0.25);
    await expect.poll(dots).toEqual([]);
  });
  expect(faults).toEqual([]);
});

test('drag zooms in with finer buckets; the button and a double click lead back', async () => {
  const faults = await withPage({}, async (page) => {
    await page.goto(address);
    await page.locator('.live canvas').waitFor();
    const caption = page.locator('figcaption .points');
    const whole = await caption.textContent();
    const zoom = async (): Promise<void> => {
      await pointAt(page, 0.2);
      await page.mouse.down();
      await pointAt(page, 0.3);
      await page.mouse.up();
    };
    await zoom();
    await expect.poll(() => caption.textContent()).toMatch(/20\d of 2,002 points, in steps (199|20\d) to (29\d|30\d)/);
    await page.getByRole('button', { name: 'all steps' }).click();
    await expect.poll(() => caption.textContent()).toBe(whole);
    await zoom();
    await expect.poll(() => caption.textContent()).not.toBe(whole);
    const { x, y } = await pointAt(page, 0.5);
    await page.mouse.dblclick(x, y);
    await expect.poll(() => caption.textContent()).toBe(whole);
    expect(await page.locator('.live').count()).toBe(1);
  });
  expect(faults).toEqual([]);
});

test.each<[string, (step: number) => number, string[]]>([
  ['0.1 to 0.3, whose difference has 17 digits', (step) => 0.1 + step / 5000, ['0.10', '0.20', '0.30']],
  ['numbers beyond 1e17', (step) => 1e20 * step, ['2e22', '1e23']],
  ['numbers beyond 1e300', (step) => 1e300 * step, ['2e302', '1e303']],
])('the live chart writes the labels of its axes: %s', async (name, valueAt, labels) => {
  const place = `/curves?run=${await newRun(name, valueAt)}&key=${KEY}`;
  await withPage({}, async (page) => {
    await page.addInitScript(`{
      const written = (globalThis.written = []);
      const write = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (...all) { written.push(all[0]); write.apply(this, all); };
    }`);
    await page.goto(place);
    await page.locator('.live canvas').waitFor();
    await expect
      .poll(() => page.evaluate<string[]>('globalThis.written'))
      .toEqual(expect.arrayContaining([...labels, '500']) as string[]);
  });
});

test('the colours follow the scheme', async () => {
  await withPage({ colorScheme: 'light' }, async (page) => {
    await page.goto(address);
    await page.locator('.live canvas').waitFor();
    const drawn = (): Promise<string> =>
      page.locator('.live canvas').evaluate((canvas) => (canvas as unknown as { toDataURL: () => string }).toDataURL());
    const light = await drawn();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(drawn).not.toBe(light);
  });
});

test('when the curves cannot be had, or uPlot cannot draw them, the picture stays', async () => {
  await withPage({}, async (page) => {
    await page.route('**/api/curves?*', (route) => route.abort());
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.drawing > svg:not(.vh)').isVisible()).toBe(true);
    expect(await page.locator('.live').count()).toBe(0);
  });
  const faults = await withPage({}, async (page) => {
    await page.goto(edgeAddress);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.drawing > svg:not(.vh)').isVisible()).toBe(true);
    expect(await page.locator('.live').count()).toBe(0);
  });
  expect(faults).toEqual([]);
});

test('without scripts: picture, links that change the view, and the table', async () => {
  const faults = await withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(address);
    expect(await page.locator('.drawing > svg').isVisible()).toBe(true);
    await page.getByRole('link', { name: 'log', exact: true }).click();
    expect(page.url()).toContain('scale=log');
    await page.getByRole('spinbutton', { name: 'smooth' }).fill('0.9');
    await page.getByRole('spinbutton', { name: 'steps' }).fill('100');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(page.url()).toMatch(/scale=log.*smooth=0.9.*from=100/);
    await page.getByRole('columnheader', { name: 'smoothed' }).waitFor();
  });
  expect(faults).toEqual([]);
});

test('on a phone nothing is wider than the screen', async () => {
  for (const javaScriptEnabled of [true, false]) {
    await withPage({ javaScriptEnabled, viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(address);
      await page.waitForLoadState('networkidle');
      const box = await page.locator('main').boundingBox();
      const wide = await page.locator('figure.chart').boundingBox();
      expect(box?.width).toBeLessThanOrEqual(390);
      expect((wide?.x ?? 0) + (wide?.width ?? 999)).toBeLessThanOrEqual(390);
    });
  }
});
