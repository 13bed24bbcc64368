// tests/runs/curves-routes.test.ts
// Purpose: curves over HTTP: page, picture, table and JSON of the same runs; wrong settings are refused by name.
// Why: the URL is the view, so people and scripts will write it by hand.
// Relevant files: runs/curves/curve-routes.ts, runs/curves/curve-schemas.ts, runs/curves/curve-csv.ts, runs/curves/chart-settings.ts

import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { csvLines } from '../../shared/csv.ts';
import type { CurvesOut } from '../../runs/curves/curve-schemas.ts';
import type { Size } from '../../runs/curves/chart-axes.ts';
import { DEFAULT_SETTINGS } from '../../runs/curves/chart-settings.ts';
import { settingsFor } from '../../runs/curves/chart-views.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';

const KEY = 'val/loss & <b>';
const NAMES = ['=1+1', 'with, "quotes"', '<script>alert(1)</script>'];
const AT = Date.UTC(2026, 10, 23, 14, 20, 41, 7);

const tracker = useTracker();
const ids: string[] = [];
let without: string;
beforeAll(async () => {
  for (const name of NAMES) ids.push(await newRun(name));
  without = await newRun('has no such metric');
  for (const [index, id] of ids.entries()) {
    const metrics = Array.from({ length: 400 }, (_, step) => ({
      key: KEY,
      step,
      timestamp: AT + step * 500,
      value: valueAt(step, index),
    }));
    await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  }
});

async function newRun(name: string): Promise<string> {
  const body = { experiment: 'curves', name, start_time: AT };
  return (await tracker.api<{ id: string }>('POST', '/api/runs', body)).body.id;
}

function valueAt(step: number, run: number): number | string {
  if (run === 1 && step === 10) return 'NaN';
  if (run === 1 && step === 11) return '-Infinity';
  return run === 2 ? 0.1 * step - 5 : 1 / (step + 1 + run);
}

const query = (runs: string[], more = '', key = KEY): string =>
  `${runs.map((id) => `run=${id}`).join('&')}&key=${encodeURIComponent(key)}${more && `&${more}`}`;
const curves = async (more = '', runs = ids): Promise<CurvesOut> => {
  const answer = await tracker.api<CurvesOut>('GET', `/api/curves?${query(runs, more)}`);
  expect(answer.status).toBe(200);
  return answer.body;
};

test('JSON: a curve for each run in order, with its colour, axes and words', async () => {
  const answer = await curves('', [...ids, without]);
  expect(answer).toMatchObject({ key: KEY, x: 'step', scale: 'linear' });
  expect(answer.caption).toBe('1,200 of 1,200 points');
  expect(answer.said).toEqual([
    `1 of 4 runs has no ${KEY}: has no such metric.`,
    '2 values are NaN or infinite, first at step 10 (with, "quotes"); marked at the edge.',
  ]);
  expect(answer.curves.map(({ run_id, label, color, count }) => [run_id, label, color, count])).toEqual([
    [ids[0], NAMES[0], 'c0', 400],
    [ids[1], NAMES[1], 'c1', 400],
    [ids[2], NAMES[2], 'c2', 400],
    [without, 'has no such metric', 'c3', 0],
  ]);
  expect(answer.curves[0]?.buckets).toHaveLength(320);
  expect(answer.axes?.x).toMatchObject({ name: 'step', min: 0 });
  expect(answer.axes?.y.ticks.length).toBeGreaterThan(3);
});

test('settings: x, log, smoothing, buckets, steps; empty fields of a form mean the default', async () => {
  const relative = await curves('x=relative&buckets=4&smooth=0.5');
  expect(relative.curves[0]?.buckets).toHaveLength(4);
  expect(relative.curves[0]?.buckets[0]?.x).toBeCloseTo(24.75);
  expect(relative.curves[0]?.buckets[0]?.smoothed).toBe(relative.curves[0]?.buckets[0]?.mean);
  const log = await curves('scale=log');
  expect(log.curves[2]?.nonpositive_count).toBe(51);
  expect(log.said).toContain('51 values ≤ 0 left out: a log scale cannot show them.');
  const zoomed = await curves('from=100&to=109');
  expect(zoomed.curves[0]?.buckets.map(({ from_step }) => from_step)).toEqual([
    100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
  ]);
  const { curves: plain } = await curves();
  expect((await curves('x=&scale=&smooth=&buckets=&from=&to=')).curves).toEqual(plain);
  expect((await curves('', [...ids, ...ids])).curves).toHaveLength(3);
});

