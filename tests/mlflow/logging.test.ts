// tests/mlflow/logging.test.ts
// Purpose: what is logged through MLflow's API: points to the last bit, batches whole or not at all, data sets, old models.
// Why: a training may send anything twice, and must read back what it sent.
// Relevant files: mlflow/log-routes.ts, mlflow/log-body.ts, runs/ingest.ts, runs/wide-points.ts, runs/dataset-changes.ts

import { describe, expect, it } from 'vitest';
import { raw } from '../support/raw.ts';
import { randomFrom } from '../support/random.ts';
import { readBatch } from '../../mlflow/log-body.ts';
import { useTracker } from '../support/use.ts';
import { mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

const INVALID = 'INVALID_PARAMETER_VALUE';
const LOG_BATCH = '/api/2.0/mlflow/runs/log-batch';

interface Data {
  metrics?: { key: string; value: number | string; timestamp: number; step: number }[];
  params?: { key: string; value: string }[];
  tags?: { key: string; value: string }[];
}

async function dataOf(run_id: string): Promise<Data> {
  return (await mlflow.get<{ run: { data: Data } }>('/runs/get', { run_id })).run.data;
}

/** The text of an answer: JSON.parse would round what the test is about. */
async function textOf(path: string): Promise<string> {
  return (await raw(tracker.url, 'GET', `/api/2.0/mlflow${path}`)).text;
}

async function sendText(body: string): Promise<number> {
  return (await raw(tracker.url, 'POST', LOG_BATCH, { headers: { 'content-type': 'application/json' }, body })).status;
}

const history = (run: string, key: string, more = ''): Promise<string> =>
  textOf(`/metrics/get-history?run_id=${run}&metric_key=${key}${more}`);

describe('points', () => {
  it('values are exact, non-finite ones and -0 too; numeric text is a number', async () => {
    const run_id = await mlflow.run();
    const values = [0.1, 1e308, 5e-324, 'NaN', 'Infinity', '-Infinity', '1.5', '-0.0', 123456789012345680];
    const metrics = values.map((value, step) => ({ key: 'm', value, timestamp: 1, step }));
    await mlflow.post('/runs/log-batch', { run_id, metrics });
    const sent = ['0.1', '1e+308', '5e-324', '"NaN"', '"Infinity"', '"-Infinity"', '1.5', '-0.0', '123456789012345680'];
    const points = sent.map((value, step) => `{"key":"m","value":${value},"timestamp":1,"step":${step}}`);
    expect(await history(run_id, 'm')).toBe(`{"metrics":[${points.join(',')}]}`);
  });

  it('steps and times to ±2^63 are exact, in history, as the latest, beside ordinary ones, sent twice', async () => {
    const run_id = await mlflow.run();
    const places = [
      ['5', '1000'],
      ['9007199254740993', '1700000000123456789'],
      ['9007199254740992', '1700000000123456788'],
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '0'],
      ['9007199254740991', '7'],
      ['-9007199254740993', '8'],
    ] as const;
    const point = (step: string, time: string): string => `{"key":"m","value":2,"timestamp":${time},"step":${step}}`;
    const body = `{"run_id":"${run_id}","metrics":[${places.map(([step, time]) => point(step, time)).join(',')}]}`;
    for (let twice = 0; twice < 2; twice++) expect(await sendText(body)).toBe(200);
    const sorted = [...places].sort((a, b) => (BigInt(a[1]) < BigInt(b[1]) ? -1 : 1));
    const points = sorted.map(([step, time]) => point(step, time));
    expect(await history(run_id, 'm')).toBe(`{"metrics":[${points.join(',')}]}`);
    expect(await textOf(`/runs/get?run_id=${run_id}`)).toContain(point('9223372036854775807', '9223372036854775807'));
    // As decimal text, one alone.
    const one = { run_id, key: 'n', value: 1, timestamp: '1700000000123456789', step: '-9007199254740995' };
    await mlflow.post('/runs/log-metric', one);
    expect(await history(run_id, 'n')).toContain('"timestamp":1700000000123456789,"step":-9007199254740995}');
    // Pages and our own API show the nearest place they know.
    for (const path of [`/runs/${run_id}`, `/curves?run=${run_id}&key=m`, `/api/runs/${run_id}/points?key=m`])
      expect((await tracker.get(path)).status, path).toBe(200);
    // Page by page it is the same.
    const seen: string[] = [];
    for (let token = ''; ;) {
      const page = await history(run_id, 'm', `&max_results=3${token && `&page_token=${token}`}`);
      seen.push(/\[(.*)\]/.exec(page)?.[1] ?? '');
      token = /"next_page_token":"([^"]+)"/.exec(page)?.[1] ?? '';
      if (token === '') break;
    }
    expect(seen).toHaveLength(3);
    expect(seen.join(',')).toBe(points.join(','));
  });

  it.each([
    ['a step beyond 64 bits', '"step":9223372036854775808'],
    ['a fractional step', '"step":1.5'],
    ['a step of letters', '"step":"x"'],
    ['a negative time', '"timestamp":-1'],
    ['a fractional time', '"timestamp":1.5'],
    ['no time', '"timestamp":null'],
    ['no value', '"value":null'],
    ['a value of letters', '"value":"abc"'],
    ['a value that is true', '"value":true'],
    ['a value that is a list', '"value":[1]'],
    ['an empty value', '"value":""'],
    ['a key with !', '"key":"a!b"'],
    ['an empty key', '"key":""'],
    ['a key that climbs', '"key":"a/../b"'],
    ['__proto__', '"key":"__proto__"'],
    ['a key that is a number', '"key":5'],
  ])('%s refuses the whole batch', async (_, wrong) => {
    const run_id = await mlflow.run({ experiment_id: '0' });
    const good = '"key":"m","value":1,"timestamp":1,"step":1';
    const bad = good.replace(new RegExp(`"${/^"(\w+)/.exec(wrong)?.[1] ?? ''}":[^,]*`), wrong);
    expect(
      await sendText(`{"run_id":"${run_id}","metrics":[{${good}},{${bad}}],"params":[{"key":"p","value":"1"}]}`),
    ).toBe(400);
    expect(await sendText(`{"run_id":"${run_id}","metrics":[{${bad}}]}`)).toBe(400);
    const alone = `{"run_id":"${run_id}",${bad}}`;
    const headers = { 'content-type': 'application/json' };
    const one = await raw(tracker.url, 'POST', '/api/2.0/mlflow/runs/log-metric', { headers, body: alone });
    expect([one.status, one.json]).toEqual([400, { error_code: INVALID, message: expect.any(String) as string }]);
    const { metrics, params } = await dataOf(run_id);
    expect([metrics, params]).toEqual([undefined, undefined]);
  });

  it('the quick reading of a batch and the schema say the same of 2,000 random bodies', () => {
    const random = randomFrom(7);
    const pick = <T>(of: T[]): T => of[Math.floor(random() * of.length)] as T;
    const field = (name: string, values: unknown[]): object => (random() < 0.1 ? {} : { [name]: pick(values) });
    let plain = 0;
    for (let i = 0; i < 2_000; i++) {
      const metrics = Array.from({ length: Math.floor(random() * 4) }, () => ({
        ...field('key', ['a', 'b/c', 'a', 'b c', random() < 0.1 ? 'a//b' : 'd']),
        ...field('value', [1, -0.5, '1.5', 'NaN', random() < 0.1 ? 'x' : 2, random() < 0.1 ? null : 3]),
        ...field('timestamp', [0, 17, '18', 1700000000000, random() < 0.1 ? -1 : 5, random() < 0.05 ? 1.5 : 6]),
        ...field('step', [0, -5, '3', 7, random() < 0.1 ? 0.5 : 8, null]),
      }));
      const body = { run_id: 'f'.repeat(32), metrics, ...(random() < 0.3 ? { tags: [{ key: 't', value: 'x' }] } : {}) };
      const quick = outcome(() => readBatch(Buffer.from(JSON.stringify(body))));
      // An empty model is none, and is not plain.
      const slow = { ...body, metrics: [...metrics.map((one) => ({ ...one, model_id: '' }))] };
      const long = outcome(() => readBatch(Buffer.from(JSON.stringify(slow))));
      expect(quick, JSON.stringify(body)).toEqual(long);
      if (typeof quick !== 'string') plain += 1;
    }
    expect(plain).toBeGreaterThan(200);
    expect(plain).toBeLessThan(1_900);
  });
});

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}

