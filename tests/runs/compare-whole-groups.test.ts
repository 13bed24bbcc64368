// tests/runs/compare-whole-groups.test.ts
// Purpose: a comparison counts all runs of a group, as the conclusions do, also beyond the hundred that are drawn, and compares with the right group.
// Why: a mean of the newest runs only may say the contrary of the mean of all.
// Relevant files: runs/compare/whole-groups.ts, runs/compare/group-numbers.ts, runs/compare/group-sentences.ts

import { afterAll, beforeAll, expect, it } from 'vitest';
import { Verdict } from '../../runs/conclusions/comparison.ts';
import { intervalText } from '../../runs/conclusions/figures.ts';
import { sentenceOf } from '../../runs/conclusions/sentences.ts';
import { RunStatus } from '../../runs/models.ts';
import { statsOf } from '../../shared/stats/moments.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { addRun, openPage } from './page-support.ts';

let tracker: Tracker;
let experiment = 0;
/** By `opt`, then metric: what each finished run ended with. */
const ends: Record<string, number[]> = {};

const SIZES = { a: 130, b: 104, few: 3, one: 1 };

beforeAll(async () => {
  tracker = await startTracker();
  let place = 0;
  for (const [opt, size] of Object.entries(SIZES))
    for (let seed = 0; seed < size; seed += 1) {
      // The oldest of `a` are so good that its mean is the better one of the two, though that of its newest is the worse.
      const value = (opt === 'a' ? (seed < 30 ? 0.99 : 0.6) : opt === 'one' ? 0.995 : 0.62) + ((seed * 7) % 11) / 1000;
      const status = opt === 'a' && seed % 40 === 0 ? RunStatus.Failed : RunStatus.Finished;
      const metrics = { 'val/acc': [0.1, opt === 'a' && seed === 3 ? ('NaN' as const) : value], ...(opt === 'a' && seed === 1 && { 'old/loss': [2] }) }; // prettier-ignore
      place += 1;
      const run = { id: String(1000 + place), experiment: 'whole', params: { opt, seed }, status, metrics };
      experiment = (await addRun(tracker, run)).experiment_id;
      if (status === RunStatus.Finished && !(opt === 'a' && seed === 3)) (ends[opt] ??= []).push(value);
    }
}, 120_000);
afterAll(() => tracker.stop());

const asked = (...opts: string[]): string => opts.map((opt) => `group=${encodeURIComponent(`${experiment}:params.opt = ${opt}`)}`).join('&'); // prettier-ignore

interface Numbers {
  n: number;
  mean: number;
  std: number;
  min: number;
  max: number;
  without: number;
}
interface Json {
  groups: { label: string; runs: string[]; total: number; unfinished: number; metrics: Record<string, Numbers> }[];
  sentences: string[];
  notes: string[];
}
const compare = async (...opts: string[]): Promise<Json> =>
  (await tracker.api<Json>('GET', `/api/compare?${asked(...opts)}`)).body;

it('numbers are of all finished runs of a group, and equal to those of the conclusions', async () => {
  const { groups, sentences, notes } = await compare('a', 'b');
  for (const [place, opt] of ['a', 'b'].entries()) {
    const [own, stats] = [groups[place]?.metrics['val/acc'], statsOf(ends[opt] ?? [])];
    expect([own?.n, own?.min, own?.max]).toEqual([ends[opt]?.length, stats?.min, stats?.max]);
    expect(own?.mean).toBeCloseTo(stats?.mean ?? NaN, 12);
    expect(own?.std).toBeCloseTo(stats?.std ?? NaN, 12);
  }
  expect(groups.map(({ label, runs, total, unfinished }) => [label, runs.length, total, unfinished])).toEqual([
    ['a (130)', 100, 130, 4],
    ['b (104)', 100, 104, 0],
  ]);
  expect(groups[0]?.metrics['val/acc']?.without).toBe(1);
  expect(notes[0]).toBe('Curves are of the newest 100 of 130 runs of params.opt = a. The numbers are of all.');
  // One of the oldest alone has it.
  expect(groups[0]?.metrics['old/loss']).toMatchObject({ n: 1, mean: 2 });
  const { body } = await tracker.api<{ groups: { values: object; n: number; mean: number }[]; comparisons: { sentence: string }[] }>('GET', `/api/experiments/${experiment}/conclusions?metric=val/acc&where=${encodeURIComponent('params.opt in (a, b)')}`); // prettier-ignore
  expect(body.groups.map(({ n }) => n)).toEqual([ends['a']?.length, ends['b']?.length]);
  expect(body.groups[0]?.mean).toBeCloseTo(groups[0]?.metrics['val/acc']?.mean ?? NaN, 12);
  expect(sentences[0]).toMatch(/^By val\/acc b is worse than a by 0\.0\d/);
  expect(body.comparisons[0]?.sentence).toContain('b is worse than a by 0.0');
});

