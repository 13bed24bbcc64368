// tests/runs/chart-kinds.test.ts
// Purpose: the other ways to draw: running mean, Gaussian, symlog, clipped outliers, another metric as x; defaults of a metric.
// Why: each is a formula that the page states; the picture must follow it, and a page what was kept.
// Relevant files: runs/curves/smoothing.ts, runs/curves/outliers.ts, runs/curves/metric-axis.ts, runs/curves/own-settings.ts

import { beforeAll, expect, test } from 'vitest';
import type { CurvesOut } from '../../runs/curves/curve-schemas.ts';
import { valueAxis } from '../../runs/curves/chart-scale.ts';
import { Scale } from '../../runs/curves/chart-settings.ts';
import { gaussian, runningMean } from '../../runs/curves/smoothing.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let id: string;
let experiment: number;
beforeAll(async () => {
  const body = { experiment: 'kinds', name: 'one' };
  const made = (await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', body)).body;
  [id, experiment] = [made.id, made.experiment_id];
  const metrics = Array.from({ length: 100 }, (_, step) => [
    { key: 'loss', step, value: step === 50 ? 1e9 : Math.sin(step) },
    ...(step % 10 === 5 ? [{ key: 'tokens', step, value: step * 1000 }] : []),
  ]).flat();
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
});

const curves = async (more: string): Promise<CurvesOut> =>
  (await tracker.api<CurvesOut>('GET', `/api/curves?run=${id}&key=loss&${more}`)).body;

test('running mean and Gaussian are their formulae; what is null does not count', () => {
  const ys = [1, 4, null, -2, 8, 3];
  expect(runningMean(ys, 3)).toEqual([2.5, 2.5, null, 3, 3, 5.5]);
  expect(runningMean(ys, 1)).toEqual(ys);
  const g = (k: number): number => Math.exp(-(k * k) / (2 * 0.7 * 0.7));
  const expected = (i: number): number => {
    const near = ys.map((y, j) => ({ y, k: j - i })).filter(({ y, k }) => y !== null && Math.abs(k) <= 3);
    return near.reduce((sum, { y, k }) => sum + g(k) * (y ?? 0), 0) / near.reduce((sum, { k }) => sum + g(k), 0);
  };
  for (const [index, value] of gaussian(ys, 0.7).entries())
    if (value !== null) expect(value).toBeCloseTo(expected(index), 12);
  expect(runningMean([1.7e308, 1.7e308, -1.7e308], 3)[1]).toBeCloseTo(1.7e308 / 3, -295);
});

test('symlog: both signs and 0 have their places, in order, with ticks of both signs', () => {
  const axis = valueAxis(-1000, 100, Scale.Symlog, 5, 0.01);
  const places = [-1000, -1, -0.01, 0, 0.01, 1, 100].map((value) => axis.at(value));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(axis.at(0.01) - axis.at(0)).toBeCloseTo(axis.at(0) - axis.at(-0.01), 12);
  const labels = axis.ticks.map(({ label }) => label);
  expect(labels).toContain('0');
  expect(labels.some((label) => label.startsWith('−'))).toBe(true);
  expect(labels.length).toBeLessThan(9);
});

test('outliers are clipped by the rule, and said; without any nothing is', async () => {
  const clipped = await curves('outliers=clipped');
  expect(clipped.axes?.y.max).toBeLessThan(2);
  expect(clipped.said.join()).toMatch(
    /^Clipped at \S+ to \S+: 1 of 100 points reaches beyond, the furthest to 1\S+ at step 50; held at the edge\.$/,
  );
  expect(
    clipped.curves[0]?.buckets.some(({ max }) => max === 1e9),
    'the values stay',
  ).toBe(true);
  expect((await curves('outliers=clipped&from=51')).said).toEqual(['Clipping: no value lies far out.']);
  expect((await curves('')).axes?.y.max).toBeGreaterThanOrEqual(1e9);
});

test('over another metric: its last value at or before the step; points before its first are left out and said', async () => {
  const answer = await curves('x=metric&xmetric=tokens');
  const [curve] = answer.curves;
  expect(answer.axes?.x.name).toBe('tokens');
  expect(curve?.buckets).toHaveLength(95);
  for (const bucket of curve?.buckets ?? [])
    expect(bucket.x).toBe((Math.floor((bucket.from_step - 5) / 10) * 10 + 5) * 1000);
  expect(answer.said).toContain('5 points left out: tokens has no value there or before.');
  const none = await curves('x=metric&xmetric=nothing');
  expect(none.axes).toBeNull();
});

test.each([
  ['x=metric', '?xmetric'],
  ['smoothing=median', '?smoothing'],
  ['window=0', '?window'],
  ['window=101', '?window'],
  ['outliers=gone', '?outliers'],
])('%s: 400 that names %s', async (more, field) => {
  const answer = await tracker.api<{ errors: { path: string }[] }>('GET', `/api/curves?run=${id}&key=loss&${more}`);
  expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([400, [field]]);
});

test('settings kept as the default of a metric hold on every page, the URL beats them, and they can be forgotten', async () => {
  const keep = async (settings: string): Promise<void> => {
    const answer = await fetch(`${tracker.url}/curves/default`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ experiment: String(experiment), key: 'loss', settings, back: '/runs' }),
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/runs']);
  };
  const page = async (path: string): Promise<string> => (await tracker.get(path)).body;
  const own = `/curves?run=${id}&key=loss`;
  expect(await page(own)).not.toContain('Forget its default');
  await keep('scale=symlog&smoothing=gauss');
  for (const path of [own, `/runs/${id}`, `/compare?run=${id}`]) {
    const body = await page(path);
    expect(await faultsOf(body), path).toEqual([]);
    expect(body, path).toContain('loss over steps, symlog scale');
    expect(body, path).toMatch(/data-curves="\/api\/curves\?[^"]*scale=symlog&amp;smoothing=gauss/);
  }
  expect(await page(own)).toContain('Forget its default');
  expect(await page(`${own}&scale=linear`)).toContain('aria-label="loss over steps: ');
  // The other metric is drawn as before.
  expect(await page(`/runs/${id}`)).toContain('aria-label="tokens over steps: ');
  await keep('');
  expect(await page(own)).not.toContain('symlog scale');
});

test('a chart of a page has its own settings in the URL; what is wrong in them is refused', async () => {
  const chart = encodeURIComponent('key=loss&scale=log');
  const { body } = await tracker.get(`/runs/${id}?x=time&chart=${chart}`);
  expect(body).toContain('loss over time, log scale');
  expect(body).toContain('aria-label="tokens over time: ');
  // Its links change this chart only; those of the other keep it.
  expect(body).toMatch(/href="[^"]*chart=key%3Dloss%26scale%3Dlog[^"]*chart=key%3Dtokens%26scale%3Dlog"/);
  for (const wrong of ['scale=log', 'key=loss&scale=odd', 'key=loss&x=metric', 'key=loss&odd=1']) {
    const answer = await tracker.api<{ errors: { path: string }[] }>(
      'GET',
      `/compare?run=${id}&chart=${encodeURIComponent(wrong)}`,
    );
    expect([wrong, answer.status], wrong).toEqual([wrong, 400]);
  }
});
