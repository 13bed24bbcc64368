// tests/runs/run-page.test.ts
// Purpose: what the page of a run shows: rank, nearest run, metrics with their extremes, params, parent, children, tags.
// Why: each number there is read as the truth about a training.
// Relevant files: runs/run/run-page.ts, runs/run/run-views.ts, runs/run/neighbours.ts, runs/templates/run.html

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import {
  addRun,
  columnOf,
  hrefOf,
  idOf,
  linksOf,
  openPage,
  paragraphOf,
  readPage,
  sectionOf,
  tableOf,
  tablesOf,
  textOf,
  type NewRun,
} from './page-support.ts';

const { Finished, Failed } = RunStatus;

const tracker = useTracker();

const pathOf = (id: string): string => `/runs/${idOf(id)}`;
const leadOf = async (id: string): Promise<string> => paragraphOf(await readPage(tracker, pathOf(id)), 'lead');

describe('where it stands', () => {
  beforeAll(async () => {
    const runs: NewRun[] = [
      { id: 'a1', name: 'first', params: { lr: 0.1, opt: 'adam', seed: 1 }, metrics: { acc: [0.5, 0.9], loss: [0.1] } },
      { id: 'a2', name: 'second', params: { lr: 0.2, opt: 'adam', seed: 1 }, metrics: { acc: [0.95], loss: [0.2] } },
      { id: 'a3', name: 'third', params: { lr: 0.3, opt: 'sgd', seed: 2 }, metrics: { acc: [0.9], loss: [0.3] } },
      { id: 'a4', name: 'broken', params: { lr: 0.3, opt: 'sgd', seed: 2 }, metrics: { acc: [0.99, 'NaN'] } },
      { id: 'a5', name: 'endless', params: { lr: 0.3, opt: 'sgd', seed: 3, extra: 1 }, metrics: { acc: ['Infinity'] } },
      { id: 'a6', name: 'silent', params: { lr: 0.1, opt: 'adam', seed: 1 } },
      { id: 'a7', name: 'binned', params: { lr: 0.1, opt: 'adam', seed: 1 }, metrics: { acc: [1] } },
      { id: 'a8', name: 'last', params: { lr: 0.3, opt: 'sgd', seed: 9 }, metrics: { acc: [0.1] } },
    ];
    for (const run of runs) await addRun(tracker, { experiment: 'ranked', ...run });
    await addRun(tracker, {
      experiment: 'elsewhere',
      params: { lr: 0.1, opt: 'adam', seed: 1 },
      metrics: { acc: [2] },
    });
    await tracker.api('DELETE', `/api${pathOf('a7')}`);
  });

  it.each([
    // Of equally near runs the next by number; what the trash, other experiments or silent runs hold does not count.
    ['a1', 'Rank 2 of 4 by acc. Nearest run: second, which differs in lr 0.1 → 0.2 and ends 0.0500 higher.'],
    ['a2', 'Rank 1 of 4 by acc. Nearest run: first, which differs in lr 0.2 → 0.1 and ends 0.0500 lower.'],
    ['a3', 'Rank 2 of 4 by acc. Nearest run: broken, with the same params.'],
    ['a8', 'Rank 4 of 4 by acc. Nearest run: endless, which differs in extra not set → 1, seed 9 → 3.'],
    ['a4', ''],
    ['a5', ''],
    ['a6', ''],
  ])('%s: %s', async (id, sentence) => {
    expect(await leadOf(id)).toBe(sentence);
  });

  it('is one click from the comparison with the nearest run', async () => {
    const html = await openPage(tracker, pathOf('a1'));
    expect(hrefOf(html, 'Compare with nearest')).toBe(`/compare?run=${idOf('a1')}&run=${idOf('a2')}`);
    expect(linksOf(await readPage(tracker, pathOf('a6'))).map(({ text }) => text)).not.toContain(
      'Compare with nearest',
    );
  });

  it('is by the metric that the experiment has chosen, the lowest loss first', async () => {
    const { body } = await tracker.api<{ experiment_id: number }>('GET', `/api${pathOf('a1')}`);
    const at = `/api/experiments/${body.experiment_id}`;
    await tracker.api('PATCH', at, { main_metric: 'loss' });
    const sentences = [await leadOf('a1'), await leadOf('a3')];
    await tracker.api('PATCH', at, { main_metric: null });
    expect(sentences[0]).toMatch(/^Rank 1 of 3 by loss\. Nearest run: second, .* and ends 0\.1000 higher\.$/);
    expect(sentences[1], 'those that share a param with it have no loss').toBe('Rank 3 of 3 by loss.');
  });

  it('names four differences and counts the others', async () => {
    const params = (run: number): object => Object.fromEntries([...'abcdefg'].map((key) => [key, run]));
    for (const run of [1, 2])
      await addRun(tracker, { experiment: 'far', id: `b${run}`, params: { same: 1, ...params(run) }, metrics: { acc: [run] } }); // prettier-ignore
    expect(await leadOf('b1')).toContain('which differs in a 1 → 2, b 1 → 2, c 1 → 2, d 1 → 2 and 3 more and ends 1 ');
  });

  it('follows what other runs log between two looks', async () => {
    for (const run of [1, 2])
      await addRun(tracker, { experiment: 'racing', id: `aa${run}`, params: { lr: run, opt: 'adam' }, metrics: { acc: [run] } }); // prettier-ignore
    const [before, path] = [await leadOf('aa2'), pathOf('aa1')];
    await tracker.api('POST', `/api${path}/log`, { metrics: [{ key: 'acc', value: 3, step: 2 }] });
    const after = await leadOf('aa2');
    await tracker.api('DELETE', `/api${path}`);
    const differs = 'Nearest run: run-1, which differs in lr 2 → 1 and ends 1';
    expect([before, after, await leadOf('aa2')]).toEqual([
      `Rank 1 of 2 by acc. ${differs} lower.`,
      `Rank 2 of 2 by acc. ${differs} higher.`,
      'Rank 1 of 1 by acc.',
    ]);
  });

  it('a run alone has a rank and no neighbour', async () => {
    await addRun(tracker, { experiment: 'alone', id: 'c1', params: { lr: 1 }, metrics: { acc: [0.5] } });
    expect(await leadOf('c1')).toBe('Rank 1 of 1 by acc.');
  });
});

