// tests/browser/filter.test.ts
// Purpose: the filter box offers the fields that there are: typed, chosen by keys or by a click, taken over, closed.
// Why: nobody remembers long metric names; and the box must stay a text field in everything else.
// Relevant files: shared/static/filter.js, runs/query/completion-api.ts, runs/templates/_filter.html

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openWindow, startBrowser } from '../support/browser.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let browser: Browser;
let tracker: Tracker;
beforeAll(async () => {
  [browser, tracker] = await Promise.all([startBrowser(), startTracker()]);
  const run = { experiment: 'one', params: { optimizer: 'adam', 'odd key': 1 }, tags: { ümlaut: '', baseline: '' } };
  const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', run);
  const metrics = ['val/accuracy', 'train/accuracy', 'val/loss'].map((key) => ({ key, value: 1 }));
  await tracker.api('POST', `/api/runs/${body.id}/log`, { metrics });
  await tracker.api('POST', '/api/runs', { experiment: 'two', params: { elsewhere: 1 } });
});
afterAll(async () => {
  await browser.close();
  await tracker.stop();
});

async function open(path: string): Promise<{ page: Page; faults: string[] }> {
  const { page, faults, close } = await openWindow(browser, tracker.url);
  onTestFinished(close);
  await page.addInitScript(TELL);
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  return { page, faults };
}

/** Says in the page, after an answer was shown, to which text before the cursor it was one. */
const TELL = `{
  const ask = window.fetch;
  window.fetch = async (url, ...more) => {
    const answer = await ask(url, ...more);
    const read = answer.json.bind(answer);
    answer.json = async () => {
      const found = await read();
      setTimeout(() => (window.answered = new URL(url).searchParams.get('before')));
      return found;
    };
    return answer;
  };
}`;

/** On a busy machine what is typed is asked for letter by letter: the last answer would undo what was chosen since. */
async function type(page: Page, text: string): Promise<void> {
  const box = page.locator('input[name=where]');
  await box.pressSequentially(text);
  await expect.poll(() => page.evaluate('window.answered')).toBe(await box.inputValue());
}

async function offered(page: Page): Promise<string[]> {
  await page.locator('#filter-fields [role=option]').first().waitFor();
  return page.locator('#filter-fields [role=option]').allInnerTexts();
}

it('keys choose and take a field, then the filter is asked', async () => {
  const { page, faults } = await open('/experiments/1');
  const box = page.locator('input[name=where]');
  await type(page, 'accu');
  expect(await offered(page)).toEqual(['metrics.train/accuracy metric', 'metrics.val/accuracy metric']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('[aria-selected=true]').innerText()).toContain('metrics.val/accuracy');
  await page.keyboard.press('Enter');
  expect(await box.inputValue()).toBe('metrics.val/accuracy ');
  expect(await page.locator('#filter-fields').isVisible()).toBe(false);
  await type(page, '= 1 and odd');
  expect(await offered(page)).toEqual(['params."odd key" param']);
  await page.locator('#filter-fields [role=option]').first().click();
  expect(await box.inputValue()).toBe('metrics.val/accuracy = 1 and params."odd key" ');
  await box.pressSequentially('= 1');
  await Promise.all([page.waitForURL(/where=/), page.keyboard.press('Enter')]);
  expect(await page.locator('table tbody tr').count()).toBe(1);
  expect(faults).toEqual([]);
});

it('values, aggregates and the order are offered in their places, and the box tells a screen reader of each', async () => {
  const { page, faults } = await open('/experiments/1');
  const box = page.locator('input[name=where]');
  const take = async (typed: string, offers: string[]): Promise<void> => {
    await type(page, typed);
    await expect.poll(() => page.locator('#filter-fields:visible [role=option]').allInnerTexts()).toEqual(offers);
    expect(await box.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    const chosen = page.locator(`#${await box.getAttribute('aria-activedescendant')}`);
    expect([await chosen.getAttribute('role'), await chosen.getAttribute('aria-selected')]).toEqual(['option', 'true']);
    await page.keyboard.press('Tab');
  };
  await take('params.optimizer = ', ['adam value']);
  expect([await box.getAttribute('aria-expanded'), await box.getAttribute('aria-activedescendant')]).toEqual(['false', null]); // prettier-ignore
  await take('and mean', ['mean(metrics. aggregate']);
  expect(await offered(page)).toHaveLength(3);
  await take('val/l', ['metrics.val/loss) metric']);
  await take('> 0 ord', ['order by word']);
  await take('val/a', ['metrics.val/accuracy metric']);
  await take('d', ['desc word']);
  expect(await box.inputValue()).toBe('params.optimizer = adam and mean(metrics.val/loss) > 0 order by metrics.val/accuracy desc '); // prettier-ignore
  await Promise.all([page.waitForURL(/where=/), page.keyboard.press('Enter')]);
  expect(await page.locator('table tbody tr').count()).toBe(1);
  expect(faults).toEqual([]);
});

it('Escape closes, Enter without a choice sends what is typed, other experiments’ keys are not offered', async () => {
  const { page } = await open('/experiments/1');
  const box = page.locator('input[name=where]');
  await type(page, 'stat');
  expect(await offered(page)).toEqual(['status field']);
  await page.keyboard.press('Escape');
  expect(await page.locator('#filter-fields').isVisible()).toBe(false);
  expect(await box.inputValue()).toBe('stat');
  await box.fill('else');
  await page.waitForTimeout(400);
  expect(await page.locator('#filter-fields').isVisible()).toBe(false);
  const all = await open('/runs');
  await type(all.page, 'else');
  expect(await offered(all.page)).toEqual(['params.elsewhere param']);
  await Promise.all([all.page.waitForURL(/where=else$|where=else&/), all.page.keyboard.press('Enter')]);
});

it('the endpoint looks after a prefix, and puts what begins so first', async () => {
  const names = async (query: string): Promise<string[]> => {
    const { status, body } = await tracker.api<{ items: { name: string }[] }>('GET', `/api/fields?${query}`);
    expect(status, query).toBe(200);
    return body.items.map(({ name }) => name);
  };
  expect(await names('find=metrics.va')).toEqual(['metrics.val/accuracy', 'metrics.val/loss']);
  expect(await names('find=tag:%C3%9CML')).toEqual(['tags.ümlaut']);
  expect((await names('find=a&experiment=1&limit=3')).length).toBe(3);
  expect(await names('find=loss&experiment=2')).toEqual([]);
  expect(await names('find=params.%22odd')).toEqual(['params."odd key"']);
  expect((await tracker.api('GET', '/api/fields?limit=0')).status).toBe(400);
});
