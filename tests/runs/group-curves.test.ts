// tests/runs/group-curves.test.ts
// Purpose: curves of groups: mean, band and n at each step, for runs of equal and of different lengths, from all points; every format.
// Why: a mean over runs that are not there is a false one.
// Relevant files: runs/curves/group-curves.ts, runs/curves/drawn.ts, runs/compare/selection.ts, runs/compare/labels.ts

import { beforeAll, expect, test } from 'vitest';
import { labelsFrom } from '../../runs/compare/labels.ts';
import type { CurvesOut } from '../../runs/curves/curve-schemas.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let experiment: number;
const ids: string[] = [];
beforeAll(async () => {
  // Two groups of three seeds; of the second one run ends early, one logs every other step, one is NaN at step 4.
  for (const [place, optimizer] of ['adam', 'adam', 'adam', 'sgd', 'sgd', 'sgd'].entries()) {
    const body = { experiment: 'seeds', name: `run ${place}`, params: { optimizer, lr: 0.1, seed: place % 3 } };
    const made = (await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', body)).body;
    experiment = made.experiment_id;
    ids.push(made.id);
    const metrics = Array.from({ length: 10 }, (_, step) => ({
      key: 'loss',
      step,
      value: valueAt(place, step),
    })).filter(({ step }) => !(place === 3 && step > 5) && !(place === 4 && step % 2 === 1));
    await tracker.api('POST', `/api/runs/${made.id}/log`, { metrics });
    const long = Array.from({ length: 2_000 }, (_, step) => ({ key: 'long', step, value: step === 777 ? 100 : place }));
    await tracker.api('POST', `/api/runs/${made.id}/log`, { metrics: long });
  }
});

function valueAt(place: number, step: number): number | string {
  return place === 5 && step === 4 ? 'NaN' : (place + 1) * 10 - step * step;
}

const groups = (): string =>
  ['adam', 'sgd'].map((name) => `group=${encodeURIComponent(`${experiment}:params.optimizer = ${name}`)}`).join('&');
const curves = async (more: string): Promise<CurvesOut> => {
  const answer = await tracker.api<CurvesOut>('GET', `/api/curves?${more}`);
  expect(answer.status).toBe(200);
  return answer.body;
};

test('mean, band and n at each step; labels from what differs', async () => {
  const answer = await curves(`${groups()}&key=loss`);
  const [adam, sgd] = answer.curves;
  expect([adam?.label, sgd?.label, adam?.members]).toEqual(['adam (3)', 'sgd (3)', 3]);
  const first = adam?.buckets[3];
  expect([first?.n, first?.mean, first?.min, first?.max]).toEqual([3, 20 - 9, 20 - 9 - 10, 20 - 9 + 10]);
  // The run that ended does not count on; between its points a run counts by the straight line; NaN does not count.
  expect(sgd?.buckets.map(({ n }) => n)).toEqual([3, 3, 3, 3, 2, 3, 2, 2, 2, 1]);
  expect(sgd?.buckets[1]?.mean).toBeCloseTo((40 - 1 + (50 - 2) + 60 - 1) / 3, 12);
  expect(sgd?.buckets[8]?.mean).toBeCloseTo((50 + 60) / 2 - 64, 12);
  expect(sgd?.buckets[9]).toMatchObject({ n: 1, mean: 60 - 81, min: 60 - 81, max: 60 - 81 });
  expect(answer.said.join(' ')).toContain('sgd (3): 3, 2 from step 4, 3 from step 5, 2 from step 6 …');
});

test.each([
  ['std', 10],
  ['se', 10 / Math.sqrt(3)],
  // Student's t with 2 degrees of freedom has its quantile in closed form: √2 · 0.95 / √(1 − 0.95²).
  ['ci95', (10 / Math.sqrt(3)) * ((Math.SQRT2 * 0.95) / Math.sqrt(1 - 0.95 ** 2))],
  ['range', 10],
])('band %s reaches %d from the mean', async (band, reach) => {
  const { curves: found } = await curves(`${groups()}&key=loss&band=${band}`);
  const bucket = found[0]?.buckets[0];
  expect((bucket?.max ?? 0) - (bucket?.mean ?? 0)).toBeCloseTo(reach, 9);
  expect((bucket?.mean ?? 0) - (bucket?.min ?? 0)).toBeCloseTo(reach, 9);
});

test('long runs: stretches of all points; an extreme is in the band from least to greatest, however many buckets', async () => {
  for (const buckets of [7, 100, 320]) {
    const { curves: found } = await curves(`${groups()}&key=long&band=range&buckets=${buckets}`);
    const adam = found[0]?.buckets ?? [];
    expect(adam.length).toBe(buckets);
    expect(Math.max(...adam.map(({ max }) => max ?? 0))).toBe(100);
    // Each point counts: the mean over all stretches is that over all points.
    const total = adam.reduce((sum, { mean, count }) => sum + (mean ?? 0) * count, 0);
    expect(total / adam.reduce((sum, { count }) => sum + count, 0)).toBeCloseTo((1999 * 1 + 100) / 2000, 2);
  }
});

test('page, picture and csv; runs beside groups; a query', async () => {
  for (const more of [
    groups(),
    `${groups()}&run=${ids[0]}`,
    `experiment=${experiment}&where=${encodeURIComponent('params.seed = 0')}`,
  ]) {
    const page = await tracker.get(`/curves?${more}&key=loss`);
    expect([more, page.status]).toEqual([more, 200]);
    expect(await faultsOf(page.body)).toEqual([]);
    const svg = await tracker.get(`/curves.svg?${more}&key=loss&size=normal`);
    expect(svg.body.match(/class="band"/g)?.length ?? 0).toBe(more.includes('group') ? 2 : 0);
    const csv = (await tracker.get(`/curves.csv?${more}&key=loss`)).body.split('\r\n');
    const points = (await tracker.get(`/curves.csv?${more}&key=loss&rows=points`)).body;
    expect(points.startsWith('run_id,run_name,step,timestamp,value')).toBe(true);
    if (!more.includes('group')) expect(csv[0]).toBe('run_id,run_name,step,timestamp,value');
    else expect(csv[0]).toBe('curve,is,step,to_step,x,mean,lower,upper,n,band');
  }
  const answer = await curves(`experiment=${experiment}&where=${encodeURIComponent('params.seed = 0')}&key=loss`);
  expect(answer.curves.map(({ label, title }) => [label, title])).toEqual([
    ['sgd', 'run 3: sgd'],
    ['adam', 'run 0: adam'],
  ]);
  const groupsPage = await tracker.get(`/experiments/${experiment}/groups`);
  expect(groupsPage.body).toContain('Curves of these groups');
  expect(await faultsOf(groupsPage.body)).toEqual([]);
});

test('the csv of groups has mean, edges of the band asked for and n of each step; a single run has no band', async () => {
  for (const band of ['std', 'se', 'ci95', 'range']) {
    const asked = `${groups()}&run=${ids[0]}&key=loss&band=${band}`;
    const { curves: drawn } = await curves(asked);
    const rows = (await tracker.get(`/curves.csv?${asked}`)).body.trim().split('\r\n').slice(1).map((line) => line.split(',')); // prettier-ignore
    expect(rows.length).toBe(drawn.reduce((sum, { buckets }) => sum + buckets.length, 0));
    const wanted = drawn.flatMap(({ members, buckets }) =>
      buckets.map(({ from_step, mean, min, max, n }) => {
        const [edges, of] = members === undefined ? [['', ''], ''] : n === 1 && band !== 'range' ? [['', ''], band] : [[min, max], band]; // prettier-ignore
        return [from_step, mean, ...edges, n ?? 1, of].map(String);
      }),
    );
    expect(rows.map((row) => [row.at(-8), ...row.slice(-5)])).toEqual(wanted);
    expect(drawn.map((one) => one.band)).toEqual([undefined, band, band]);
  }
});

test('a chart in words: who ends best, where lines cross, which is not finite; as Markdown, and as JSON at its own address', async () => {
  const story = (await tracker.get(`/curves.md?run=${ids[0]}&run=${ids[5]}&key=loss`)).body;
  expect(story).toContain('Ends best: adam');
  expect(story).toContain('Not finite: sgd');
  expect(story).toContain('from step 4');
  expect(story).toMatch(/\| run \| points \|.*\n\| --- \| ---: /);
  const made = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'seeds', name: 'crossing' })).body;
  const metrics = Array.from({ length: 10 }, (_, step) => ({ key: 'loss', step, value: 30 - 10 * step }));
  await tracker.api('POST', `/api/runs/${made.id}/log`, { metrics });
  // 10 − x² and 30 − 10x meet at 5 − √5 = 2.76, straight between 2 and 3 at 2.8; and at 5 + √5 = 7.24.
  const page = (await tracker.get(`/curves?run=${ids[0]}&run=${made.id}&key=loss`)).body;
  expect(page).toContain('crosses crossing for the last time at step 7');
  // Without one finite value there is no line, but it is the run that diverged.
  const lost = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'seeds', name: 'lost' })).body;
  const nan = { key: 'loss', value: 'NaN', step: 2 };
  await tracker.api('POST', `/api/runs/${lost.id}/log`, { metrics: [nan] });
  const svg = (await tracker.get(`/curves.svg?run=${made.id}&run=${lost.id}&key=loss`)).body;
  expect(svg).toContain('loss over steps, 2 runs: crossing from 30 to −60. Not finite: lost from step 2"');
  expect((await tracker.get(`/curves.json?${groups()}&key=loss`)).body).toEqual(
    (await tracker.get(`/api/curves?${groups()}&key=loss`)).body,
  );
});

