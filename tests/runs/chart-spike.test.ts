// tests/runs/chart-spike.test.ts
// Purpose: one high point among 1,000,000 is seen at every zoom, in the picture and on screen; the cursor by keyboard, in all charts at once.
// Why: a chart that loses an extreme lies; a value that only a pointer finds is not there for everybody.
// Relevant files: runs/buckets.ts, runs/curves/chart-line.ts, shared/static/chart-plot.js, shared/static/chart-keys.js

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CurvesOut } from '../../runs/curves/curve-schemas.ts';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

const POINTS = 1_000_000;
const BATCH = 50_000;
const SPIKE = 654_321;
const HIGH = 1_000;

let browser: Browser;
let tracker: Tracker;
let id: string;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  id = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'spike', name: 'long' })).body.id;
  for (let from = 0; from < POINTS; from += BATCH) {
    const metrics = Array.from({ length: BATCH }, (_, index) => ({ key: 'loss', step: from + index, value: from + index === SPIKE ? HIGH : 0 })); // prettier-ignore
    expect((await tracker.api('POST', `/api/runs/${id}/log`, { metrics })).status).toBe(200);
  }
  const few = Array.from({ length: 50 }, (_, step) => [{ key: 'a', step, value: step }, { key: 'b', step, value: -step }]).flat(); // prettier-ignore
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics: few });
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

/** Stretches of many widths with the spike inside, at its edges and in between. */
const ZOOMS: [from: number, to: number][] = [
  [0, POINTS - 1],
  ...[500_000, 77_777, 10_000, 1_234, 100, 10].flatMap((width): [number, number][] => [
    [SPIKE - Math.floor(width * 0.37), SPIKE + Math.ceil(width * 0.63)],
    [SPIKE, SPIKE + width],
    [SPIKE - width, SPIKE],
  ]),
];

/** The least y (the highest place) of all paths of a class, in units of the picture. */
function highest(svg: string, name: string): number {
  let least = Infinity;
  for (const [, text = ''] of svg.matchAll(new RegExp(`class="${name}" d="([^"]*)"`, 'g'))) {
    for (const part of text.split(/(?=M)/)) {
      // `M44 10l1.6-3.2 1.6.4`: the first pair is a place, the others are ways.
      const numbers = [...part.matchAll(/-?(?:\d+\.?\d*|\.\d+)/g)].map(([number]) => Number(number));
      let y = 0;
      for (let at = 1; at < numbers.length; at += 2) {
        y = at === 1 ? (numbers[at] ?? 0) : y + (numbers[at] ?? 0);
        least = Math.min(least, y);
      }
    }
  }
  return least;
}