describe('batches', () => {
  it('a changed param refuses all of it, the same one is nothing new', async () => {
    const run_id = await mlflow.run();
    const batch = { run_id, metrics: [{ key: 'm', value: 1, timestamp: 1 }], params: [{ key: 'p', value: '1' }] };
    for (let thrice = 0; thrice < 3; thrice++) await mlflow.post('/runs/log-batch', batch);
    const changed = {
      run_id,
      metrics: [{ key: 'new', value: 1, timestamp: 1 }],
      params: [
        { key: 'q', value: '1' },
        { key: 'p', value: '2' },
      ],
      tags: [{ key: 't', value: '1' }],
    };
    const { message } = await mlflow.refused(INVALID, 'POST', '/runs/log-batch', changed);
    expect(message).toContain('"p"');
    const data = await dataOf(run_id);
    expect(data.metrics).toEqual([{ key: 'm', value: 1, timestamp: 1, step: 0 }]);
    expect(data.params).toEqual([{ key: 'p', value: '1' }]);
    expect(data.tags?.map(({ key }) => key)).toEqual(['mlflow.runName']);
    // What was refused left nothing in the memory of ingest either.
    await mlflow.post('/runs/log-batch', { run_id, metrics: [{ key: 'new', value: 2, timestamp: 2 }] });
    expect(await history(run_id, 'new')).toBe('{"metrics":[{"key":"new","value":2,"timestamp":2,"step":0}]}');
  });

  it('has limits: 1000 points, 100 params, 100 tags, 1000 together; keys of 250', async () => {
    const run_id = await mlflow.run();
    const points = (n: number): object[] =>
      Array.from({ length: n }, (_, i) => ({ key: `m${i}`, value: i, timestamp: 1 }));
    const pairs = (n: number): object[] => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    await mlflow.post('/runs/log-batch', { run_id, metrics: points(800), params: pairs(100), tags: pairs(100) });
    for (const much of [
      { metrics: points(1001) },
      { params: pairs(101) },
      { tags: pairs(101) },
      { metrics: points(801), params: pairs(100), tags: pairs(100) },
      { metrics: [{ key: 'x'.repeat(251), value: 1, timestamp: 1 }] },
      { params: [...pairs(1), ...pairs(1)] },
    ])
      await mlflow.refused(INVALID, 'POST', '/runs/log-batch', { run_id, ...much });
  });

  it('long values are kept whole', async () => {
    const run_id = await mlflow.run();
    const value = Array.from({ length: 9_000 }, (_, i) => String.fromCodePoint(33 + ((i * 7919) % 9000))).join('');
    await mlflow.post('/runs/log-parameter', { run_id, key: 'p', value });
    await mlflow.post('/runs/set-tag', { run_id, key: 't', value });
    const { params, tags } = await dataOf(run_id);
    expect(params?.[0]?.value).toBe(value);
    expect(tags?.find(({ key }) => key === 't')?.value).toBe(value);
  });
});