it('the page says what its curves are of; the files have the same numbers', async () => {
  const html = await openPage(tracker, `/compare?${asked('a', 'b')}`);
  expect(html).toContain('Curves are of the newest 100 of 104 runs of params.opt = b. The numbers are of all.');
  const curves = await openPage(tracker, `/curves?${asked('a')}&key=val/acc`);
  expect(curves).toContain('Curves are of the newest 100 of 130 runs of params.opt = a.');
  expect(curves).not.toContain('The numbers are of all');
  const csv = (await tracker.get(`/compare.csv?${asked('a', 'b')}`)).body;
  expect(csv).toContain(`a (130),metric,val/acc,${(await compare('a', 'b')).groups[0]?.metrics['val/acc']?.mean}`);
});

it('compares with the best mean of two runs or more, as the conclusions do: against one run nothing can be said', async () => {
  const { sentences } = await compare('one', 'few', 'b');
  expect(sentences.map((one) => /^By val\/acc (\w+)(?:, seed 0)? (?:and|against) (\w+)/.exec(one)?.slice(1))).toEqual([['one', 'b'], ['few', 'b']]); // prettier-ignore
  expect(sentences.filter((one) => one.includes('no claim can be made: a test needs two'))).toHaveLength(1);
  expect(await openPage(tracker, `/compare?${asked('one', 'few', 'b')}`)).toContain('</a> with the best mean of two runs or more, Holm'); // prettier-ignore
});

it('compares with the baseline where it is among the groups, on the page and in its files', async () => {
  const where = 'params.opt = b';
  await tracker.api('PUT', `/api/experiments/${experiment}/baseline`, { group: where });
  const { sentences } = await compare('a', 'b', 'few');
  expect(sentences.filter((one) => one.includes(' than b by ') || /^By val\/acc \w+ and b cannot/.test(one))).toHaveLength(2); // prettier-ignore
  expect(await openPage(tracker, `/compare?${asked('a', 'b', 'few')}`)).toContain('</a> with the baseline, Holm');
  expect((await tracker.get(`/compare.md?${asked('a', 'b', 'few')}`)).body).toContain('each group with the baseline');
});

it('draws at first what two groups have; what one group alone has is a click away, and that is said', async () => {
  const html = await openPage(tracker, `/compare?${asked('a', 'b')}`);
  const said =
    'Drawn at first are metrics that two groups at least have; 1 more metric of one group alone is a click away.';
  expect(html).toContain(said);
  const charts = [...html.matchAll(/<figure class="chart[^"]*" data-key="([^"]*)"/g)].map(([, key]) => key);
  expect(charts).toEqual(['val/acc']);
  const href = /<a class="chip" href="([^"]*)">old\/loss<\/a>/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(href).toContain('metric=old%2Floss');
  const asks = await openPage(tracker, href);
  expect(asks).not.toContain('Drawn at first');
  expect(asks).toContain('<a class="chip on"');
});

it('seeds are counted for a difference that is there, however few decimals its wide interval has', () => {
  const seeds = {
    difference: 0.0123,
    isAsked: false,
    comparisons: 1,
    needed: 5000,
    more: [4998, 4997] as [number, number],
  };
  const welch = { difference: 0.0123, t: 0.01, df: 2, p: 0.95, low: -1.3, high: 1.32 };
  const said = { label: 'a against b', names: ['a', 'b'] as [string, string], where: '', n: [2, 3] as [number, number], digits: null, difference: 0.0123 }; // prettier-ignore
  const sentence = sentenceOf({
    ...said,
    welch,
    holm: 0.95,
    seeds,
    few: true,
    isHuge: false,
    verdict: Verdict.Unclear,
  });
  expect(sentence).toContain('To find a difference of 0.0123 with 80 % power');
});

it('an interval that leaves out zero does not look as if it ended there', () => {
  expect(intervalText(0.0003, 0.0288, null)).toBe('0.0003 to 0.0288');
  expect(intervalText(-0.0288, -0.0003, null)).toBe('−0.0288 to −0.0003');
  expect(intervalText(-0.0003, 0.0288, null)).toBe('0.000 to 0.029');
  expect(intervalText(0.07, 0.27, null)).toBe('0.07 to 0.27');
});

it('the page of a chart of groups leads to the comparison of these groups', async () => {
  const html = await openPage(tracker, `/curves?${asked('few', 'one')}&key=val/acc`);
  expect(html).toContain('>Compare these groups</a>');
});
