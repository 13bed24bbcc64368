// tests/browser/main-path.test.ts
// Purpose: the main path in a real browser, with scripts and without: create, log, see, compare, tag, export, trash, undo.
// Why: this is what the product is for; it must hold for people who run no scripts.
// Relevant files: tests/support/browser.ts, tests/support/tracker.ts, runs/templates/_table.html

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { openWindow, startBrowser, type Window } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  tracker = await startTracker();
  onTestFinished(() => tracker.stop());
});

async function open(javaScriptEnabled: boolean): Promise<Window> {
  const window = await openWindow(browser, tracker.url, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
  onTestFinished(() => window.close());
  return window;
}

/** A run with two metrics over 20 steps, as a training script would log it. */
async function logRun(experiment: string, name: string, lr: number): Promise<string> {
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', {
    experiment,
    name,
    params: { lr, width: 64 },
  });
  const metrics = Array.from({ length: 20 }, (_, step) => [
    { key: 'val/accuracy', value: 1 - lr - 1 / (step + 2), step },
    { key: 'train/loss', value: 1 / (step + 1), step },
  ]).flat();
  await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  await tracker.api('PATCH', `/api/runs/${body.id}`, { status: RunStatus.Finished });
  return body.id;
}

/** A click has asked for the next page, of which the end may not be there yet: what counts or lists does not wait for it. */
async function whole(page: Page): Promise<Page> {
  await page.waitForLoadState();
  return page;
}

async function flash(page: Page): Promise<string> {
  return (await page.getByRole('status').innerText()).trim();
}