describe('metrics', () => {
  it('have last, min and max with their steps, how many points, and a link to the curve', async () => {
    const metrics = { 'val/acc': [0.25, 0.875, 0.5], size: [7], loss: [3, 'NaN' as const, -2, 'Infinity' as const, 1] };
    await addRun(tracker, { id: 'd1', metrics: { ...metrics, bad: ['NaN', '-Infinity'] } });
    const html = await openPage(tracker, pathOf('d1'));
    const table = tableOf(html);
    expect(table.heads.map(({ text }) => text)).toEqual(['metric', 'last', 'min @ step', 'max @ step', 'points']);
    expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['bad', '−∞ 2 NaN/Inf from step 1', '–', '–', '2'],
      ['loss ↓', '1 2 NaN/Inf from step 2', '−2 @ 3', '3 @ 1', '5'],
      ['size', '7', '7 @ 1', '7 @ 1', '1'],
      ['val/acc ↑', '0.5000', '0.2500 @ 1', '0.8750 @ 2', '3'],
    ]);
    expect(columnOf(table, 'last').map(({ title }) => title)).toEqual([
      ...['-Infinity at step 2', '1 at step 5', '7 at step 1', '0.5 at step 3'],
    ]);
    expect(columnOf(table, 'last').map((cell) => (cell.html.match(/class="chip bad"/g) ?? []).length)).toEqual([
      ...[2, 1, 0, 0],
    ]);
    expect(paragraphOf(html, 'tail')).toContain('4 metrics, 11 points.');
    expect(hrefOf(table.rows[3]?.[0]?.html ?? '', 'val/acc')).toBe(`/curves?run=${idOf('d1')}&key=val%2Facc`);
  });

  it('beyond two hundred are found by their name', async () => {
    const many = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`m/${String(i).padStart(3, '0')}`, [i]]));
    await addRun(tracker, { id: 'd2', metrics: { ...many, 'zz/Acc': [0.5] } });
    const html = await openPage(tracker, pathOf('d2'));
    expect(tableOf(html).rows).toHaveLength(200);
    expect(textOf(html)).toContain('200 of 231 metrics, 231 points.');
    // The one that says how good it is leads the page, wherever its name stands among them.
    expect(textOf(html)).toMatch(/Rank 1 of \d+ by zz.Acc/);
    const find = async (text: string): Promise<string> => readPage(tracker, `${pathOf('d2')}?find=${text}`);
    const found = await find('ACC');
    expect(tableOf(found).rows.map((row) => row[0]?.text)).toEqual(['zz/Acc ↑']);
    expect(textOf(found)).toContain('1 metric, 1 point.');
    expect(found).toContain('name="find" value="ACC"');
    expect(tableOf(await find('m%2F22')).rows.map((row) => row[1]?.text)).toEqual(
      Array.from({ length: 10 }, (_, i) => String(220 + i)),
    );
    expect(textOf(await find('none'))).toContain('No metric matches.');
    await addRun(tracker, { id: 'd3', metrics: { acc: [1] } });
    expect(await readPage(tracker, pathOf('d3'))).not.toContain('name="find"');
  });

  it('none were logged, and no param: both are said', async () => {
    await addRun(tracker, { id: 'd4' });
    const text = textOf(await openPage(tracker, pathOf('d4')));
    for (const said of ['No metric was logged.', 'No param was logged.', 'No notes.', 'No artifacts.'])
      expect(text).toContain(said);
  });
});

