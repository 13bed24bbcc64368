// bench/browser.ts
// Purpose: what a page costs a fresh browser: bytes over the wire, requests.
// Why: only a browser knows what it fetches.
// Relevant files: bench/start.ts, shared/setup/browser.js

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