test.each(['', 'x=relative', 'smooth=0.5&size=small', 'buckets=400&to=20'])(
  'columns say what buckets say: %s',
  async (more) => {
    const [whole, short] = [await curves(more), await curves(`${more}&shape=columns`)];
    for (const [place, { buckets, ...rest }] of whole.curves.entries()) {
      const { columns, ...other } = short.curves[place] ?? {};
      expect(other).toEqual({ ...rest, buckets: [] });
      if (!columns) throw new Error('no columns');
      const { x, mean, from_step: from = x, to_step: to = from, min = mean, max = mean, smoothed } = columns;
      const told = x.map((_, i) => ({
        ...{ x: x[i], from_step: from[i], to_step: to[i], min: min[i], max: max[i], mean: mean[i] },
        smoothed: smoothed?.[i] ?? null,
        nonfinite_count: columns.nonfinite_count?.[i] ?? 0,
        nan_count: columns.nan_count?.[i] ?? 0,
        inf_count: columns.inf_count?.[i] ?? 0,
      }));
      expect(told).toEqual(buckets.map(({ from_time: _, to_time: __, count: ___, ...bucket }) => bucket));
    }
  },
);

test('up to twenty lines have 320 buckets each, more share 6,400', () => {
  const each = (lines: number, size: Size = 'large'): number | undefined =>
    settingsFor(DEFAULT_SETTINGS, size, lines).buckets;
  expect([1, 20, 21, 40, 100].map((lines) => each(lines))).toEqual([320, 320, 304, 160, 64]);
  expect([1, 40, 80].map((lines) => each(lines, 'small'))).toEqual([160, 160, 80]);
  expect(settingsFor({ ...DEFAULT_SETTINGS, buckets: 500 }, 'large', 100).buckets).toBe(500);
});

test.each([
  ['shape=rows', '?shape'],
  ['x=epoch', '?x'],
  ['x=step&x=time', '?x'],
  ['scale=cubic', '?scale'],
  ['smooth=1', '?smooth'],
  ['smooth=-0.1', '?smooth'],
  ['smooth=much', '?smooth'],
  ['smooth=0x1', '?smooth'],
  ['smooth=NaN', '?smooth'],
  ['buckets=0', '?buckets'],
  ['buckets=5001', '?buckets'],
  ['buckets=2.5', '?buckets'],
  ['from=first', '?from'],
  ['from=1.5', '?from'],
  ['to=9007199254740992', '?to'],
  ['to=1e3', '?to'],
  ['from=9&to=3', '?from'],
  ['smoothing=0.5', '?smoothing'],
])('%s: 400 that names %s, on the page, the picture and the API', async (more, field) => {
  for (const path of ['/curves', '/curves.svg', '/api/curves']) {
    const answer = await tracker.api<{ errors: { path: string }[] }>('GET', `${path}?${query(ids, more)}`);
    expect([path, answer.status, answer.body.errors.map((error) => error.path)]).toEqual([path, 400, [field]]);
  }
  const page = await tracker.get(`/curves?${query(ids, more)}`);
  expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  expect(await faultsOf(page.body)).toEqual([]);
});

test('wrong runs and keys are named', async () => {
  const unknown = 'f'.repeat(32);
  for (const path of ['/curves', '/curves.svg', '/curves.csv', '/api/curves']) {
    const ask = (text: string): Promise<{ status: number; body: { detail: string } }> =>
      tracker.api('GET', `${path}?${text}`);
    const missing = await ask(query([...ids, unknown]));
    expect([missing.status, missing.body.detail]).toEqual([404, `Run ${unknown} does not exist.`]);
    expect((await ask(`key=${encodeURIComponent(KEY)}`)).body.detail).toContain('?run: name at least one run');
    expect((await ask(`run=${ids[0]}`)).body.detail).toContain('?key');
    expect((await ask(query(['nonsense']))).body.detail).toContain('?run[0]');
    const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(32, '0'));
    expect((await ask(query(many))).body.detail).toContain('at most 100 runs');
  }
});

