// tests/runs/compare-one-rule.test.ts
// Purpose: a group has the same numbers on the comparison as on its own page, and what has the only value is nowhere the best.
// Why: two means of one group, or a winner without a rival, are believed by whoever reads the page.
// Relevant files: runs/compare/group-numbers.ts, runs/compare/best-places.ts, runs/compare/group-sentences.ts, runs/pivot/pivot-views.ts

import { beforeAll, expect, test } from 'vitest';
import { bestPlaces } from '../../runs/compare/best-places.ts';
import { Direction } from '../../runs/metric-rules.ts';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();
let experiment = 0;

beforeAll(async () => {
  const runs = [
    ['adam', 1, RunStatus.Finished, [0.9]],
    ['adam', 2, RunStatus.Finished, [0.8]],
    ['adam', 3, RunStatus.Failed, [0.1]],
    ['adam', 4, RunStatus.Running, [0.2]],
    ['sgd', 1, RunStatus.Finished, [0.7]],
    ['sgd', 2, RunStatus.Finished, ['NaN']],
    ['sgd', 3, RunStatus.Killed, [0.3]],
  ] as const;
  for (const [opt, seed, status, values] of runs) {
    const metrics = { 'val/acc': [...values], ...(opt === 'adam' && { 'val/loss': [1 - seed / 10] }) };
    experiment = (await addRun(tracker, { experiment: 'one rule', params: { opt, seed, lr: 1 }, status, metrics })).experiment_id; // prettier-ignore
  }
});

const asked = (): string =>
  ['adam', 'sgd'].map((opt) => `group=${encodeURIComponent(`${experiment}:params.opt = ${opt}`)}`).join('&');

interface Stats {
  n: number;
  mean: number | null;
  std: number | null;
}
interface Compared {
  groups: { unfinished: number; metrics: Record<string, Stats & { without: number }> }[];
  group_metrics: { key: string; best: string[] }[];
  sentences: string[];
}

test('only finished runs count, as on the groups page; page and JSON say which do not', async () => {
  const { body } = await tracker.api<Compared>('GET', `/api/compare?${asked()}`);
  const { body: grouped } = await tracker.api<{ items: { metrics: Record<string, Stats & { without: number }> }[] }>('GET', `/api/experiments/${experiment}/groups`); // prettier-ignore
  const numbers = (one: { metrics: Record<string, Stats & { without: number }> } | undefined): unknown[] =>
    ['n', 'mean', 'std', 'without'].map((name) => one?.metrics['val/acc']?.[name as 'n']);
  expect(body.groups.map(numbers)).toEqual(grouped.items.map(numbers));
  expect(numbers(body.groups[0])[1]).toBeCloseTo(0.85, 12);
  expect(body.groups.map(({ unfinished }) => unfinished)).toEqual([2, 1]);
  const said = [
    'Left out of the numbers of adam (4): 2 runs that did not finish.',
    'Left out of the numbers of sgd (3): 1 run that did not finish, 1 finished run without a finite val/acc.',
  ];
  expect(body.sentences.slice(-2)).toEqual(said);
  const html = await openPage(tracker, `/compare?${asked()}`);
  for (const sentence of said) expect(textOf(html)).toContain(sentence);
  const text = '0.850 ± 0.071 (2)';
  expect(tableOf(html).rows[0]?.[1]?.text).toBe(text);
  expect(textOf(await openPage(tracker, `/experiments/${experiment}/groups`))).toContain(text);
});

test('curves of groups leave out what crashed, too, and say so: chart and table name the same winner', async () => {
  const { body } = await tracker.get(`/curves.md?${asked()}&key=${encodeURIComponent('val/acc')}`);
  expect(body).toContain('Runs that failed or were killed are left out: 1 of adam (4); 1 of sgd (3).');
  expect(body).toMatch(/\| adam \(4\) \| 3 \| 0\.6333 \|/);
  // Of what has nothing else they are all there is.
  const crashed = encodeURIComponent(`${experiment}:status = failed`);
  const only = await tracker.get(`/curves.md?group=${crashed}&key=${encodeURIComponent('val/acc')}`);
  expect(only.body).toMatch(/\| 1 \| 0\.1000 \|/);
  expect(only.body).not.toContain('left out');
});

test('a metric that one of the compared only has is the best of nothing', async () => {
  const { body } = await tracker.api<Compared>('GET', `/api/compare?${asked()}`);
  const best = Object.fromEntries(body.group_metrics.map((line) => [line.key, line.best.length]));
  expect(best).toEqual({ 'val/acc': 1, 'val/loss': 0 });
  const html = await openPage(tracker, `/experiments/${experiment}/groups`);
  expect(html.match(/<td class="(?:first )?n (?:dn )?best"/g)).toHaveLength(1);
});

test('a pivot names the row of its best cell also where no other row has a value', async () => {
  const cell = `/experiments/${experiment}/pivot?rows=params.lr&cols=params.opt&metric=`;
  expect(textOf(await openPage(tracker, `${cell}val%2Facc`))).toContain('Best by val/acc: lr 1 · adam, 0.850 ± 0.071 (2)');
  // One mean is shaded by nothing, and is the best of nothing.
  const alone = textOf(await openPage(tracker, `${cell}val%2Floss`));
  expect([alone.includes('Best by'), alone.includes('shade')]).toEqual([false, false]);
}); // prettier-ignore

test('the rule: the best finite values, all that are equal, of two at least that are not all the same', () => {
  expect(bestPlaces([1, 3, 3, NaN, null], Direction.Max)).toEqual([1, 2]);
  expect(bestPlaces([1, 3, undefined, -Infinity, 1], Direction.Min)).toEqual([0, 4]);
  expect(bestPlaces([5, NaN, null], Direction.Max)).toEqual([]);
  expect(bestPlaces([5, 5], Direction.Min)).toEqual([]);
  expect(bestPlaces([5, 5, NaN], Direction.Min)).toEqual([0, 1]);
  expect(bestPlaces([-Infinity, Infinity], Direction.Max)).toEqual([]);
  expect(bestPlaces([1, 2], null)).toEqual([]);
});
