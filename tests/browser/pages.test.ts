// tests/browser/pages.test.ts
// Purpose: every link of every page of a seeded tracker answers 200; every page is valid and holds no inline script or style.
// Why: pages work without JavaScript, and nothing they need is on another host.
// Relevant files: tests/support/crawl.ts, tests/support/html.ts, tests/support/seeded.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { crawl, shapeOf } from '../support/crawl.ts';
import { faultsOf } from '../support/html.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import { startTracker } from '../support/tracker.ts';

let tracker: SeededTracker;
beforeAll(async () => {
  tracker = await startSeeded();
});
afterAll(() => tracker.stop());

// Not each of the 4,600 addresses is asked for, but of each shape a few (865: path, names in the query, each empty, once or
// several times). Pages without a query all are, so each run, experiment and tag is read. What is left out differs from what
// is asked for in the value of an id, a key or an order only, which the routes read with one schema and one query: a link
// that is built wrongly is wrong in each of its shape. Hostile and rare values have tests of their own, by name.
it('every link leads somewhere, and every page is as it must be', async () => {
  const { visited, faults, shapes } = await crawl(tracker.url, '/experiments');
  expect(faults.slice(0, 40).join('\n')).toBe('');
  // Were pages not reached, or shapes told apart too coarsely, it would show here.
  expect(shapes.size).toBeGreaterThan(500);
  const asked = new Set([...visited.keys()].map(shapeOf));
  expect([...shapes.keys()].filter((shape) => !asked.has(shape))).toEqual([]);
  expect(visited.size).toBeGreaterThan(1_000);
  const paths = [...visited.keys()];
  for (const page of ['/experiments', '/experiments/new', '/runs', '/tags', '/exports', '/docs', '/status']) {
    expect(paths).toContain(page);
  }
  expect(paths.filter((path) => /^\/runs\/[0-9a-f]{32}$/.test(path)).length).toBeGreaterThanOrEqual(27);
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
