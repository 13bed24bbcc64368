// tests/browser/axe.test.ts
// Purpose: axe-core finds no violation on the pages of a seeded tracker and of an empty one, light, dark and by finger.
// Why: contrast, names, tables, landmarks and 24 px for a finger are rules that a person forgets and a program does not.
// Relevant files: tests/support/browser.ts, tests/support/seeded.ts, shared/static/app.css

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { openWindow, startBrowser, type Window } from '../support/browser.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let tracker: SeededTracker;
let empty: Tracker;
let runs: string[];
/** An experiment of one finished run, with a param that looks odd. */
let small: number;
let noted: string;
beforeAll(async () => {
  browser = await startBrowser();
  [tracker, empty] = [await startSeeded(), await startTracker()];
  const { body } = await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${tracker.digits}`);
  runs = body.items.map(({ id }) => id);
  const decision = { hypothesis: 'adam beats sgd', verdict: 'at every learning rate', status: 'holds' };
  await tracker.api('POST', `/api/experiments/${tracker.digits}/decisions`, decision);
  const view = { experiment_id: tracker.digits, name: 'best first', query: 'order=-metrics.val/accuracy' };
  await tracker.api('POST', '/api/views', view);
  const params = { learning_rate: 0.1, 'Learning-Rate': 0.1, layers: 'None' };
  const notes = `# Tried\n\n\`\`\`\n${'a long line '.repeat(40)}\n\`\`\``;
  const run = { experiment: `small-${'long-'.repeat(30)}`, params, notes };
  const made = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', run);
  [small, noted] = [made.body.experiment_id, made.body.id];
  await tracker.api('POST', `/api/runs/${noted}/log`, { metrics: [{ key: 'loss', value: 1, step: 0 }] });
  await tracker.api('PATCH', `/api/runs/${noted}`, { status: RunStatus.Finished });
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
  await empty.stop();
});

const experiment = (rest = ''): string => `/experiments/${tracker.digits}${rest}`;
const some = (count: number): string => runs.slice(0, count).map((id) => `run=${id}`).join('&'); // prettier-ignore

/** One line a page: its name, and its address on the seeded tracker. */
const PAGES: [name: string, path: () => string][] = [
  ['experiments', () => '/experiments'],
  ['an experiment', () => experiment()],
  ['its columns', () => experiment('/columns')],
  ['its groups', () => experiment('/groups')],
  ['its pivot', () => experiment('/pivot')],
  ['its metric rules', () => experiment('/metrics')],
  ['its params', () => experiment('/params')],
  ['its pictures', () => experiment('/pictures')],
  ['its conclusions', () => experiment('/conclusions?metric=val/accuracy')],
  ['its decisions', () => experiment('/decisions')],
  ['a new decision', () => experiment('/decisions/new')],
  ['a decision', () => '/decisions/1'],
  ['its saved views', () => experiment('/views')],
  ['its histogram', () => experiment('/pictures?kind=histogram')],
  ['remarks about params', () => `/experiments/${small}/params`],
  ['conclusions of one run', () => `/experiments/${small}/conclusions`],
  ['a pivot of one run', () => `/experiments/${small}/pivot`],
  ['a run with notes', () => `/runs/${noted}`],
  ['a comparison of eight', () => `/compare?${some(8)}`],
  ['a run', () => `/runs/${runs[0]}`],
  ['a comparison', () => `/compare?${some(4)}`],
  ['a comparison with a group', () => `/compare?${some(2)}&group=${tracker.digits}:params.optimizer = adam`],
  ['a chart', () => `/curves?${some(3)}&key=val/accuracy`],
  ['all runs', () => '/runs'],
  ['statistics', () => '/docs/statistics'],
  ['the language of filters', () => '/docs/filter'],
  ['models', () => '/models'],
  ['tags', () => '/tags'],
  ['a tag', () => '/tags/1'],
  ['exports', () => '/exports'],
  ['status', () => '/status'],
];

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  let full: Window;
  let bare: Window;
  beforeAll(async () => {
    full = await openWindow(browser, tracker.url, { colorScheme });
    bare = await openWindow(browser, empty.url, { colorScheme });
  });
  afterAll(async () => {
    await full.close();
    await bare.close();
  });

  it.each(PAGES)('%s', async (_, path) => {
    expect(await violations(full, path())).toEqual([]);
  });

  it.each(['/experiments', '/runs', '/compare', '/models', '/tags'])('empty: %s', async (path) => {
    expect(await violations(bare, path)).toEqual([]);
  });
});

describe('by finger, 390 px', () => {
  let phone: Window;
  beforeAll(async () => {
    phone = await openWindow(browser, tracker.url, { viewport: { width: 390, height: 4000 } });
  });
  afterAll(() => phone.close());

  // Off by default in axe: 24 px (WCAG 2.2), or as much room around. A large chart scrolls until scripts draw it anew.
  const pages: typeof PAGES = [...PAGES, ['a mistake', () => '/runs?where=nonsense']];
  it.each(pages.filter(([name]) => name !== 'a chart'))('%s', async (_, path) => {
    await phone.page.goto(path(), { waitUntil: 'load' });
    expect(await axeFaults(phone.page, { 'target-size': { enabled: true } })).toEqual([]);
  });
});

async function violations({ page }: Window, path: string): Promise<string[]> {
  const answer = await page.goto(path, { waitUntil: 'load' });
  expect(answer?.status(), path).toBe(200);
  return axeFaults(page);
}

interface Found {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** `color-contrast: a.k: …`, three places of each rule. Run by the debugger's door, which the page's policy does not close. */
async function axeFaults(page: Page, rules: Record<string, { enabled: boolean }> = {}): Promise<string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ resultTypes: ['violations'], rules });
  const found: Found = await page.evaluate(`axe.run(document, ${options})`);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${help}; ${failureSummary}`),
  );
}
