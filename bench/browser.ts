// bench/browser.ts
// Purpose: what a page costs a fresh browser: bytes over the wire, requests, time until a chart is there and answers.
// Why: only a browser knows what it fetches.
// Relevant files: bench/start.ts, bench/compare.ts, shared/setup/browser.js

import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../shared/setup/browser.js';
import { cpuOfFirstThread } from './cpu.ts';

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

/** Between two looks whether the chart is there, ms: a look is work for the page, too. */
const LOOK_MS = 30;
const IS_LIVE = `document.getElementsByClassName('uplot')[0]?.getElementsByTagName('canvas').length === 1`;

/**
 * From navigation to the server's picture, ms by the clock; and what the page's own thread worked until the interactive
 * chart stood in its place, ms of processor time: the length of its tasks by the clock also counts the server at work.
 */
export async function chartTimes(url: string): Promise<{ picture: number; script: number }> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    while (!(await page.evaluate<boolean>(IS_LIVE))) await setTimeout(LOOK_MS);
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => cpuOfFirstThread(id));
    const picture: number = await page.evaluate(
      'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN',
    );
    return { picture, script: Math.max(...pages) };
  } finally {
    await browser.close();
  }
}
