// tests/shared/bidi.test.ts
// Purpose: names written from right to left turn nothing of the sentences around them; on a page, too.
// Why: a sentence whose numbers change places says something else.
// Relevant files: shared/bidi.ts, shared/http/pages.ts, runs/templates/conclusions.html

import { expect, onTestFinished, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { isolated } from '../../shared/bidi.ts';
import { addRun, openPage } from '../runs/page-support.ts';
import { startTracker } from '../support/tracker.ts';

test('stretches of such letters are isolated, numbers and other words stay outside', () => {
  expect(isolated('ריצה 12 and b')).toBe('\u2068ריצה\u2069 12 and b');
  expect(isolated('a, תשע ועשר (n = 3)')).toBe('a, \u2068תשע ועשר\u2069 (n = 3)');
  expect(isolated('x\u202egnp.exe is best')).toBe('xgnp.exe is best');
  for (const text of ['adam, lr 0.01 − 3', '', '日本 é 🙂']) expect(isolated(text)).toBe(text);
  expect(isolated(null)).toBe(null);
  expect(String(isolated(`${'\u05b0 '.repeat(50_000)}x`)).length).toBeGreaterThan(100_000);
});

test('a conclusion keeps its order', async () => {
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  let id = 0;
  for (const [opt, seed, acc] of [['עברית', 1, 0.9], ['עברית', 2, 0.8], ['sgd', 1, 0.7], ['sgd', 2, 0.6]] as const)
    id = (await addRun(tracker, { experiment: 'rtl', params: { opt, seed }, status: RunStatus.Finished, metrics: { acc: [acc] } })).experiment_id; // prettier-ignore
  const html = await openPage(tracker, `/experiments/${id}/conclusions`);
  expect(html).toMatch(/<p class="lead">[^<]*\u2068עברית\u2069/);
  expect((await tracker.get(`/experiments/${id}/conclusions.md`)).body).not.toContain('\u2068');
}); // prettier-ignore