describe('params', () => {
  const shown = (html: string): string[] => [...html.matchAll(/<dt>([^<]*)<\/dt>/g)].map(([, key = '']) => key);

  it('are forty, the others folded; long ones too', async () => {
    const keys = Array.from({ length: 43 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    const long = `${'x'.repeat(250)}end`;
    const params = { ...Object.fromEntries(keys.map((key) => [key, key])), p00: '', p01: long };
    await addRun(tracker, { id: 'e1', params });
    const section = sectionOf(await openPage(tracker, pathOf('e1')), 'Params');
    const [open = '', folded = ''] = section.split('<summary class="muted">3 more</summary>');
    expect(shown(open)).toEqual(keys.slice(0, 40));
    expect(shown(folded)).toEqual(keys.slice(40));
    expect(textOf(open)).toContain(`p00""p01${'x'.repeat(80)}...`);
    expect(open).toContain(`</summary>${long}</details>`);
    await addRun(tracker, { id: 'e2', params: Object.fromEntries(keys.slice(0, 40).map((key) => [key, key])) });
    expect(sectionOf(await readPage(tracker, pathOf('e2')), 'Params')).not.toContain('more</summary>');
  });
});

describe('family', () => {
  it('of more children than are shown the others are a click away', async () => {
    await addRun(tracker, { id: 'e0', name: 'many', experiment: 'sweep' });
    for (let child = 1; child <= 24; child += 1)
      await addRun(tracker, { id: `e${(100 + child).toString()}`, experiment: 'sweep', parent_id: idOf('e0') });
    const html = await openPage(tracker, `/runs/${idOf('e0')}`);
    expect(textOf(html)).toContain('20 of 24 child runs. All of them');
    expect(textOf(await openPage(tracker, hrefOf(html, 'All of them')))).toContain('All 24 runs.');
  });

  it('a child names its parent, the parent lists its children in their order and compares them', async () => {
    await addRun(tracker, { id: 'f1', name: 'sweep' });
    const children = [
      { id: 'f9', name: 'child one', status: Finished, start_time: 0, end_time: 5000 },
      { id: 'f3', name: 'child two', status: Failed },
      { id: 'f4', name: 'child binned' },
    ];
    for (const child of children) await addRun(tracker, { ...child, parent_id: idOf('f1') });
    await tracker.api('DELETE', `/api${pathOf('f4')}`);
    const html = await openPage(tracker, pathOf('f1'));
    const table = tableOf(sectionOf(html, '2 child runs'));
    expect(table.rows.map((row) => row.slice(0, 2).map(({ text }) => text))).toEqual([
      ['child one', 'finished'],
      ['child two', 'failed'],
    ]);
    expect(table.rows[0]?.[2]?.text).toBe('5.00 s');
    expect(textOf(html)).toContain('2 of 2 child runs.');
    expect(hrefOf(html, 'Compare these')).toBe(`/compare?run=${idOf('f9')}&run=${idOf('f3')}`);
    const child = await openPage(tracker, pathOf('f9'));
    expect(textOf(child)).toContain('child of sweep');
    expect(hrefOf(child, 'sweep')).toBe(pathOf('f1'));
    expect(child).not.toContain('child runs</h2>');
  });

  it('a parent in the trash is named by its id, without a link', async () => {
    await addRun(tracker, { id: 'f5' });
    await addRun(tracker, { id: 'f6', parent_id: idOf('f5') });
    await tracker.api('DELETE', `/api${pathOf('f5')}`);
    const html = await openPage(tracker, pathOf('f6'));
    expect(textOf(html)).toContain('child of 00000000… (not here)');
    expect(linksOf(html).map(({ href }) => href)).not.toContain(pathOf('f5'));
  });

  it('twenty children are listed of many', async () => {
    await addRun(tracker, { id: 'f7' });
    for (let i = 1; i <= 21; i++) await addRun(tracker, { name: `c${i}`, parent_id: idOf('f7') });
    const section = sectionOf(await readPage(tracker, pathOf('f7')), '21 child runs');
    expect(tablesOf(section)[0]?.rows.map((row) => row[0]?.text)).toEqual(
      Array.from({ length: 20 }, (_, i) => `c${i + 1}`),
    );
    expect(textOf(section)).toContain('20 of 21 child runs.');
  });
});
