// tests/runs/conclusions.test.ts
// Purpose: conclusions through pages, files and API: what is compared, what is claimed, what is not, and wrong requests.
// Why: a page that says "better" must be right, and silent where nothing can be said.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/sentences.ts, runs/conclusions/conclusion-formats.ts

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Verdict } from '../../runs/conclusions/comparison.ts';
import type { ConclusionsOut } from '../../runs/conclusions/conclusion-schemas.ts';
import { RunStatus } from '../../runs/models.ts';
import { faultsInLatex } from '../support/latex.ts';
import { randomFrom } from '../support/random.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import { addRun, hrefOf, openPage, tablesOf, textOf, type NewRun } from './page-support.ts';

let tracker: SeededTracker;
beforeAll(async () => {
  tracker = await startSeeded();
});
afterAll(() => tracker.stop());

async function conclusions(experiment: number, query = ''): Promise<ConclusionsOut> {
  const answer = await tracker.api<ConclusionsOut>('GET', `/api/experiments/${experiment}/conclusions${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

type Value = number | 'NaN';

/** An experiment with a run for each value: `{ a: [0.1, 0.2] }` are two seeds of `arm` a. */
async function experimentOf(name: string, arms: Record<string, Value[]>, metric = 'accuracy'): Promise<number> {
  const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name });
  for (const [arm, values] of Object.entries(arms))
    for (const [seed, value] of values.entries()) {
      const run = await addRun(tracker, { experiment: name, params: { arm, seed }, metrics: { [metric]: [value] } });
      await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
    }
  return body.id;
}

describe('the digits: adam against sgd at each learning rate and width, three seeds', () => {
  const query = '?pairs=params.optimizer';
  // From scipy 1.17 and statsmodels 0.15 on the exported runs: difference, interval, Welch p, Mann-Whitney p, paired p, Holm p.
  const wanted: [string, string, number, number, number, number, number, number, number][] = [
    [
      '0.01',
      '64',
      0.1709876457850138,
      0.07032097010762485,
      0.27165432146240276,
      0.018062146896297825,
      0.1,
      0.02055302887285084,
      0.03612429379259565,
    ],
    [
      '0.01',
      '16',
      0.290123442808787,
      0.18203902803759509,
      0.3982078575799789,
      0.007279061667012321,
      0.07219819770165753,
      0.008107662230268223,
      0.021837185001036964,
    ],
    [
      '0.1',
      '64',
      -0.01604938507080078,
      -0.02260648053819719,
      -0.009492289603404373,
      0.0032712726052258854,
      0.07219819770165753,
      0.02697423217612423,
      0.013085090420903542,
    ],
    [
      '0.1',
      '16',
      -0.0006172855695089075,
      -0.024524578081355188,
      0.023290006942337373,
      0.9462232676523683,
      1.0,
      0.9024099927051467,
      0.9462232676523683,
    ],
  ];

  it('says differences, intervals and p values as scipy does', async () => {
    const { comparisons, base } = await conclusions(tracker.digits, query);
    expect(base).toBe('sgd');
    expect(comparisons.length).toBe(4);
    for (const [lr, width, difference, low, high, p, rankP, pairedP, holm] of wanted) {
      const one = comparisons.find(({ label }) => label === `adam against sgd at lr ${lr} · width ${width}`);
      const found = [one?.difference, one?.welch?.low, one?.welch?.high, one?.welch?.p, one?.mann_whitney?.p, one?.paired?.t?.p, one?.holm];
      for (const [place, want] of [difference, low, high, p, rankP, pairedP, holm].entries())
        expect(found[place], `${lr} ${width} ${place}`).toBeCloseTo(want, 11);
      expect(one).toMatchObject({ n: [3, 3], few: true, paired: { by: ['seed'], pairs: 3 } });
    }
  }); // prettier-ignore

  it('claims no more than three seeds bear, in words', async () => {
    const html = textOf(await openPage(tracker, `/experiments/${tracker.digits}/conclusions${query}`));
    expect(html).toContain('By val/accuracy adam against sgd is better in 2 of 4 comparisons, worse in 1, not to be told apart in 1');
    expect(html).toContain('With n = 3 each no claim is safe: whatever the values, no exact rank test can fall below p = 0.100');
    expect(html).toContain('adam is better than sgd at lr 0.01 · width 64 by 0.17 (95 % CI 0.07 to 0.27; Holm-corrected p = 0.036; n = 3 each). With n = 3 each this holds only if the values are normally distributed: a hint, no proof.');
    expect(html).toContain('adam and sgd cannot be told apart at lr 0.1 · width 16: difference −0.001 (95 % CI −0.025 to 0.023;');
    expect(html).toContain('In 2 of 4 comparisons: Some values are equal (ties), so p of Mann–Whitney is not counted out');
    expect(html).toContain('better, a hint');
  }); // prettier-ignore

  it('compiles as LaTeX: the best bold, those like it underlined, a caption with n, tests and correction', async () => {
    for (const one of ['', query, '?pairs=all']) {
      const tex = (await tracker.get(`/experiments/${tracker.digits}/conclusions.tex${one}`)).body;
      expect(faultsInLatex(tex, true)).toEqual([]);
      expect(tex.match(/\\textbf\{0\./g)?.length).toBe(1);
      expect(tex).toContain('\\underline{0.9704 $\\pm$ 0.0032}');
      expect(tex).toMatch(/\\caption\{val\/accuracy: .*n = 3 per group.*Welch.*Holm/);
    }
  });
});

describe('ranks of the digits', () => {
  it('letters, spans and chances: what 28 Welch tests at once leave open, as scipy and statsmodels say', async () => {
    const { groups, pairs_ranked } = await conclusions(tracker.digits);
    const found = groups.map(({ label, letters, rank, rank_to, like_best }) => [label, letters, rank, rank_to, like_best]);
    expect(pairs_ranked).toBe(28);
    // Holm over all pairs: only the first two stand apart from the fourth (p 0.0087 and 0.0327).
    expect(found).toEqual([
      ['lr 0.01 · adam · width 64', 'a', 1, 7, false],
      ['lr 0.01 · adam · width 16', 'a', 1, 7, true],
      ['lr 0.1 · sgd · width 64', 'ab', 1, 8, true],
      ['lr 0.1 · adam · width 64', 'b', 3, 8, false],
      ['lr 0.1 · sgd · width 16', 'ab', 1, 8, true],
      ['lr 0.1 · adam · width 16', 'ab', 1, 8, true],
      ['lr 0.01 · sgd · width 64', 'ab', 1, 8, true],
      ['lr 0.01 · sgd · width 16', 'ab', 1, 8, true],
    ]);
    expect(groups.reduce((sum, one) => sum + (one.chance_of_best_mean ?? NaN), 0)).toBeCloseTo(1, 9);
    expect([groups[0]?.chance_of_best_mean, groups[0]?.chance_of_best]).toEqual([expect.closeTo(0.8254265383, 9), 0.994]);
  }); // prettier-ignore

  it('are one click from the table of groups, which only orders by the mean', async () => {
    const groups = await openPage(tracker, `/experiments/${tracker.digits}/groups?where=params.width+%3D+64`);
    expect(hrefOf(groups, 'Is it more than chance?')).toBe(`/experiments/${tracker.digits}/conclusions?where=params.width+%3D+64`);
  }); // prettier-ignore

  it('names groups by what differs, once, and says which chance to trust', async () => {
    const path = `/experiments/${tracker.digits}/conclusions`;
    const html = textOf(await openPage(tracker, path));
    expect(html).toContain('By val/accuracy the best mean is lr 0.01 · adam · width 64, 0.9753 ± 0.0028 (n = 3). Against it the others are worse in 2 of 7 comparisons');
    expect(html).toContain('All 28 pairs tested at once, it cannot be told apart from 6 of 7 others; if values are normally distributed, the chance that its true mean is the best is 83 %.');
    expect(html).toContain('width 16 and width 64 cannot be told apart at lr 0.01 · adam: difference −0.0049');
    expect(html).toContain('With n = 3 trust the chance of being best, not the share of resamples');
    const csv = (await tracker.get(`${path}.csv`)).body.split('\r\n')[1];
    expect(csv).toMatch(/,a,0\.1\d+,[\d.]+,1,7,a,0\.8\d+,[\d.]+$/);
    const one = await conclusions(tracker.digits, `?where=${encodeURIComponent('params.width = 64 and params.lr = 0.1')}`);
    expect(one.sentence).toMatch(/^By val\/accuracy adam is worse than sgd by 0\.0160 \(95 % CI/);
  }); // prettier-ignore
});

describe('what is claimed', () => {
  it('a clear difference of enough runs is one, in the direction of the metric', async () => {
    const random = randomFrom(3);
    const around = (middle: number): number[] => Array.from({ length: 12 }, () => middle + random() * 0.1);
    const id = await experimentOf('clear', { a: around(0.5), b: around(0.9), c: around(0.9) }, 'val/loss');
    const { comparisons, groups, notes, direction } = await conclusions(id);
    expect([direction, notes]).toEqual(['min', []]);
    expect(comparisons.map(({ verdict, few }) => [verdict, few])).toEqual([[Verdict.Worse, false], [Verdict.Worse, false]]);
    expect(comparisons[0]?.sentence).toMatch(/^[bc] is worse than a by 0\.\d+ \(95 % CI 0\.\d+ to 0\.\d+; Holm-corrected p < 0\.001; n = 12 each\)\.$/);
    expect(groups.map(({ label, rank, is_best, like_best }) => [label.at(0) === 'a', rank, is_best, like_best])).toEqual([[true, 1, true, false], [false, 2, false, false], [false, 2, false, false]]);
    expect(groups[0]?.chance_of_best).toBe(1);
  }); // prettier-ignore

  it('one run, equal values, NaN: nothing, and why', async () => {
    const id = await experimentOf('silent', { a: [0.5, 0.5, 0.5], b: [0.75, 0.75], c: [0.9], d: ['NaN', 'NaN'], e: [0.1, 'NaN', 0.3] }); // prettier-ignore
    const { comparisons, groups } = await conclusions(id, '?pairs=all');
    expect(groups.map(({ n }) => n).sort()).toEqual([1, 2, 2, 3]);
    const between = (one: string, other: string): ConclusionsOut['comparisons'][number] | undefined =>
      comparisons.find(({ label }) => label === `${one} against ${other}` || label === `${other} against ${one}`);
    expect(between('a', 'b')).toMatchObject({ verdict: Verdict.None, welch: null, holm: null, hedges_g: null, seeds: null });
    expect(between('a', 'b')?.sentence).toContain('neither group varies, so nothing is known of the noise');
    expect(between('a', 'c')?.sentence).toContain('a test needs two finished runs in each group');
    expect(between('a', 'e')?.n.toSorted()).toEqual([2, 3]);
    const html = await openPage(tracker, `/experiments/${id}/conclusions`);
    expect(textOf(html)).toContain('With a single run in a group no claim can be made');
  }); // prettier-ignore

  it('a metric without a direction is higher or lower, never better, and nothing is ranked', async () => {
    const id = await experimentOf('undirected', { a: [1, 1.1, 1.2, 1.1, 1], b: [5, 5.1, 5.2, 5.1, 5] }, 'something');
    expect((await conclusions(id)).sentence).toContain('choose one');
    const { comparisons, groups } = await conclusions(id, '?metric=something');
    expect(comparisons.map(({ verdict }) => verdict)).toEqual([Verdict.Lower]);
    expect(groups.map(({ rank, is_best }) => [rank, is_best])).toEqual([[null, false], [null, false]]); // prettier-ignore
    await openPage(tracker, `/experiments/${id}/conclusions`);
    await openPage(tracker, `/experiments/${id}/conclusions?metric=something`);
  });

  it('as many decimals as the metric’s rule asks for, as long as they leave something of an interval', async () => {
    const id = await experimentOf('decimals', { a: [97.51, 97.82, 97.69, 97.43], b: [95.21, 95.64, 95.39, 95.11] });
    const decimals = async (digits: number | null): Promise<number> => {
      const set = await tracker.api('PUT', `/api/experiments/${id}/metric-rules?key=accuracy`, digits === null ? {} : { digits });
      expect(set.status, JSON.stringify(set.body)).toBe(200);
      const [one] = (await conclusions(id)).comparisons;
      const [, by = '', low = '', high = ''] = /by ([\d.]+) \(95 % CI ([\d.]+) to ([\d.]+);/.exec(one?.sentence ?? '') ?? [];
      const shown = by.split('.')[1]?.length ?? 0;
      expect([by, low, high]).toEqual([one?.difference, one?.welch?.high, one?.welch?.low].map((value) => Math.abs(value ?? 0).toFixed(shown)));
      return shown;
    };
    // Half of the interval is 0.36: of whole numbers nothing would be left of it.
    for (const [digits, shown] of [[null, 2], [3, 3], [0, 2], [1, 1]] as const) expect([digits, await decimals(digits)]).toEqual([digits, shown]);
    const page = textOf(await openPage(tracker, `/experiments/${id}/conclusions`));
    expect(page).toContain('97.6 ± 0.2 (n = 4)');
    expect((await tracker.get(`/experiments/${id}/conclusions.md`)).body).toContain('97.6 ± 0.2');
  }); // prettier-ignore

  it('how many seeds, and of what that is; no number beside "cannot be told apart" that is there already', async () => {
    const { comparisons } = await conclusions(tracker.digits);
    const path = `/experiments/${tracker.digits}/conclusions`;
    const html = textOf(await openPage(tracker, path));
    const [head = [], ...rows] = ((table) => [table?.heads.map(({ text }) => text), ...(table?.rows ?? []).map((row) => row.map(({ text }) => text))])(tablesOf(await openPage(tracker, path))[0]);
    const cells = rows.map((row) => row[head.indexOf('seeds needed')]);
    for (const [place, { seeds, verdict, sentence }] of comparisons.entries()) {
      expect(seeds?.level).toBeCloseTo(0.05 / 7, 15);
      const isThere = verdict === Verdict.Unclear && seeds?.more?.[0] === 0;
      expect(cells[place]).toBe(isThere ? 'more' : seeds?.more?.[0] === 0 ? String(seeds.needed) : `${seeds?.needed} (+${seeds?.more?.[0]})`);
      if (isThere) expect(sentence).toContain('More seeds are needed: n = 3 each would be enough by the formula, but that takes equal spreads for granted.');
      else if (verdict === Verdict.Unclear) expect(sentence).toMatch(/with 80 % power at level 0\.0071\d* \(5 % \/ 7 comparisons\) each needs \d+ seeds: [1-9]\d* more\.$/);
    }
    expect(cells).toContain('more');
    expect(html).toContain('Seeds needed: in each group, to find the difference seen with 80 % power at level 0.0071');
    expect(html).toContain('what Holm asks of the smallest p, if both groups spread alike. “More”: by it there are enough');
    expect(textOf(await openPage(tracker, `${path}?difference=0.01`))).toContain('to find the difference asked for with 80 % power');
    expect(textOf(await openPage(tracker, '/docs/statistics'))).toContain('normal values, the same variance in both groups. Welch');
  }); // prettier-ignore

  it('more seeds for a difference that is named', async () => {
    const id = await experimentOf('seeds', { a: [0.5, 0.52, 0.48, 0.51], b: [0.5, 0.53, 0.47, 0.52] });
    const few = (await conclusions(id, '?difference=0.1')).comparisons[0]?.seeds;
    const many = (await conclusions(id, '?difference=0.001')).comparisons[0]?.seeds;
    expect(few?.difference).toBe(0.1);
    expect(many?.needed ?? 0).toBeGreaterThan(few?.needed ?? 0);
    expect(many?.more).toEqual([(many?.needed ?? 0) - 4, (many?.needed ?? 0) - 4]);
  });
});

describe('what is compared', () => {
  it('all with the best, with another one, every pair; one missing is said', async () => {
    const id = tracker.digits;
    const best = await conclusions(id);
    expect(best.comparisons.length).toBe(7);
    expect(new Set(best.comparisons.map(({ base }) => base))).toEqual(new Set([best.groups[0]?.group]));
    const other = best.groups[3]?.group ?? '';
    const moved = await conclusions(id, `?base=${other}`);
    expect(new Set(moved.comparisons.map(({ base }) => base))).toEqual(new Set([other]));
    const back = moved.comparisons.find(({ group }) => group === best.base);
    const forth = best.comparisons.find(({ group }) => group === other);
    expect(back?.difference).toBeCloseTo(-(forth?.difference ?? NaN), 15);
    expect(back?.bootstrap?.percentile?.[0]).toBeCloseTo(-(forth?.bootstrap?.percentile?.[1] ?? NaN), 12);
    expect((await conclusions(id, '?pairs=all')).comparisons.length).toBe(28);
    const missing = await conclusions(id, '?base=nowhere');
    expect([missing.base, missing.notes[0]]).toEqual([best.base, expect.stringContaining('is not among these groups')]);
    const filtered = await conclusions(id, `?where=${encodeURIComponent('params.width = 64')}`);
    expect(filtered.comparisons.length).toBe(3);
  });

  it('the base is the best mean that something can be tested against; a chosen one stays', async () => {
    const id = await experimentOf('lone best', { lucky: [0.99], good: [0.9, 0.91, 0.92], poor: [0.5, 0.52, 0.51], other: [0.95] });
    const nameOf = (all: ConclusionsOut, label: string): string => all.groups.find((one) => one.label === label)?.group ?? '';
    const usual = await conclusions(id);
    expect(usual.base).toBe(nameOf(usual, 'good'));
    expect(usual.comparisons.map(({ verdict }) => verdict)).toEqual([Verdict.None, Verdict.None, Verdict.Worse]);
    expect(usual.comparisons.at(-1)?.seeds?.level).toBe(0.05);
    expect(usual.sentence).toContain('lucky and 1 more group have a higher mean, but only one run each: nothing can be tested against them.');
    const path = `/experiments/${id}/conclusions`;
    expect(textOf(await openPage(tracker, path))).toContain('the best mean of two runs or more is good, 0.910 ± 0.010 (n = 3). Against it the others are worse in 1 of 3 comparisons, without a test in 2 (Welch tests at 5 %, Holm-corrected over 1 comparison). lucky, 0.9900 (n = 1), and 1 more group have a higher mean');
    const two = await conclusions(id, `?where=${encodeURIComponent('params.arm != other')}`);
    expect(two.sentence).toContain('lucky has a higher mean, but only one run: nothing can be tested against it.');
    const chosen = await conclusions(id, `?base=${nameOf(usual, 'lucky')}`);
    expect([chosen.base, chosen.sentence.includes('higher mean')]).toEqual([nameOf(usual, 'lucky'), false]);
    const low = await experimentOf('lone least', { lucky: [0.1], good: [0.2, 0.21, 0.22], poor: [0.5, 0.52, 0.51] }, 'loss');
    expect((await conclusions(low)).sentence).toContain('lucky has a lower mean, but only one run: nothing');
    const equal = await experimentOf('lone equal', { lone: [0.5], pair: [0.5, 0.5], poor: [0.1, 0.2] });
    expect((await conclusions(equal)).sentence).not.toContain('only one run');
    // What is not underlined beside it is not worse for that; who shares the best mean is set in bold, too.
    const tex = (await tracker.get(`${path}.tex`)).body;
    expect([tex.match(/underline\{/g)?.length, tex.includes('The best mean is of a single run: nothing can be tested against it')]).toEqual([1, true]);
    expect((await conclusions(equal)).groups.map(({ is_best }) => is_best)).toEqual([true, true, false]);
    const alone = await conclusions(id, `?where=${encodeURIComponent('params.arm = good')}`);
    expect(alone.groups.map(({ is_best }) => is_best)).toEqual([false]);
  }); // prettier-ignore

  it('groups that differ in one key with each other: the pairs within each learning rate, Holm over these alone', async () => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'three' });
    for (const [at, optimizer] of ['adam', 'sgd', 'rms'].entries())
      for (const lr of [0.1, 0.01])
        for (const seed of [1, 2, 3]) {
          const value = 0.5 + at / 10 + seed / 50 + lr / 10;
          await addRun(tracker, { experiment: 'three', status: RunStatus.Finished, params: { optimizer, lr, seed }, metrics: { accuracy: [value] } });
        }
    const { comparisons, base, sentence } = await conclusions(body.id, '?pairs=params.optimizer&base=*');
    expect([base, comparisons.map(({ label }) => label).sort()]).toEqual(['*', ['0.01', '0.1'].flatMap((lr) => ['rms against adam', 'rms against sgd', 'sgd against adam'].map((pair) => `${pair} at lr ${lr}`)).sort()]);
    // Six tests, not the fifteen of all pairs: the least p counts six-fold.
    const [least] = comparisons.map(({ holm, welch }) => (holm ?? 1) / (welch?.p ?? 1)).sort((a, b) => b - a);
    expect(least).toBeCloseTo(6, 9);
    expect(sentence).toContain('the first of two groups is better in');
    const path = `/experiments/${body.id}/conclusions`;
    expect(textOf(await openPage(tracker, `${path}?pairs=params.optimizer&base=*`))).toContain('each other');
    expect((await tracker.get(`${path}.csv?pairs=params.optimizer&base=*`)).body.trim().split('\r\n').length).toBe(7);
    expect(faultsInLatex((await tracker.get(`${path}.tex?pairs=params.optimizer&base=*`)).body, true)).toEqual([]);
  }); // prettier-ignore

  it('page, CSV and JSON say the same', async () => {
    const path = `/experiments/${tracker.digits}/conclusions`;
    const { comparisons } = await conclusions(tracker.digits);
    const csv = (await tracker.get(`${path}.csv`)).body.trim().split('\r\n');
    expect(csv.length).toBe(1 + comparisons.length);
    for (const [place, one] of comparisons.entries()) expect(csv[place + 1]).toContain(`,${one.difference},`);
    const html = await openPage(tracker, path);
    expect(tablesOf(html)[0]?.rows.length).toBe(comparisons.length);
    for (const { sentence } of comparisons) expect(textOf(html)).toContain(sentence);
    expect(textOf(html)).toContain('In 4 of 7 comparisons the 95 % CI leaves out zero and yet nothing is claimed');
    const json = await tracker.get(`${path}.json`);
    expect(json.body).toEqual(await conclusions(tracker.digits));
    expect((await tracker.get(`${path}.md`)).body).toContain('| **0.9753 ± 0.0028** | 3 | a | 1–7 | 83 % |');
  });

  it('the forest plot as a file: a row for each comparison, its words for who cannot see it', async () => {
    const path = `/experiments/${tracker.digits}/conclusions.svg?pairs=params.optimizer`;
    const { body, headers } = await tracker.get(path);
    expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("style-src 'unsafe-inline'");
    expect(body.match(/<circle/g)?.length).toBe(4);
    expect(body).toContain('adam against sgd at lr 0.1 · width 16');
    expect(body).toContain('aria-label="By val/accuracy adam against sgd is better in 2 of 4 comparisons');
  });

  it('a group among two hundred and more: bounded, and said', async () => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'many' });
    for (let arm = 0; arm < 230; arm++) {
      const run = await addRun(tracker, { experiment: 'many', params: { arm, seed: 1 }, metrics: { accuracy: [arm / 300] } });
      await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
    }
    const { comparisons, notes, groups } = await conclusions(body.id);
    expect([comparisons.length, groups.length]).toEqual([200, 230]);
    expect(notes.join(' ')).toContain('The first 200 of 229 comparisons');
    expect(notes.join(' ')).toContain('The 50 best of 230 groups are ranked');
    await openPage(tracker, `/experiments/${body.id}/conclusions`);
  }); // prettier-ignore
});

it('there is a page without runs, without a metric, with one group; and one of formulas that all heads lead to', async () => {
  const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'without runs' });
  const none = textOf(await openPage(tracker, `/experiments/${body.id}/conclusions`));
  expect(none).toContain('Nothing to conclude yet');
  expect(none).toContain('with tracker.start("without runs", params={"lr": value, "seed": seed}) as run:');
  const one = await experimentOf('one group', { a: [0.5, 0.6] });
  expect(textOf(await openPage(tracker, `/experiments/${one}/conclusions`))).toContain(
    'One group only has values of accuracy',
  );
  const single = await experimentOf('single', { a: [0.5], b: [0.7], c: [0.6] });
  const html1 = textOf(await openPage(tracker, `/experiments/${single}/conclusions`));
  expect(html1).toContain('More seeds are needed');
  expect(html1).toContain(
    'the best mean is b, 0.7000 (n = 1). Against it the others are without a test in 2 of 2 comparisons.',
  );
  expect(html1).not.toContain('share a letter');
  expect(textOf(await openPage(tracker, `/experiments/${single}/conclusions?where=params.arm+%3D+nowhere`))).toContain(
    'No finished run matches',
  );
  expect((await conclusions(one)).comparisons).toEqual([]);
  expect(faultsInLatex((await tracker.get(`/experiments/${one}/conclusions.tex`)).body)).toEqual([]);
  const docs = await openPage(tracker, '/docs/statistics');
  const html = await openPage(tracker, `/experiments/${tracker.digits}/conclusions`);
  const anchors = [...html.matchAll(/\/docs\/statistics#([\w-]+)/g)].map(([, anchor]) => anchor);
  expect(anchors.length).toBeGreaterThan(10);
  for (const anchor of anchors) expect(docs).toContain(`id="${anchor}"`);
});

it('without a value it says which of both is missing, an end or a number; an example names how many params it leaves out', async () => {
  const at = async (run: NewRun): Promise<string> =>
    textOf(await openPage(tracker, `/experiments/${(await addRun(tracker, run)).experiment_id}/conclusions`));
  const nan = { metrics: { loss: ['NaN' as const] } };
  const [open, ended] = [RunStatus.Running, RunStatus.Finished];
  expect(await at({ experiment: 'open', status: open, ...nan })).toContain('Of 1 run none has finished. Runs count once');
  await addRun(tracker, { experiment: 'nan', params: { a: 1 }, status: open, ...nan });
  const said = await at({ experiment: 'nan', params: { a: 2 }, status: ended, ...nan });
  expect(said).toContain('1 of 2 runs finished, but none with a finite value of loss: it is NaN or infinite there');
  const run = (value: number): NewRun => ({ experiment: 'wide', params: Object.fromEntries([...'abcdef'].map((key) => [key, value])), status: ended, metrics: { loss: [value] } });
  await addRun(tracker, run(1));
  const wide = await at(run(2));
  expect(wide).toContain('"d": 1, "seed": seed}) as run: # and 2 more params');
}); // prettier-ignore

it.each([
  ['?pairs=nothing', 400, '?pairs'],
  ['?pairs=params.nowhere', 400, '?pairs'],
  ['?difference=x', 400, '?difference'],
  ['?difference=-1', 400, '?difference'],
  ['?where=lr+%3D+1', 400, '?where'],
  ['?by=lr', 400, '?by[0]'],
  ['?order=runs', 400, '?order'],
])('%s is %i at %s', async (query, status, path) => {
  const url = `/api/experiments/${tracker.digits}/conclusions${query}`;
  const answer = await tracker.api<{ errors: { path: string }[] }>('GET', url);
  expect([answer.status, answer.body.errors[0]?.path]).toEqual([status, path]);
});

it('a decision keeps the sentences of its time', async () => {
  const html = await openPage(tracker, `/experiments/${tracker.digits}/conclusions?pairs=params.optimizer`);
  const href = hrefOf(html, 'Note a decision');
  const form = await openPage(tracker, href.replaceAll('&amp;', '&'));
  expect(form).toContain(`/experiments/${tracker.digits}/conclusions?pairs=params.optimizer`);
  const made = await tracker.api<{ id: number }>('POST', `/api/experiments/${tracker.digits}/decisions`, {
    ...{ hypothesis: 'adam wins', url: `/experiments/${tracker.digits}/conclusions?pairs=params.optimizer` },
  });
  const page = textOf(await openPage(tracker, `/decisions/${made.body.id}`));
  expect(page).toContain('adam is better than sgd at lr 0.01 · width 64 by 0.17');
});