async function runNames(page: Page): Promise<string[]> {
  return (await whole(page))
    .getByRole('table')
    .getByRole('link', { name: /^grid-/ })
    .allInnerTexts();
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('%s', (_, scripts) => {
  it('creates an experiment in the form; what was typed wrongly stays, with the message at its field', async () => {
    const { page, faults } = await open(scripts);
    await page.goto('/');
    await page.getByRole('link', { name: 'New experiment' }).click();
    await page.getByLabel('Name', { exact: true }).fill('   ');
    await page.getByLabel('Description').fill('Does width matter?\n\n- a **list**');
    await page.getByLabel('Tags').fill('baseline, "a, b"');
    await page.getByRole('button', { name: 'Create experiment' }).click();
    const name = page.getByLabel('Name', { exact: true });
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    const message = await name.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${message}"]`).innerText()).toBe('must not be empty');
    expect(await page.getByLabel('Description').inputValue()).toBe('Does width matter?\n\n- a **list**');
    expect(await page.getByLabel('Tags').inputValue()).toBe('baseline, "a, b"');
    await name.fill('width');
    await page.getByRole('button', { name: 'Create experiment' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('width');
    expect(await flash(page)).toBe('Experiment width is there.');
    await whole(page);
    for (const tag of ['baseline', 'a, b']) expect(await page.getByRole('link', { name: tag }).count()).toBe(1);
    await page.getByRole('link', { name: 'Edit' }).click();
    expect(await page.getByLabel('Tags').inputValue()).toBe('"a, b", baseline');
    // The answer 400 to the wrong form is what Chromium reports; nothing else may be wrong.
    expect(faults.filter((fault) => !fault.includes('status of 400'))).toEqual([]);
  });

  it('sees a logged run, opens it and finds its numbers and curves', async () => {
    await logRun('grid', 'grid-a', 0.1);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments');
    await page.getByRole('link', { name: 'grid', exact: true }).click();
    expect(await runNames(page)).toEqual(['grid-a']);
    await page.getByRole('link', { name: 'grid-a' }).first().click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('grid-a');
    const row = (await whole(page)).getByRole('row', { name: /val\/accuracy/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(expect.arrayContaining(['0.8524', '20']) as string[]);
    const chart = page.locator('figure', { hasText: 'val/accuracy' }).first();
    await chart.waitFor();
    if (scripts) await chart.locator('canvas').first().waitFor();
    else expect(await chart.locator('svg path').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });

  it('compares ticked runs and marks the better one', async () => {
    await logRun('grid', 'grid-a', 0.1);
    await logRun('grid', 'grid-b', 0.01);
    await logRun('grid', 'grid-c', 0.5);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments/1');
    for (const name of ['grid-a', 'grid-b']) await page.getByLabel(`tick ${name}`, { exact: true }).check();
    await page.getByRole('button', { name: /^Compare/ }).click();
    await page.waitForURL(/\/compare\?run=/);
    const heads = page.getByRole('table').first().getByRole('columnheader');
    expect((await heads.allInnerTexts()).join(' ')).toMatch(/grid-[ab][\s\S]*grid-[ab]/);
    expect(await page.getByText('grid-c').count()).toBe(await page.getByRole('option', { name: 'grid-c' }).count());
    const lr = page.getByRole('row', { name: /^lr/ });
    expect((await lr.getByRole('cell').allInnerTexts()).sort()).toEqual(['0.01', '0.1']);
    const accuracy = page.getByRole('row', { name: /val\/accuracy/ });
    expect(await accuracy.locator('.best').innerText()).toContain('0.9424');
    expect(
      await page
        .getByText(/^Equal/)
        .first()
        .innerText(),
    ).toContain('width 64');
    expect(faults).toEqual([]);
  });

  it('compares nothing without ticks, and says what to do', async () => {
    await logRun('grid', 'grid-a', 0.1);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments/1');
    await page.getByRole('button', { name: /^Compare/ }).click();
    expect(await flash(page)).toBe('Tick at least two runs to compare them.');
    await page.getByRole('button', { name: 'Delete…' }).click();
    expect(await flash(page)).toBe('Tick at least one run.');
    expect(new URL(page.url()).pathname).toBe('/experiments/1');
    expect(faults).toEqual([]);
  });

  it('tags ticked runs, finds them by the tag and takes it off on the run', async () => {
    await logRun('grid', 'grid-a', 0.1);
    await logRun('grid', 'grid-b', 0.01);
    await logRun('grid', 'grid-c', 0.5);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments/1');
    for (const name of ['grid-a', 'grid-c']) await page.getByLabel(`tick ${name}`, { exact: true }).check();
    await page.getByLabel('Tags for the ticked runs').fill('keep, model=mlp');
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    expect(await flash(page)).toBe('Tagged 2 runs: keep, model=mlp.\nUndo');
    await page.getByRole('link', { name: 'Tags', exact: true }).click();
    await page.getByRole('row', { name: /keep/ }).getByRole('link', { name: '2', exact: true }).click();
    expect((await runNames(page)).sort()).toEqual(['grid-a', 'grid-c']);
    await page.getByRole('link', { name: 'grid-a' }).first().click();
    await page.getByRole('button', { name: 'Remove the tag keep' }).click();
    expect(await flash(page)).toMatch(/^Taken off: keep\./);
    expect(await (await whole(page)).getByRole('button', { name: 'Remove the tag keep' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await (await whole(page)).getByRole('button', { name: 'Remove the tag keep' }).count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it('downloads the run table as CSV, with every digit', async () => {
    await logRun('grid', 'grid-a', 0.1);
    await logRun('grid', 'grid-b', 0.01);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments/1');
    await page.getByText('Export', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Runs as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/grid.*\.csv$/);
    const [head = '', ...rows] = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(head).toContain('lr');
    expect(rows).toHaveLength(2);
    expect(rows.join('\n')).toContain(String(1 - 0.01 - 1 / 21));
    expect(faults).toEqual([]);
  });

  it('deletes ticked runs after asking, and undoes it', async () => {
    for (const name of ['grid-a', 'grid-b', 'grid-c']) await logRun('grid', name, 0.1);
    const { page, faults } = await open(scripts);
    await page.goto('/experiments/1');
    for (const name of ['grid-a', 'grid-b']) await page.getByLabel(`tick ${name}`, { exact: true }).check();
    await page.getByRole('button', { name: 'Delete…' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Move 2 runs to the trash?');
    await page.getByRole('button', { name: 'Move to the trash' }).click();
    expect(await flash(page)).toMatch(/^2 runs are in the trash\./);
    expect(await runNames(page)).toEqual(['grid-c']);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await flash(page)).toBe('2 runs are back.');
    expect((await runNames(page)).sort()).toEqual(['grid-a', 'grid-b', 'grid-c']);
    expect(faults).toEqual([]);
  });
});
