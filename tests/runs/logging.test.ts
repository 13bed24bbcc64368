// tests/runs/logging.test.ts
// Purpose: what is logged comes back exactly: values, steps, keys; duplicates, late points, receipts, many at once.
// Why: a tracker that changes a number is worse than none.
// Relevant files: runs/series-api.ts, runs/ingest.ts, runs/values.ts, runs/points.ts

import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../runs/curves/chart-settings.ts';
import { readCurves } from '../../runs/curves/curves.ts';
import { RunStatus } from '../../runs/models.ts';
import { requireRun } from '../../runs/queries.ts';
import type { Receipt, RunDetail } from '../../runs/schemas.ts';
import { raw } from '../support/raw.ts';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

interface PointsPage {
  items: { step: number; timestamp: number; value: unknown }[];
  next_cursor: string | null;
  total: number;
}

async function newRun(body: Record<string, unknown> = {}): Promise<string> {
  return (await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'logging', ...body })).body.id;
}
const log = (id: string, body: unknown): Promise<Answer<Receipt>> =>
  tracker.api<Receipt>('POST', `/api/runs/${id}/log`, body);
const points = async (id: string, key: string, more = ''): Promise<PointsPage> =>
  (await tracker.api<PointsPage>('GET', `/api/runs/${id}/points?key=${encodeURIComponent(key)}${more}`)).body;
const summaryOf = async (id: string, key: string): Promise<RunDetail['metrics'][string] | undefined> =>
  (await tracker.api<RunDetail>('GET', `/api/runs/${id}`)).body.metrics[key];