test('a group without a filter is the whole experiment', async () => {
  const { curves: lines } = await curves(`group=${experiment}%3A&key=loss`);
  expect(lines.map(({ label }) => label)).toEqual([expect.stringMatching(/^all runs/)]);
});

test('a picture has the width, height and colours asked for', async () => {
  const svg = async (more: string): Promise<string> =>
    (await tracker.get(`/curves.svg?${groups()}&key=loss&${more}`)).body;
  const dark = await svg('width=700&height=400&theme=dark');
  expect(dark).toContain('viewBox="0 0 700 400" width="700" height="400"');
  expect(dark).toContain('svg{background:#131416}');
  expect(dark).not.toContain('prefers-color-scheme');
  expect(await svg('theme=light')).not.toContain('#131416');
  expect(await svg('')).toContain('prefers-color-scheme:dark');
  expect((await tracker.get(`/curves.svg?${groups()}&key=loss&width=10`)).status).toBe(400);
});

test.each([
  ['group=nonsense', 400, '?group[0]'],
  ['group=1:params.lr %3D', 400, '?group'],
  ['group=99999:params.lr %3D 1', 404, undefined],
  ['where=name', 400, '?experiment'],
])('%s: %d', async (more, status, path) => {
  const answer = await tracker.api<{ errors: { path: string }[] }>('GET', `/api/curves?${more}&key=loss`);
  expect([answer.status, answer.body.errors[0]?.path]).toEqual([status, path]);
});