test('the page: valid, with chart, settings, words and the values as a table', async () => {
  const { status, body } = await tracker.get(`/curves?${query([...ids, without])}`);
  expect(status).toBe(200);
  expect(await faultsOf(body)).toEqual([]);
  expect(body).toContain('data-curves="/api/curves?run=');
  expect(body).toContain('role="img" aria-label="val/loss &amp; &lt;b&gt; over steps, 3 runs:');
  expect(body).toContain('1 of 4 runs has no val/loss');
  expect(body.match(/<td class="first">/g)).toHaveLength(500);
  expect(body).toContain('The first 500 of 960 stretches; the csv has every point.');
  const zoomed = await tracker.get(`/curves?${query([ids[1] ?? ''], 'from=8&to=12&smooth=0.3')}`);
  expect(zoomed.body).toContain('All 5 points.');
  expect(zoomed.body).toContain('<span class="chip bad">NaN</span>');
  expect(zoomed.body).toContain('<span class="chip bad">−∞</span>');
  expect(zoomed.body).toContain('>All steps</a>');
});

test('a page with nothing to draw says so, whatever the reason', async () => {
  const empty = await tracker.get(`/curves?${query([without])}`);
  expect(empty.body).toContain('have been logged here.');
  expect(empty.body).not.toContain('data-curves');
  expect(await faultsOf(empty.body)).toEqual([]);
  expect((await curves('', [without])).axes).toBeNull();
});

test('the picture: an SVG document of its own, with its own policy and style', async () => {
  const answer = await tracker.get(`/curves.svg?${query([...ids, without], 'scale=log&size=small')}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
  expect(answer.headers.get('content-disposition')).toBe('inline; filename="val-loss-b.svg"');
  expect(answer.body).toMatch(/^<\?xml[^>]*>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 440 /);
  expect(answer.body).toContain('prefers-color-scheme:dark');
  expect(answer.body).not.toMatch(/<script|<b>/);
  expect((await tracker.get(`/curves.svg?${query(ids, 'size=thumb')}`)).status).toBe(400);
});

test('the csv: every point at full precision; names guarded as exports guard them', async () => {
  const answer = await tracker.get(`/curves.csv?${query([...ids, without])}`);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="val-loss-b.csv"');
  const rows: string[][] = parse(answer.body, { record_delimiter: '\r\n' });
  expect(rows).toHaveLength(1 + 3 * 400);
  expect(rows[0]).toEqual(['run_id', 'run_name', 'step', 'timestamp', 'value']);
  expect(rows[401 + 10]?.slice(2)).toEqual(['10', new Date(AT + 5_000).toISOString(), 'NaN']);
  expect(rows[401 + 11]?.[4]).toBe('-Infinity');
  for (const [index, row] of rows.slice(801).entries()) expect(Number(row[4])).toBe(0.1 * index - 5);
  const lines = answer.body.split('\r\n');
  for (const [index, name] of NAMES.entries()) {
    expect(lines[1 + index * 400]?.startsWith(`${ids[index]},${csvLines([[name]]).trimEnd()},0,`)).toBe(true);
  }
});

test('the document of the API has them', async () => {
  const { body } = await tracker.api<{ paths: Record<string, { get: { parameters: { name: string }[] } }> }>(
    'GET',
    '/openapi.json',
  );
  const names = body.paths['/api/curves']?.get.parameters.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['run', 'key', 'x', 'scale', 'smooth', 'buckets', 'from', 'to', 'size']),
  );
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/curves.svg', '/curves.csv']));
});

test('a value of −0 is −0 in the table and in JSON, as in its CSV; one beside +0 at the same step is summed up to 0', async () => {
  const id = await newRun('minus');
  const metrics = ['-0', 1, 0, '-0'].map((value, place) => ({ key: 'zero', step: Math.min(place, 2), timestamp: AT + place, value })); // prettier-ignore
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  const { curves } = (await tracker.api<CurvesOut>('GET', `/curves.json?run=${id}&key=zero`)).body;
  expect(curves[0]?.buckets.map(({ count, min, mean, max }) => [count, min, mean, max])).toEqual([
    [1, -0, -0, -0],
    [1, 1, 1, 1],
    [2, 0, 0, 0],
  ]);
  const html = (await tracker.get(`/curves?run=${id}&key=zero`)).body;
  expect(html).toContain('−0');
  expect((await tracker.get(`/curves.csv?run=${id}&key=zero`)).body).toMatch(/,0,[^,]*,-0\r?\n/);
});
