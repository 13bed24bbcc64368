// bench/browser.ts
// Purpose: what a page costs a fresh browser: bytes over the wire, requests, time until a chart is there and answers.
// Why: only a browser knows what it fetches.
// Relevant files: bench/start.ts, bench/compare.ts, shared/setup/browser.js

import { chromium } from 'playwright-core';
import { ensureBrowser } from '../shared/setup/browser.js';

export async function firstPage(url: string): Promise<{ bytes: number; requests: number }> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const answered: Promise<number>[] = [];
    page.on('requestfinished', (request) =>
      answered.push(request.sizes().then((sizes) => sizes.responseHeadersSize + sizes.responseBodySize)),
    );
    // A live page never has an idle network: its event stream stays open.
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForTimeout(500);
    const sizes = await Promise.all(answered);
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: sizes.length };
  } finally {
    await browser.close();
  }
}

/**
 * From navigation to the server's picture, ms by the clock; and what the browser's own thread worked, ms of processor time,
 * until the interactive chart stood in its place.
 */
export async function chartTimes(url: string): Promise<{ picture: number; script: number }> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.goto(url, { waitUntil: 'commit' });
    // Waiting for an expression would be `eval` in the page, which its policy forbids.
    await page.locator('.drawing .uplot canvas').first().waitFor({ state: 'attached' });
    const picture: number = await page.evaluate(
      'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN',
    );
    const { metrics } = await session.send('Performance.getMetrics');
    return { picture, script: 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) };
  } finally {
    await browser.close();
  }
}