test('labels: text values by themselves, numbers with their key, equal ones left out, doubles with their name', () => {
  const of = (name: string, params: Record<string, string>): { name: string; params: Map<string, string> } => ({
    name,
    params: new Map(Object.entries(params)),
  });
  expect(labelsFrom([of('a', { opt: 'adam', 'h/lr': '0.1', n: '3' }), of('b', { opt: 'sgd', 'h/lr': '1e-2', n: '3' })])).toEqual(['adam, lr 0.1', 'sgd, lr 1e-2']); // prettier-ignore
  expect(labelsFrom([of('a', { lr: '1' }), of('b', { lr: '1' }), of('c', { lr: '2' })])).toEqual(['lr 1, a', 'lr 1, b', 'lr 2']); // prettier-ignore
  expect(labelsFrom([of('a', {}), of('b', { extra: 'true' })])).toEqual(['a', 'extra true']);
  const many = Array.from({ length: 4 }, (_, i) => of(`r${i}`, Object.fromEntries(Array.from({ length: 9 }, (_, k) => [`k${k}`, String(i % (k + 1))])))); // prettier-ignore
  expect(labelsFrom(many)).toEqual(['k3 0', 'k3 1', 'k3 2', 'k3 3']);
  // Few, but too long for a legend that cuts in the middle: 'lr …1' is no learning rate.
  const long = [['0.1', 'adam'], ['0.01', 'adam'], ['1e+38', 'sgd']].map(([lr = '', opt = ''], i) => of(`r${i}`, { lr, opt, seed: `100${i}`, epochs: `150${i}`, width: `640${i}` })); // prettier-ignore
  expect(labelsFrom(long)).toEqual(['epochs 1500', 'epochs 1501', 'epochs 1502']);
  // A run beside groups: by what all of them have, not by what comes first.
  const mixed = [of('run', { epochs: '15000', lr: '0.0100', optimizer: 'adam', seed: '2', width: '640' }), of('a', { epochs: '15000', optimizer: 'adam' }), of('b', { optimizer: 'sgd' })]; // prettier-ignore
  expect(labelsFrom(mixed)).toEqual(['adam, lr 0.0100', 'adam', 'sgd']);
});