describe('history', () => {
  it('is in the order of time, whole or in pages, also where time runs against the steps', async () => {
    const run_id = await mlflow.run();
    for (const [key, timeOf] of [
      ['up', (i: number): number => i],
      ['down', (i: number): number => 500 - i],
      ['same', (): number => 7],
    ] as const) {
      // prettier-ignore
      const metrics = Array.from({ length: 500 }, (_, i) => ({ key, value: i % 3, timestamp: timeOf(i), step: i }));
      await mlflow.post('/runs/log-batch', { run_id, metrics });
      const sent = metrics.sort((a, b) => a.timestamp - b.timestamp || a.step - b.step);
      expect((JSON.parse(await history(run_id, key)) as Data).metrics).toEqual(sent);
      const seen: unknown[] = [];
      for (let token = ''; ;) {
        const page = JSON.parse(
          await history(run_id, key, `&max_results=70${token && `&page_token=${token}`}`),
        ) as Data & {
          next_page_token?: string;
        };
        seen.push(...(page.metrics ?? []));
        token = page.next_page_token ?? '';
        if (token === '') break;
        expect(page.metrics).toHaveLength(70);
      }
      expect(seen).toEqual(sent);
    }
    expect(await history(run_id, 'never')).toBe('{}');
    for (const bad of ['&max_results=0', '&max_results=x', '&page_token=zzz', '&page_token=AAAA'])
      await mlflow.refused(INVALID, 'GET', `/metrics/get-history?run_id=${run_id}&metric_key=up${bad}`);
    await mlflow.refused('RESOURCE_DOES_NOT_EXIST', 'GET', '/metrics/get-history?run_id=none&metric_key=m');
  });
});

