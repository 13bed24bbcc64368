// tests/runs/compare-more.test.ts
// Purpose: the baseline with its differences, diffs of long values, groups and queries on the compare page, rivals on the run page.
// Why: "is B better than A, by how much, and what is different" must be right to the digit and the line.
// Relevant files: runs/compare/compare-views.ts, runs/compare/delta.ts, runs/compare/text-diff.ts, runs/compare/baseline-changes.ts

import { beforeAll, expect, test } from 'vitest';
import { deltaOf } from '../../runs/compare/delta.ts';
import { diffOf } from '../../runs/compare/text-diff.ts';
import { Direction } from '../../runs/metric-rules.ts';
import { firstLines, sayFirstLines, type FirstLines } from '../../runs/compare/first-lines.ts';
import type { MetricLine } from '../../runs/compare/compare.ts';
import { RunStatus, type RunRow } from '../../runs/models.ts';
import { faultsOf } from '../support/html.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, linesOf, tableOf, textOf, type NewRun } from './page-support.ts';

const [A, B, C] = [idOf('a'), idOf('b'), idOf('c')];
const config = (width: number): string =>
  JSON.stringify({ opt: { lr: 0.1, name: 'adam' }, model: { width, depth: 2 } });

const tracker = useTracker();
let experiment: number;
beforeAll(async () => {
  const common = { experiment: 'more', status: RunStatus.Finished };
  const runs: NewRun[] = [
    { id: 'a', name: 'alpha', params: { opt: 'adam', config: config(64) }, tags: { 'mlflow.source.git.commit': 'aaa' }, metrics: { 'val/acc': [0.5, 0.75], 'val/loss': [0.5, 0.25] } },
    { id: 'b', name: 'beta', parent_id: A, params: { opt: 'sgd', config: config(32) }, tags: { 'mlflow.source.git.commit': 'bbb' }, metrics: { 'val/acc': [0.6, 0.5], 'val/loss': [0.5, 'NaN'] } },
    { id: 'c', name: 'gamma', params: { opt: 'sgd', config: config(32) }, metrics: { 'val/acc': [0.6, 0.7], 'val/loss': [0.5, 0.125] } },
  ]; // prettier-ignore
  for (const run of runs) experiment = (await addRun(tracker, { ...common, ...run })).experiment_id;
});

const path = (...ids: string[]): string => `/compare?${ids.map((id) => `run=${id}`).join('&')}`;

async function page(address: string): Promise<string> {
  const { status, body } = await tracker.get(address);
  expect([address, status]).toEqual([address, 200]);
  expect(await faultsOf(body), address).toEqual([]);
  return body;
}

