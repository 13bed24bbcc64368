// tests/support/browser.ts
// Purpose: a real Chromium for tests: a fresh profile each, with every request, console error and CSP violation noted.
// Why: "no request leaves the host" and "works without scripts" can only be seen in a browser.
// Relevant files: tests/support/tracker.ts, tests/browser/main-path.test.ts, shared/setup/browser.js

import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type CDPSession, type Page } from 'playwright-core';
import { USUAL_PLACES } from '../../shared/setup/browser.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium; without one the test fails, it is never skipped. Close it with `browser.close()`. */
export async function startBrowser(): Promise<Browser> {
  const program = process.env['CHROME_PATH'] ?? USUAL_PLACES.find((place) => existsSync(place));
  if (!program || !existsSync(program)) {
    throw new Error(
      `There is no Chromium at ${program ?? USUAL_PLACES.join(', ')}. Install Chromium or set CHROME_PATH: the pages are tested in a real browser.`,
    );
  }
  // Without a limit of its own: the test's ends what hangs.
  return chromium.launch({ executablePath: program, args: FLAGS, timeout: 0 });
}

export interface SeenRequest {
  url: string;
  /** Bytes over the wire with headers, as Chromium counts them. */
  bytes: number;
  status: number;
}

export interface Window {
  page: Page;
  requests: SeenRequest[];
  /** Console errors, uncaught exceptions, CSP violations, requests to other hosts: all of them faults. */
  faults: string[];
  close: () => Promise<void>;
}

export type WindowOptions = Pick<BrowserContextOptions, 'javaScriptEnabled' | 'colorScheme' | 'viewport'>;

/** A window in a fresh profile on a tracker; paths are taken from `url`. */
export async function openWindow(browser: Browser, url: string, options: WindowOptions = {}): Promise<Window> {
  const context = await browser.newContext({ baseURL: url, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const faults: string[] = [];
  const requests: SeenRequest[] = [];
  // CSP violations are console errors in Chromium, so they are noted here too.
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.stack ?? error.message}`));
  page.on('crash', () => faults.push('the page crashed'));
  await watchNetwork(await context.newCDPSession(page), new URL(url).origin, requests, faults);
  return { page, requests, faults, close: () => context.close() };
}

async function watchNetwork(
  session: CDPSession,
  origin: string,
  requests: SeenRequest[],
  faults: string[],
): Promise<void> {
  const open = new Map<string, SeenRequest>();
  session.on('Network.requestWillBeSent', ({ requestId, request, redirectResponse }) => {
    const before = open.get(requestId);
    // A redirect goes on under the same id: its answer is counted, then the next request begins.
    if (before && redirectResponse) before.bytes = redirectResponse.encodedDataLength;
    if (/^(data|blob|about):/.test(request.url)) return;
    if (new URL(request.url).origin !== origin) faults.push(`a request left the host: ${request.url}`);
    const seen = { url: request.url, bytes: 0, status: 0 };
    open.set(requestId, seen);
    requests.push(seen);
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const seen = open.get(requestId);
    if (seen) seen.status = response.status;
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const seen = open.get(requestId);
    if (seen) seen.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
}
