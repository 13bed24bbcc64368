// tests/browser/harness.test.ts
// Purpose: the harness sees what it must: inline scripts and handlers, requests to other hosts, invalid HTML.
// Why: a check that cannot fail proves nothing about the pages.
// Relevant files: tests/support/browser.ts, tests/support/html.ts

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { faultsOf } from '../support/html.ts';

const GOOD = '<!doctype html><html lang="en"><head><title>t</title></head><body><h1>t</h1><p>fine</p></body></html>';
const page = (body: string): string => GOOD.replace('<p>fine</p>', body);

let browser: Browser;
let server: Server;
let url: string;
let body = GOOD;

beforeAll(async () => {
  browser = await startBrowser();
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', "script-src 'self'; style-src 'self'");
    if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
    else if (request.url === '/favicon.ico') response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

async function faultsInBrowser(html: string, path = '/'): Promise<{ faults: string[]; urls: string[]; bytes: number }> {
  body = html;
  const { page, faults, requests, close } = await openWindow(browser, url);
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  await close();
  const own = requests.filter((request) => !request.url.endsWith('/favicon.ico'));
  return { faults, urls: own.map((request) => request.url), bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
}

it('finds nothing wrong with a good page, and counts its requests and bytes', async () => {
  expect(await faultsOf(GOOD)).toEqual([]);
  const { faults, urls, bytes } = await faultsInBrowser(GOOD, '/old');
  expect([faults, urls]).toEqual([[], [`${url}/old`, `${url}/new`]]);
  expect(bytes).toBeGreaterThan(GOOD.length + 200);
  expect(bytes).toBeLessThan(GOOD.length + 2000);
});

it.each([
  ['<script>1</script>', 'script'],
  ['<p style="color:red">x</p>', 'style'],
  ['<button type="button" onclick="f()">x</button>', 'onclick'],
  ['<img src="http://127.0.0.1:9/x.png" alt="x">', '127.0.0.1:9'],
])('sees %s, in the text and in the browser', async (bad, what) => {
  const inText = await faultsOf(page(bad));
  expect(inText.filter((fault) => fault.startsWith('policy:')).join()).toContain(what);
  const { faults } = await faultsInBrowser(page(bad));
  // A handler is stopped only when it would run.
  if (!bad.includes('onclick')) expect(faults.join()).toMatch(/Content Security Policy|left the host/i);
});

it.each([
  ['<p><div>x</div></p>', /./],
  ['<ul><p>x</p></ul>', /element-permitted-content/],
  ['<img src="/x.png">', /alt/],
  ['<p id="a"></p><p id="a"></p>', /no-dup-id/],
  ['<a href="/a"><a href="/b">x</a></a>', /./],
  ['<input type="text" name="x">', /label/],
  ['<form action="/x"><p>x</p></form>', /submit button/],
])('%s is not valid', async (bad, rule) => {
  expect((await faultsOf(page(bad))).join('\n')).toMatch(rule);
});

it('without Chromium it fails and says what to do', async () => {
  const before = process.env['CHROME_PATH'];
  process.env['CHROME_PATH'] = '/nowhere/chromium';
  try {
    await expect(startBrowser()).rejects.toThrow(
      /no Chromium at \/nowhere\/chromium\. Install Chromium or set CHROME_PATH/,
    );
  } finally {
    if (before === undefined) delete process.env['CHROME_PATH'];
    else process.env['CHROME_PATH'] = before;
  }
});