it('a value beyond our limit is cut, not refused: it must not end a training', async () => {
  const run_id = await mlflow.run({ tags: [{ key: 'made', value: 'm'.repeat(10_001) }] });
  await mlflow.post('/runs/log-parameter', { run_id, key: 'one', value: 'o'.repeat(100_001) });
  // The last character is two code units, which are not torn.
  const params = [{ key: 'two', value: `${'t'.repeat(99_999)}🚀` }];
  await mlflow.post('/runs/log-batch', { run_id, params, tags: [{ key: 'tag', value: 't'.repeat(20_000) }] });
  await mlflow.post('/runs/log-parameter', { run_id, key: 'one', value: 'o'.repeat(100_002) });
  type Pairs = { key: string; value: string }[];
  const { run } = await mlflow.get<{ run: { data: { params: Pairs; tags: Pairs } } }>('/runs/get', { run_id });
  const sizes = [...run.data.params, ...run.data.tags].map(({ key, value }): [string, number] => [key, value.length]);
  expect(Object.fromEntries(sizes)).toMatchObject({ one: 100_000, two: 99_999, made: 10_000, tag: 10_000 });
});

describe('data sets', () => {
  const dataset = { name: 'iris', digest: 'abc', source_type: 'local', source: '{"uri":"x.csv"}', schema: '{"a":1}' };
  const context = { key: 'mlflow.data.context', value: 'train' };

  it('are linked once, known by name and digest, shown on the run, gone with it', async () => {
    const experiment_id = await mlflow.experiment();
    const runs = [await mlflow.run({ experiment_id }), await mlflow.run({ experiment_id })];
    const inputs = { datasets: [{ dataset, tags: [{ key: 'z', value: '1' }, context] }] };
    for (const run_id of [...runs, ...runs]) await mlflow.post('/runs/log-inputs', { run_id, ...inputs });
    // The first description and the first tags stay.
    const again = { ...dataset, source: 'elsewhere', schema: undefined };
    await mlflow.post('/runs/log-inputs', { run_id: runs[0], datasets: [{ dataset: again, tags: [] }] });
    for (const run_id of runs) {
      const { run } = await mlflow.get<{ run: { inputs: unknown } }>('/runs/get', { run_id });
      expect(run.inputs).toMatchObject({ dataset_inputs: [{ dataset, tags: [context, { key: 'z', value: '1' }] }] });
      expect((await tracker.api('GET', `/api/runs/${run_id}`)).body['datasets']).toEqual([
        { ...dataset, context: 'train', profile: null },
      ]);
      const page = (await tracker.get(`/runs/${run_id}`)).body;
      for (const shown of ['<h2>Data</h2>', 'iris', 'train', 'abc', '{&quot;uri&quot;:&quot;x.csv&quot;}'])
        expect(page).toContain(shown);
    }
    await mlflow.post('/experiments/delete', { experiment_id });
    expect((await tracker.api('POST', `/api/experiments/${experiment_id}/purge`)).status).toBeLessThan(300);
    await expect.poll(async () => (await tracker.api('GET', `/api/experiments/${experiment_id}`)).status).toBe(404);
    const { rows } = await tracker.app.store.read.execute<{ n: number }>(
      'select (select count(*) from datasets where experiment_id = ?) + (select count(*) from run_datasets) as n',
      [Number(experiment_id)],
    );
    expect(Number(rows[0]?.n)).toBe(0);
  });

  it.each([
    ['no name', { digest: 'd' }],
    ['no digest', { name: 'n' }],
    ['a long name', { name: 'x'.repeat(501), digest: 'd' }],
    ['a long digest', { name: 'n', digest: 'x'.repeat(37) }],
    ['a long source', { name: 'n', digest: 'd', source: 'x'.repeat(65_536) }],
    ['a source that is none', { name: 'n', digest: 'd', source: 5 }],
  ])('%s is refused', async (_, wrong) => {
    const run_id = await mlflow.run({ experiment_id: '0' });
    await mlflow.refused(INVALID, 'POST', '/runs/log-inputs', { run_id, datasets: [{ dataset: wrong, tags: [] }] });
  });
});

it('models of the old kind gather in a tag', async () => {
  const run_id = await mlflow.run();
  const model = (artifact_path: string): object => ({ artifact_path, run_id, flavors: {}, utc_time_created: 'now' });
  for (const artifact_path of ['a', 'b'])
    await mlflow.post('/runs/log-model', { run_id, model_json: JSON.stringify(model(artifact_path)) });
  const tag = (await dataOf(run_id)).tags?.find(({ key }) => key === 'mlflow.log-model.history')?.value ?? '';
  expect(JSON.parse(tag)).toEqual([model('a'), model('b')]);
  for (const model_json of ['{', '5', '', '[]', 'null', JSON.stringify({ ...model('c'), flavors: undefined })])
    await mlflow.refused(INVALID, 'POST', '/runs/log-model', { run_id, model_json });
});