test.each(ZOOMS)('steps %d to %d: the spike stands in the picture, where its value is', async (from, to) => {
  for (const size of ['small', 'large']) {
    const svg = (await tracker.get(`/curves.svg?run=${id}&key=loss&from=${from}&to=${to}&size=${size}`)).body;
    const [, bottom = 0] = [...svg.matchAll(/<path class="grid" d="M[\d.]+ ([\d.]+)H/g)].map(([, y]) => Number(y)).sort((a, b) => b - a); // prettier-ignore
    const top = Math.min(...[...svg.matchAll(/<path class="grid" d="M[\d.]+ ([\d.]+)H/g)].map(([, y]) => Number(y)));
    expect(bottom).toBeGreaterThan(top);
    const place = Math.min(highest(svg, 'band'), highest(svg, 'line'));
    expect(Math.abs(place - top), `${size}: the highest place is the highest grid line, ${HIGH}`).toBeLessThan(1);
  }
});

test('among a hundred lines, which share the buckets of a picture: at the whole and at every zoom', async () => {
  const others = await Promise.all(
    Array.from({ length: 99 }, async (_, i) => {
      const run = { experiment: 'spike', name: `short ${i}` };
      const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', run);
      const metrics = [SPIKE - 1, SPIKE + 1].map((step) => ({ key: 'loss', step, value: 0.5 }));
      await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
      return body.id;
    }),
  );
  const runs = [id, ...others].map((one) => `run=${one}`).join('&');
  for (const [from, to] of ZOOMS) {
    const address = `/api/curves?${runs}&key=loss&from=${from}&to=${to}&shape=columns`;
    const { curves, caption } = (await tracker.api<CurvesOut>('GET', address)).body;
    const { x = [], mean = [], max = mean } = curves[0]?.columns ?? {};
    expect(x.length, `steps ${from} to ${to}`).toBeLessThanOrEqual(64);
    expect(Math.max(...max.map(Number)), `steps ${from} to ${to}`).toBe(HIGH);
    expect(caption).toMatch(/^[\d,]+ of 1,000,198 points/);
  }
});

/** How much of the upper tenth of the plot is drawn in the run's colour, or its band. */
async function inkAtTop(page: Page): Promise<number> {
  await page.locator('.live canvas').waitFor();
  // A script of the page, as text: the tests' types know no browser.
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.live canvas');
    const over = document.querySelector('.live .u-over')?.getBoundingClientRect();
    const around = canvas?.getBoundingClientRect();
    if (!canvas || !over || !around) return -1;
    const scale = canvas.width / around.width;
    const [left, top] = [(over.left - around.left) * scale, (over.top - around.top) * scale];
    // Below the highest grid line, which is grey.
    const { data } = canvas.getContext('2d').getImageData(left, top + over.height * scale * 0.02, over.width * scale, over.height * scale * 0.08); // prettier-ignore
    let ink = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [r = 0, g = 0, b = 0, alpha = 0] = data.slice(at, at + 4);
      if (alpha > 20 && Math.max(r, g, b) - Math.min(r, g, b) > 20) ink += 1;
    }
    return ink;
  })()`);
}

test('on screen: at the whole and at every zoom that the server is asked for', async () => {
  const { page, faults, close } = await openWindow(browser, tracker.url, { viewport: { width: 1280, height: 900 } });
  for (const [from, to] of ZOOMS.filter((_, place) => place % 3 === 0)) {
    await page.goto(`/curves?run=${id}&key=loss&from=${from}&to=${to}`);
    await expect.poll(() => inkAtTop(page), { message: `steps ${from} to ${to}` }).toBeGreaterThan(0);
  }
  await close();
  expect(faults).toEqual([]);
});

test('by keyboard: arrows move the cursor, what stands there is spoken, plus and minus zoom', async () => {
  const { page, faults, close } = await openWindow(browser, tracker.url, { viewport: { width: 1280, height: 900 } });
  await page.goto(`/curves?run=${id}&key=a`);
  const chart = page.getByRole('group', { name: 'Chart of a.' });
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => chart.locator('[aria-live]').textContent()).toBe('step 11; 11');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.locator('.readout').textContent()).toContain('step 10');
  await page.keyboard.press('+');
  await expect.poll(() => page.locator('figcaption .points').textContent()).toContain('in steps 0 to 22');
  await page.keyboard.press('-');
  await expect.poll(() => page.locator('figcaption .points').textContent()).toBe('50 of 50 points');
  await close();
  expect(faults).toEqual([]);
});

test('the cursor stands at the same step in all charts of a page', async () => {
  const { page, faults, close } = await openWindow(browser, tracker.url, { viewport: { width: 1280, height: 1400 } });
  await page.goto(`/runs/${id}?metric=a&metric=b`);
  await expect.poll(() => page.locator('.live canvas').count()).toBe(2);
  await page.getByRole('group', { name: 'Chart of a.' }).focus();
  for (const key of ['Home', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await expect
    .poll(() => page.locator('.readout').allTextContents())
    .toEqual([expect.stringContaining('step 20'), expect.stringContaining('step 20')]);
  await close();
  expect(faults).toEqual([]);
});
