// tests/browser/mlflow-links.test.ts
// Purpose: the links that MLflow's client prints lead to our pages, from the address and on an open page.
// Why: what stands after # never reaches the server: a script must follow it.
// Relevant files: shared/static/app.js, tests/support/browser.ts

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mlflowOf } from '../mlflow/support.ts';
import { openWindow, startBrowser, type Window } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
let window: Window;
beforeAll(async () => {
  browser = await startBrowser();
  tracker = await startTracker();
  window = await openWindow(browser, tracker.url, {});
});
afterAll(async () => {
  await window.close();
  await browser.close();
  await tracker.stop();
});

it('a run, an experiment, a model and its version', async () => {
  const mlflow = mlflowOf(tracker);
  const experiment_id = await mlflow.experiment();
  const run = await mlflow.run({ experiment_id });
  await mlflow.post('/registered-models/create', { name: 'digits' });
  const leads: [link: string, page: string][] = [
    [`/#/experiments/${experiment_id}/runs/${run}`, `/runs/${run}`],
    [`/#/experiments/${experiment_id}/runs/${run}/model-metrics?x=1`, `/runs/${run}`],
    [`/#/experiments/${experiment_id}`, `/experiments/${experiment_id}`],
    ['/#/models/digits', '/models/digits'],
    ['/#/models/digits/versions/1', '/models/digits/versions/1'],
    ['/experiments#main', '/experiments#main'],
  ];
  for (const [link, page] of leads) {
    await window.page.goto(tracker.url + link);
    await window.page.waitForURL(tracker.url + page);
    // On a page that is open already only the part after # changes.
    await window.page.goto(`${tracker.url}/status`);
    await window.page.evaluate(`location.hash = ${JSON.stringify(link.slice(link.indexOf('#')))}`);
    if (page.includes('#')) expect(window.page.url()).toBe(`${tracker.url}/status#main`);
    else await window.page.waitForURL(tracker.url + page);
  }
});