test('every double comes back as it was sent', async () => {
  const run = await newRun();
  const values = [
    '0', '-0', '-0.0', '1e308', '-1.7976931348623157e308', '5e-324', '-5e-324', '0.1', '0.30000000000000004',
    '9007199254740993', '1e-7', '123456789.123456789', '"NaN"', '"Infinity"', '"-Infinity"', '"1e-3"', '"-0"',
  ]; // prettier-ignore
  const sent = values.map((value, step) => `{"key": "v", "value": ${value}, "step": ${step}, "timestamp": 7}`);
  const body = `{"metrics": [${sent.join(',')}]}`;
  const headers = { 'content-type': 'application/json' };
  const receipt = await raw(tracker.url, 'POST', `/api/runs/${run}/log`, { headers, body });
  expect(receipt.json).toEqual({ accepted: values.length, duplicates: 0, rejected: [] });
  const page = await raw(tracker.url, 'GET', `/api/runs/${run}/points?key=v`);
  const back = [...page.text.matchAll(/"value":("[^"]*"|[^}]*)\}/g)].map((match) => match[1]);
  const expected = values.map((value) => {
    const number = Number(value.replaceAll('"', ''));
    return Object.is(number, -0) ? '-0' : Number.isFinite(number) ? JSON.stringify(number) : `"${number}"`;
  });
  expect(back).toEqual(expected);
  expect(page.text).toContain('"step":1,"timestamp":7,"value":-0}');
});

test('the furthest steps and times come back', async () => {
  const run = await newRun();
  const far = 2 ** 53 - 1;
  const sent = [-far, -(2 ** 31) - 1, -1, 0, 2 ** 31, far].map((step) => ({ step, timestamp: -8.64e15, value: 1 }));
  await log(run, { metrics: sent.map((point) => ({ key: 'far', ...point })) });
  expect((await points(run, 'far')).items).toEqual(sent);
  const curve = await tracker.api<{ buckets: { count: number }[] }>('GET', `/api/runs/${run}/curve?key=far&buckets=2`);
  expect(curve.body.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(6);
  expect(await summaryOf(run, 'far')).toMatchObject({ count: 6, first: sent[0], last: sent[5] });
});

test('keys may hold anything: emoji, slashes, quotes, both directions', async () => {
  const run = await newRun();
  const keys = ['🎲🎲', 'val/loss', 'a"b\\c', "o'k", 'דיוק', 'الدقة %', 'a?b&c=d#e', ' space ', '%2F', 'constructor', 'x'.repeat(500)]; // prettier-ignore
  const receipt = await log(run, { metrics: keys.map((key, step) => ({ key, value: step, step })) });
  expect(receipt.body).toEqual({ accepted: keys.length, duplicates: 0, rejected: [] });
  for (const [step, key] of keys.entries()) {
    expect((await points(run, key)).items, key).toMatchObject([{ step, value: step }]);
  }
  const { body } = await tracker.api<{ items: { key: string }[] }>('GET', `/api/runs/${run}/metrics`);
  expect(body.items.map((item) => item.key).sort()).toEqual([...keys].sort());
  const whole = await raw(tracker.url, 'GET', `/api/runs/${run}`);
  for (const key of keys) expect(whole.text, key).toContain(`${JSON.stringify(key)}:{"count":1,`);
  const params = Object.fromEntries(keys.map((key) => [key, `of ${key}`]));
  expect((await log(run, { params })).body.rejected).toEqual([]);
  expect((await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body.params).toEqual(params);
});

test('step 0 and the time of arrival where they are left out', async () => {
  const run = await newRun();
  const before = Date.now();
  await log(run, { metrics: [{ key: 'm', value: 1 }] });
  const [point] = (await points(run, 'm')).items;
  expect(point?.step).toBe(0);
  expect(point?.timestamp).toBeGreaterThanOrEqual(before);
  expect(point?.timestamp).toBeLessThanOrEqual(Date.now());
});

test('the same point is kept once, a different one at the same step is kept too', async () => {
  const run = await newRun();
  const at = (value: unknown, step = 1, timestamp = 5): object => ({ key: 'm', value, step, timestamp });
  const batch = { metrics: [at(1), at(1), at(2), at(0), at('-0'), at('NaN'), at('NaN'), at('Infinity'), at(1, 1, 6)] };
  expect((await log(run, batch)).body).toEqual({ accepted: 7, duplicates: 2, rejected: [] });
  expect((await log(run, batch)).body).toEqual({ accepted: 0, duplicates: 9, rejected: [] });
  expect((await points(run, 'm')).total).toBe(7);
  expect(await summaryOf(run, 'm')).toMatchObject({
    count: 7,
    nonfinite_count: 2,
    min: { value: 0 },
    max: { value: 2 },
  });
});

test('late and repeated steps are put where they belong', async () => {
  const run = await newRun();
  const at = (step: number, value: number): object => ({ key: 'm', value, step, timestamp: 1 });
  await log(run, { metrics: [at(10, 1), at(20, 2)] });
  await log(run, { metrics: [at(30, 9), at(5, 0), at(15, 4), at(20, 2), at(-3, 7)] });
  expect((await points(run, 'm')).items.map((point) => point.step)).toEqual([-3, 5, 10, 15, 20, 30]);
  expect(await summaryOf(run, 'm')).toMatchObject({
    count: 6,
    first: { step: -3, value: 7 },
    last: { step: 30, value: 9 },
    min: { value: 0, step: 5 },
    max: { value: 9, step: 30 },
    nonfinite_step: null,
  });
});

test('a receipt names what was not stored, where it was and why, and keeps the rest', async () => {
  const run = await newRun({ params: { lr: '0.1' } });
  const { status, body } = await log(run, {
    metrics: [
      { key: 'ok', value: 1 },
      { key: 'ok', value: 'abc', step: 1 },
      { key: '', value: 1 },
      { key: 'ok', value: 2, step: 1.5 },
      { key: 'ok', value: 3, step: 2 ** 53 },
      { key: 'ok', value: 4, timestamp: 0.5 },
      { key: 'x'.repeat(501), value: 1 },
      { key: 'nul\0', value: 1 },
    ],
    params: { lr: '0.2', new: 1 },
    tags: { t: 'v' },
  });
  expect(status).toBe(200);
  expect(body.accepted).toBe(3);
  expect(body.rejected.map(({ field, index, path }) => [field, index, path])).toEqual([
    ['metrics', 1, 'metrics[1].value'],
    ['metrics', 2, 'metrics[2].key'],
    ['metrics', 3, 'metrics[3].step'],
    ['metrics', 4, 'metrics[4].step'],
    ['metrics', 5, 'metrics[5].timestamp'],
    ['metrics', 6, 'metrics[6].key'],
    ['metrics', 7, 'metrics[7].key'],
    ['params', null, 'params.lr'],
  ]);
  expect(body.rejected[0]?.reason).toBe('value must be a number or "NaN", "Infinity", "-Infinity"');
  expect(body.rejected[7]?.reason).toBe('is already "0.1"; a param is written once');
  const after = (await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body;
  expect(after).toMatchObject({ params: { lr: '0.1', new: '1' }, tags: { t: 'v' } });
});

test('a batch of which nothing can be stored is an error and leaves no trace', async () => {
  const run = await newRun();
  const before = (await tracker.api('GET', `/api/runs/${run}`)).body;
  const refused = await log(run, { metrics: [{ key: 'm', value: 'x' }, { key: 'm', value: 1, step: 0.5 }] }); // prettier-ignore
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    status: 422,
    errors: [{ path: 'metrics[0].value' }, { path: 'metrics[1].step' }],
  });
  expect(refused.body).not.toHaveProperty('rejected');
  expect((await tracker.api('GET', `/api/runs/${run}`)).body).toEqual(before);
});

test('points come in pages that miss and repeat nothing, also over non-finite values', async () => {
  const run = await newRun();
  const values = ['NaN', 'Infinity', '-Infinity', '-0', 0, 1, 1e308];
  const metrics = Array.from({ length: 70 }, (_, i) => ({
    key: 'm',
    value: values[i % 7],
    step: Math.floor(i / 14),
    timestamp: Math.floor(i / 7),
  }));
  await log(run, { metrics });
  const whole = await points(run, 'm', '&limit=10000');
  expect(whole.items).toHaveLength(70);
  expect(whole.next_cursor).toBeNull();
  for (const limit of [1, 3, 10, 69, 70]) {
    const seen: PointsPage['items'] = [];
    let cursor = '';
    for (let page = 0; page <= 70; page++) {
      const { items, next_cursor, total } = await points(run, 'm', `&limit=${limit}${cursor}`);
      expect(total).toBe(70);
      seen.push(...items);
      if (next_cursor === null) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen, `pages of ${limit}`).toEqual(whole.items);
  }
});

test('a curve keeps the extremes and counts everything', async () => {
  const run = await newRun();
  const metrics = Array.from({ length: 1000 }, (_, step) => ({ key: 'm', value: step === 617 ? 99 : 1, step }));
  await log(run, { metrics: [...metrics, { key: 'm', value: 'NaN', step: 3, timestamp: 1 }] });
  const { body } = await tracker.api<{ count: number; buckets: Record<string, number>[] }>(
    'GET',
    `/api/runs/${run}/curve?key=m&buckets=10`,
  );
  expect(body.count).toBe(1001);
  expect(body.buckets).toHaveLength(10);
  expect(body.buckets[0]).toMatchObject({ from_step: 0, to_step: 99, count: 101, nonfinite_count: 1, min: 1, max: 1 });
  expect(Math.max(...body.buckets.map((bucket) => bucket['max'] ?? 0))).toBe(99);
  const part = await tracker.api<{ buckets: object[] }>('GET', `/api/runs/${run}/curve?key=m&from=615&to=619`);
  expect(part.body.buckets).toHaveLength(5);
  expect(part.body.buckets[2]).toMatchObject({ from_step: 617, to_step: 617, mean: 99 });
});

test('many requests to one run at once, one of them bad: all good ones are stored', async () => {
  const run = await newRun();
  const requests = Array.from({ length: 50 }, (_, i) =>
    log(run, { metrics: [0, 1, 2].map((j) => ({ key: 'm', value: i, step: i * 3 + j })), params: { [`p${i}`]: i } }),
  );
  const bad = log(run, { metrics: [{ key: 'm', value: 'bad', step: 7 }] });
  const answers = await Promise.all(requests);
  expect((await bad).status).toBe(422);
  expect(answers.map((answer) => answer.body)).toEqual(Array(50).fill({ accepted: 4, duplicates: 0, rejected: [] }));
  const page = await points(run, 'm');
  expect(page.items.map((point) => point.step)).toEqual(Array.from({ length: 150 }, (_, step) => step));
  const summary = await summaryOf(run, 'm');
  expect(summary).toMatchObject({ count: 150, last: { step: 149 } });
  expect(summary?.mean).toBeCloseTo(24.5, 12);
  expect(Object.keys((await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body.params)).toHaveLength(50);
});

test('many runs of one experiment log at once, some requests are bad: the experiment counts what is stored', async () => {
  const runs = await Promise.all(Array.from({ length: 20 }, newRun));
  const experiment = async (): Promise<Record<'points' | 'version' | 'logged', number> | undefined> => {
    const select = `select e.points, e.version, e.logged from experiments e join runs r on r.experiment_id = e.id where r.id = ?`;
    return (await tracker.app.store.read.execute<Record<'points' | 'version' | 'logged', number>>(select, [runs[0]]))
      .rows[0];
  };
  const before = await experiment();
  for (const step of [0, 10]) {
    const good = runs.map((run) =>
      log(run, { metrics: [0, 1, 2].map((i) => ({ key: 'm', value: i, step: step + i })) }),
    );
    const bad = step === 0 ? runs.map((run) => log(run, { metrics: [{ key: 'm', value: 'bad' }] })) : [];
    expect((await Promise.all(good)).every(({ status }) => status === 200)).toBe(true);
    expect((await Promise.all(bad)).every(({ status }) => status === 422)).toBe(true);
  }
  const after = await experiment();
  expect(after?.points).toBe((before?.points ?? 0) + 20 * 6);
  expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  // Nothing but points came.
  expect((after?.version ?? 0) - (after?.logged ?? 0)).toBe((before?.version ?? 0) - (before?.logged ?? 0));
  for (const run of runs) expect(await summaryOf(run, 'm')).toMatchObject({ count: 6, last: { step: 12 } });
});

test('the curve of the API is the curve of the charts: huge means, short series step by step', async () => {
  const run = await newRun();
  const metrics = Array.from({ length: 12 }, (_, i) => ({
    key: 'm',
    // Far steps: stretches of equal length would put the first ones together.
    step: i < 6 ? i : 10 ** i,
    timestamp: i,
    value: i % 2 === 0 ? 1.7e308 : 1.5e308,
  }));
  metrics.push({ key: 'm', step: 0, timestamp: 99, value: 1.5e308 });
  await log(run, { metrics });
  for (const buckets of [4, 13]) {
    const api = await tracker.api<{ buckets: Record<string, number>[] }>(
      'GET',
      `/api/runs/${run}/curve?key=m&buckets=${buckets}`,
    );
    const row = await requireRun(tracker.app.store.read, run);
    const [chart] = await readCurves(tracker.app.store.read, [row], 'm', { ...DEFAULT_SETTINGS, buckets });
    expect(api.body.buckets.map(({ from_step, mean }) => [from_step, mean])).toEqual(
      chart?.buckets.map(({ from_step, mean }) => [from_step, mean]),
    );
    expect(api.body.buckets.length).toBe(buckets === 13 ? 12 : 1 + 1);
    expect((api.body.buckets[0]?.['mean'] ?? 0) / 1e308).toBeCloseTo(1.6, 1);
  }
});

test('thousands of params in one request come back letter by letter, and once', async () => {
  const run = await newRun({ params: { 'p.0': 'v0' } });
  const odd = ['{a,b}', '"', "'", '\\', '\\"', 'NULL', 'null', '', ' ', '{}', ',', '$1', '?', 'é𝒳', 'a\nb\t'];
  const params: Record<string, string> = {};
  for (let i = 0; i < 4_900; i++) params[`p.${i}`] = `v${i}`;
  for (const text of odd) {
    params[`odd.${text}`] = text;
    params[`other.${text}`] = `${text}1e5${text}`;
  }
  const sent = Object.keys(params).length;
  expect((await log(run, { params })).body).toEqual({ accepted: sent - 1, duplicates: 1, rejected: [] });
  expect((await log(run, { params })).body).toEqual({ accepted: 0, duplicates: sent, rejected: [] });
  const { body } = await tracker.api<RunDetail>('GET', `/api/runs/${run}`);
  expect(body.params).toEqual(params);
  const receipt = (await log(run, { params: { 'p.4899': 'another', 'odd.NULL': 'null', more: '1' } })).body;
  expect(receipt.rejected.map(({ key }) => key)).toEqual(['p.4899', 'odd.NULL']);
  expect(receipt.accepted).toBe(1);
});

test('what happens to a run between two requests counts for the second one', async () => {
  const run = await newRun();
  const { experiment_id } = (await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body;
  let step = 0;
  const logAt = async (): Promise<number> =>
    (await log(run, { metrics: [{ key: 'm', value: 1, step: step++ }] })).status;
  // The second one is known from the first.
  const twice = async (): Promise<number[]> => [await logAt(), await logAt()];
  expect(await twice()).toEqual([200, 200]);
  await tracker.api('DELETE', `/api/runs/${run}`);
  expect(await logAt()).toBe(409);
  await tracker.api('POST', `/api/runs/${run}/restore`);
  expect(await twice()).toEqual([200, 200]);
  await tracker.api('DELETE', `/api/experiments/${experiment_id}`);
  expect(await logAt()).toBe(409);
  await tracker.api('POST', `/api/experiments/${experiment_id}/restore`);
  expect(await twice()).toEqual([200, 200]);
  await tracker.api('PATCH', `/api/runs/${run}`, { status: RunStatus.Finished });
  expect(await twice()).toEqual([200, 200]);
  await log(run, { metrics: [{ key: 'm', value: 9, step: step++ }] });
  const best = await tracker.api<{ items: RunDetail[] }>(
    'GET',
    `/api/runs?experiment=${experiment_id}&where=metrics.m>8`,
  );
  expect(best.body.items.map(({ id }) => id)).toContain(run);
  expect((await summaryOf(run, 'm'))?.count).toBe(step - 2);
});
