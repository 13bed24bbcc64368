// bench/browser.ts
// Purpose: what a page costs a fresh browser: bytes over the wire, requests, time until a curve is seen, work until its chart answers.
// Why: only a browser knows what it fetches.
// Relevant files: bench/start.ts, bench/compare.ts, shared/setup/browser.js

import { setTimeout } from 'node:timers/promises';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { ensureBrowser } from '../shared/setup/browser.js';
import { cpuOf, cpuOfFirstThread } from './cpu.ts';

export async function firstPage(url: string): Promise<{ bytes: number; requests: number }> {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const answered: Promise<number>[] = [];
    page.on('requestfinished', (request) =>
      answered.push(request.sizes().then((sizes) => sizes.responseHeadersSize + sizes.responseBodySize)),
    );
    // A live page never has an idle network: its event stream stays open.
    await page.goto(url, { waitUntil: 'load', timeout: SLOW_MS });
    await page.waitForTimeout(500);
    const sizes = await Promise.all(answered);
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), requests: sizes.length };
  } finally {
    await browser.close();
  }
}

interface Tab {
  browser: Browser;
  page: Page;
  /**
   * From a browser at rest, until the page says so itself: to look at it again and again is work for it, too. Answers what
   * the page's own thread worked meanwhile, ms of processor time.
   */
  goto: (url: string) => Promise<number>;
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'], timeout: SLOW_MS });
}

/** A browser that knows nothing yet. */
async function openTab(init: string): Promise<Tab> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  let told: () => void = () => undefined;
  await page.exposeFunction('tellBench', () => told());
  await page.addInitScript(init);
  const session = await browser.newBrowserCDPSession();
  const goto = async (url: string): Promise<number> => {
    await rested(session);
    const before = await pageThreads(session);
    const answer = Promise.race([new Promise<void>((resolve) => (told = resolve)), setTimeout(PATIENCE_MS)]);
    await page.goto(url, { waitUntil: 'load', timeout: SLOW_MS });
    await answer;
    // The browser's own pages rest: what has grown most is this page's, in an old process or a new one.
    const after = await pageThreads(session);
    return most([...after].map(([id, ms]) => ms - (before.get(id) ?? 0)));
  };
  return { browser, page, goto };
}

const PATIENCE_MS = 20_000;
/** Only what hangs takes so long: on a busy machine a browser starts, or opens a page, in more than half a minute. */
const SLOW_MS = 180_000;
const REST_MS = 300;

/**
 * Until all its processes together work less than a tenth of the time: who follows a link has a browser open, and has
 * read the page before. In its first second Chromium loads 150 scripts of its own address bar (seen in its trace).
 */
async function rested(session: CDPSession): Promise<void> {
  const used = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { id }) => sum + cpuOf(id), 0);
  };
  const end = performance.now() + PATIENCE_MS;
  let [before, now] = [-Infinity, await used()];
  while (now - before > REST_MS / 10 && performance.now() < end) {
    await setTimeout(REST_MS);
    [before, now] = [now, await used()];
  }
}

/** Of those that the system tells: a process may end just before it is asked for. */
function most(all: readonly number[]): number {
  const told = all.filter((one) => Number.isFinite(one));
  return told.length > 0 ? Math.max(...told) : NaN;
}

/** What the threads that run pages have worked so far, ms, by process. */
async function pageThreads(session: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return new Map(pages.map(({ id }) => [id, cpuOfFirstThread(id)]));
}

/** Two frames after the interactive chart has come, so that its drawing is done, too. */
const WHEN_LIVE = `new MutationObserver((_, observer) => {
  if (document.getElementsByClassName('uplot')[0]?.getElementsByTagName('canvas').length !== 1) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => tellBench()));
}).observe(document, { childList: true, subtree: true });`;

const WHEN_LOADED = `addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => tellBench())));`;

/**
 * What the page's own thread worked until the interactive chart was drawn, ms of processor time: the length of its tasks by
 * the clock also counts the server at work.
 */
export async function chartWork(url: string): Promise<number> {
  return workUntil(WHEN_LIVE, url);
}

/** The same for a page without styles, scripts and charts: what the browser takes for itself. */
export async function bareWork(url: string): Promise<number> {
  return workUntil(WHEN_LOADED, url);
}

async function workUntil(init: string, url: string): Promise<number> {
  const { browser, goto } = await openTab(init);
  try {
    return await goto(url);
  } finally {
    await browser.close();
  }
}

/**
 * The first frame with a curve on the first screen, of which at least 40 px are seen: the server's picture or the
 * script's. The browser tells of what is on the screen in the frame itself; of its showing it says so for the first contents only.
 */
const WHEN_SEEN = `{
  const known = new Set();
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((one) => one.isIntersecting && one.intersectionRect.height >= 40)) return;
    observer.disconnect();
    changes.disconnect();
    requestAnimationFrame(() => {
      globalThis.seenAt = performance.now();
      new PerformanceObserver((list, shown) => {
        if (!list.getEntriesByName('first-contentful-paint').length) return;
        shown.disconnect();
        tellBench();
      }).observe({ type: 'paint', buffered: true });
    });
  }, { threshold: [0, 0.1, 0.2, 0.4, 0.8] });
  const changes = new MutationObserver(() => {
    for (const one of document.querySelectorAll('svg.plot:has(.line), .uplot canvas'))
      if (!known.has(one)) known.add(one), observer.observe(one);
  });
  changes.observe(document, { childList: true, subtree: true });
}`;

/** ms from navigation to the first curve that is seen, on the first visit and on the second; NaN: none without scrolling. */
export async function firstCurve(url: string): Promise<{ fresh: number; again: number; work: number }> {
  const { browser, page, goto } = await openTab(WHEN_SEEN);
  const visit = async (): Promise<{ ms: number; work: number }> => {
    const work = await goto(url);
    const [seen = NaN, shown = NaN] = await page.evaluate<number[]>(
      '[globalThis.seenAt ?? NaN, performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN]',
    );
    return { ms: Math.max(seen, shown), work };
  };
  try {
    const fresh = await visit();
    return { fresh: fresh.ms, again: (await visit()).ms, work: fresh.work };
  } finally {
    await browser.close();
  }
}
