// tests/runs/first-screen.test.ts
// Purpose: a curve is on the first screen of a comparison and of a run, however many metrics, with scripts and without.
// Why: who follows a link wants to see the picture; twenty metrics in a table pushed it two screens down.
// Relevant files: runs/compare/curves-place.ts, runs/run/run-views.ts, runs/templates/_curves.html

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { placeOfCurves } from '../../runs/compare/curves-place.ts';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
const ids: string[] = [];
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  for (const seed of [0, 1, 2, 3]) {
    const run = { experiment: 'many', name: `run ${seed}`, params: { seed } };
    const { id } = (await tracker.api<{ id: string }>('POST', '/api/runs', run)).body;
    const metrics = Array.from({ length: 20 * 30 }, (_, i) => ({
      key: `metric ${i % 20}`,
      step: Math.floor(i / 20),
      value: i / 7 + seed,
    }));
    await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
    ids.push(id);
  }
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

const pages: [string, () => string][] = [
  ['a comparison of runs with twenty metrics', () => `/compare?${ids.map((id) => `run=${id}`).join('&')}`],
  ['the page of a run with twenty metrics', () => `/runs/${ids[0]}`],
];

it.each(pages.flatMap(([what, path]) => [true, false].map((scripts) => ({ what, path, scripts }))))(
  '$what shows a curve without scrolling, scripts: $scripts',
  async ({ path, scripts }) => {
    const { page, faults, close } = await openWindow(browser, tracker.url, {
      viewport: { width: 1280, height: 800 },
      javaScriptEnabled: scripts,
    });
    await page.goto(path());
    const box = await page.locator('figure.chart .drawing').first().boundingBox();
    expect(box?.height).toBeGreaterThan(100);
    expect((box?.y ?? 9999) + 100).toBeLessThan(800);
    await close();
    expect(faults).toEqual([]);
  },
);

it('a run with many metrics draws each curve once', async () => {
  const { body: text } = await tracker.get(`/runs/${ids[0]}`);
  const keys = [...text.matchAll(/<figure class="chart normal" data-key="([^"]+)"/g)].map(([, key]) => key);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(keys.length);
});

test('curves stand as far down as the first one still begins on the first screen', () => {
  expect(placeOfCurves([0, 2, 2])).toBe(3);
  expect(placeOfCurves([0, 3, 20])).toBe(2);
  expect(placeOfCurves([0, 30, 2])).toBe(1);
  expect(placeOfCurves([20, 2, 2])).toBe(0);
  expect(placeOfCurves([0, 0, 0])).toBe(3);
});