async function setBaseline(run: string, baseline: 'yes' | 'no'): Promise<void> {
  const answer = await fetch(`${tracker.url}/runs/baseline`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ run, baseline, back: `/runs/${run}` }),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/runs/${run}`]);
}

test('a difference has sign, arrow and says whether it is better; none where one is not finite', () => {
  expect(deltaOf(0.75, 0.5, Direction.Max)).toEqual({ text: '▲ +0.2500', title: '0.2500 above the baseline, 50 %: better', mark: 'good' }); // prettier-ignore
  expect(deltaOf(0.75, 0.5, Direction.Min)?.mark).toBe('bad');
  expect(deltaOf(-3, 0, null)).toEqual({ text: '▼ −3', title: '3 below the baseline', mark: '' });
  expect(deltaOf(1, 1, Direction.Max)?.text).toBe('= 0');
  for (const [value, from] of [[NaN, 1], [1, Infinity], [null, 1], [1, null], [1.7e308, -1.7e308]] as const)
    expect(deltaOf(value, from, Direction.Max)).toBeNull(); // prettier-ignore
});

test('the baseline is kept, its differences stand in the cells, it can be added, changed and taken back', async () => {
  expect(await page(path(A, B, C))).not.toContain('class="delta');
  await setBaseline(A, 'yes');
  const html = await page(path(A, B, C));
  expect(linesOf(tableOf(html, 1))).toEqual({
    'val/acc ↑': ['0.7500', '0.5000 ▼ −0.2500', '0.7000 ▼ −0.0500'],
    'val/loss ↓': ['0.2500', 'NaN', '0.1250 ▼ −0.1250'],
  });
  expect(html).toContain('class="delta bad" title="0.2500 below the baseline, 33 %: worse"');
  expect(html).toContain('class="delta good" title="0.1250 below the baseline, 50 %: better"');
  const without = await page(path(B, C));
  expect(without).not.toContain('class="delta');
  expect(hrefOf(without, 'Add the baseline alpha')).toBe(path(A, B, C));
  await setBaseline(B, 'yes');
  expect(linesOf(tableOf(await page(path(A, B, C)), 1))['val/acc ↑']?.[0]).toBe('0.7500 ▲ +0.2500');
  await setBaseline(A, 'no');
  expect(await page(path(A, B, C)), 'it was not the baseline').toContain('class="delta');
  await setBaseline(B, 'no');
  expect(await page(path(A, B, C))).not.toContain('class="delta');
});

test('a run page leads to the baseline, the parent, the best and the previous run, each once', async () => {
  await setBaseline(A, 'yes');
  const html = await page(`/runs/${B}`);
  expect(hrefOf(html, 'baseline: alpha')).toBe(path(A, B));
  expect(html).not.toContain('parent: alpha');
  const other = await page(`/runs/${C}`);
  expect(hrefOf(other, 'previous: beta')).toBe(path(C, B));
  expect(await page(`/runs/${A}`)).toContain('No longer the baseline');
  await setBaseline(A, 'no');
  expect(hrefOf(await page(`/runs/${B}`), 'parent: alpha')).toBe(path(B, A));
  expect(hrefOf(await page(`/runs/${C}`), 'best: alpha')).toBe(path(C, A));
});

test('nested values are laid out and compared line by line; the environment is folded', async () => {
  const html = await page(path(A, B, C));
  const diff = textOf(/<pre class="diff">[\s\S]*?<\/pre>/.exec(html)?.[0] ?? '');
  expect(diff).toContain('− "width": 64');
  expect(diff).toContain('+ "width": 32');
  expect(html).toContain('beta, gamma against alpha');
  expect(textOf(html)).toContain('Environment and code: 1 differ, 0 equal');
});

test('a diff puts both texts together again, whatever they are', () => {
  const random = randomFrom(7);
  for (let round = 0; round < 300; round += 1) {
    const text = (): string => `\n${Array.from({ length: Math.floor(random() * 12) }, () => 'abc'[Math.floor(random() * 3)]).join('\n')}`; // prettier-ignore
    const [a, b] = [text(), text()];
    const lines = diffOf(a, b);
    const side = (skip: string): string => lines.filter(({ kind }) => kind !== skip).map((line) => line.text).join('\n'); // prettier-ignore
    expect([side('new'), side('gone')]).toEqual([a, b]);
  }
  expect(diffOf('{"b":1,"a":2}', '{"a":2,"b":1}').every(({ kind }) => kind === 'same')).toBe(true);
  expect(diffOf('', 'three seeds each')).toEqual([{ kind: 'new', text: 'three seeds each' }]);
  expect(diffOf('two\nlines', '').map(({ kind, text }) => `${kind} ${text}`)).toEqual(['gone two', 'gone lines']);
});

test('groups and queries: means beside runs, curves with bands, how many match', async () => {
  const group = `group=${encodeURIComponent(`${experiment}:params.opt = sgd`)}`;
  const both = await page(`/compare?run=${A}&${group}`);
  expect(textOf(both)).toContain('Compare 1 run and 1 group');
  expect(linesOf(tableOf(both, 0))).toMatchObject({ 'val/acc': ['0.60 ± 0.14 (2)'], 'val/loss': ['0.1250 (1)'] });
  expect(both).toContain('class="band"');
  const alone = await page(`/compare?${group}`);
  expect(textOf(alone)).toContain('Compare 1 group');
  expect(alone).not.toContain('What differs');
  const matching = await page(`/compare?experiment=${experiment}&where=${encodeURIComponent('params.opt = sgd')}`);
  expect(textOf(matching)).toContain('2 runs of the filter params.opt = sgd.');
  expect(await page(`/compare?experiment=${experiment}&where=${encodeURIComponent('params.opt = none')}`)).toContain('No run matches.'); // prettier-ignore
});

test('of many runs a chart draws the best, the baseline always, and says so', () => {
  const runs = Array.from({ length: 30 }, (_, place) => ({ id: `r${place}` }) as RunRow);
  const values = runs.map((_, place) => ({ value: place === 7 ? NaN : 100 - place, step: 0 }));
  const line = (direction: Direction | null): MetricLine =>
    ({ key: 'loss', direction, values }) as unknown as MetricLine;
  const ids = (first: FirstLines): string[] => first.runs.map(({ id }) => id);
  const lowest = firstLines(runs, line(Direction.Min), new Set(['r0']));
  expect(ids(lowest)).toEqual(['r0', ...Array.from({ length: 19 }, (_, index) => `r${index + 11}`)]);
  expect(lowest.said).toBe('The 20 best of 30 runs are drawn.');
  const highest = firstLines(runs, line(Direction.Max), new Set());
  expect(ids(highest)).toEqual(Array.from({ length: 21 }, (_, index) => `r${index}`).filter((id) => id !== 'r7'));
  expect(firstLines(runs, line(null), new Set()).said).toBe('The first 20 of 30 runs are drawn.');
  expect(firstLines(runs.slice(0, 20), line(null), new Set()).said).toBe('');
  expect(sayFirstLines([highest, firstLines(runs, line(null), new Set()), lowest])).toBe(
    'The 20 best of 30 runs are drawn, of a metric without a direction the first 20.',
  );
  expect(sayFirstLines([firstLines(runs.slice(0, 20), line(null), new Set())])).toBe('');
});
