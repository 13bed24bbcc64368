// tests/browser/pages.test.ts
// Purpose: every link of every page of a seeded tracker answers 200; every page is valid and holds no inline script or style.
// Why: pages work without JavaScript, and nothing they need is on another host.
// Relevant files: tests/support/crawl.ts, tests/support/html.ts, tests/support/seeded.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { crawl } from '../support/crawl.ts';
import { faultsOf } from '../support/html.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import { startTracker } from '../support/tracker.ts';

let tracker: SeededTracker;
beforeAll(async () => {
  tracker = await startSeeded();
});
afterAll(() => tracker.stop());

it('every link leads somewhere, and every page is as it must be', async () => {
  const { visited, faults } = await crawl(tracker.url, '/experiments');
  expect(faults.slice(0, 40).join('\n')).toBe('');
  const paths = [...visited.keys()];
  for (const page of ['/experiments', '/experiments/new', '/runs', '/tags', '/exports', '/docs', '/status']) {
    expect(paths).toContain(page);
  }
  expect(paths.filter((path) => /^\/runs\/[0-9a-f]{32}$/.test(path)).length).toBeGreaterThanOrEqual(27);
  expect(paths.length).toBeGreaterThan(150);
});

it('so are the pages of a tracker that is empty', async () => {
  const empty = await startTracker();
  try {
    const { visited, faults } = await crawl(empty.url, '/experiments');
    expect(faults.join('\n')).toBe('');
    expect(visited.size).toBeGreaterThan(8);
  } finally {
    await empty.stop();
  }
});

it.each([
  ['/experiments/999999', 404],
  ['/runs/0123456789abcdef0123456789abcdef', 404],
  ['/runs/not-a-run', 400],
  ['/compare?run=not-a-run', 400],
  ['/nothing/here', 404],
  ['/experiments?order=nonsense', 400],
])('%s: a page that says what is wrong', async (path, status) => {
  const answer = await tracker.get(path);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(await faultsOf(answer.body)).toEqual([]);
});
