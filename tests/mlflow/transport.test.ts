// tests/mlflow/transport.test.ts
// Purpose: what every call of MLflow's API has in common: prefixes, bodies, null, unknown fields, errors, 64-bit integers.
// Why: its clients are written against one server's habits, and match on codes and statuses.
// Relevant files: mlflow/serve.ts, mlflow/bodies.ts, mlflow/problems.ts, mlflow/wire.ts

import { describe, expect, it } from 'vitest';
import { quoteLarge } from '../../mlflow/bodies.ts';
import { double, int64, someOf, toText } from '../../mlflow/wire.ts';
import { raw } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';
import { expectError, mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

const CREATE = '/api/2.0/mlflow/experiments/create';

describe('what comes in', () => {
  it('both prefixes answer alike, also mistakes', async () => {
    const id = await mlflow.run();
    const [api, ajax] = await Promise.all(
      ['/api', '/ajax-api'].map((prefix) => tracker.api('GET', `${prefix}/2.0/mlflow/runs/get?run_id=${id}`)),
    );
    expect(ajax?.body).toEqual(api?.body);
    expectError(await tracker.api('GET', '/ajax-api/2.0/mlflow/runs/get?run_id=none'), 'RESOURCE_DOES_NOT_EXIST');
  });

  it('null is absent, unknown fields are ignored, an empty text is missing', async () => {
    const body = { name: 'nulls', tags: null, artifact_location: null, brand_new: { a: [1] } };
    expect(await mlflow.post('/experiments/create', body)).toEqual({ experiment_id: expect.any(String) as string });
    for (const name of [undefined, null, '']) {
      const { message } = await mlflow.refused('INVALID_PARAMETER_VALUE', 'POST', '/experiments/create', { name });
      expect(message).toBe("Missing value for required parameter 'name'.");
    }
  });

  it.each([
    ['no JSON', '{', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['a text', '"x"', 'application/json'],
    ['a bare NaN', '{"name":NaN}', 'application/json'],
    ['letters that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'application/json'],
    ['another content type', '{"name":"x"}', 'text/plain'],
    ['no content type', '{"name":"x"}', undefined],
    ['deep nesting', `{"name":"x","deep":${'['.repeat(100)}${']'.repeat(100)}}`, 'application/json'],
  ])('%s is a 400', async (_what, body, type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await raw(tracker.url, 'POST', CREATE, { headers, body });
    expect([answer.status, answer.json]).toEqual([
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message: expect.any(String) as string },
    ]);
  });

  it('a GET without a query may have a body, as MLflow reads it; a query is what counts', async () => {
    const run_id = await mlflow.run();
    await mlflow.post('/runs/log-metric', { run_id, key: 'm', value: 1, timestamp: 5, step: 2 });
    const get = async (path: string, body: string | Buffer): Promise<unknown[]> => {
      const { status, json } = await raw(tracker.url, 'GET', `/api/2.0/mlflow${path}`, { body });
      return [status, json];
    };
    const asked = JSON.stringify({ run_id, metric_key: 'm', max_results: 5, page_token: null });
    const found = { metrics: [{ key: 'm', value: 1, timestamp: 5, step: 2 }] };
    expect(await get('/metrics/get-history', asked)).toEqual([200, found]);
    expect(await get(`/metrics/get-history?run_id=${run_id}&metric_key=m`, '{"run_id":')).toEqual([200, found]);
    const many = JSON.stringify({ run_ids: [run_id], metric_key: 'm' });
    expect(await get('/metrics/get-history-bulk-interval', many)).toEqual([
      200,
      { metrics: [{ ...found.metrics[0], run_id }] },
    ]);
    expect(await get('/runs/get', JSON.stringify({ run_uuid: run_id }))).toEqual([
      200,
      await mlflow.get(`/runs/get?run_id=${run_id}`),
    ]);
    for (const wrong of ['{', '[]', Buffer.from([0x7b, 0xff, 0x7d]), `{"run_id":"${'x'.repeat(70_000)}"}`])
      expect(await get('/runs/get', wrong)).toEqual([
        400,
        { error_code: 'INVALID_PARAMETER_VALUE', message: expect.any(String) as string },
      ]);
  });

  it('an empty body is an empty object; a content type may name its charset', async () => {
    const empty = await raw(tracker.url, 'POST', CREATE, { headers: { 'content-type': 'application/json' } });
    expect(empty.json).toMatchObject({ message: "Missing value for required parameter 'name'." });
    const named = await raw(tracker.url, 'POST', CREATE, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ name: 'charset ü' }),
    });
    expect(named.status).toBe(200);
  });
});

describe('what is not there', () => {
  it('unknown paths and a slash at the end are 404, wrong methods 405', async () => {
    for (const path of ['/2.0/mlflow/nothing', '/2.0/mlflow/runs/get/', '/3.0/mlflow', '/2.0'])
      expectError(await tracker.api('GET', `/api${path}`), 'ENDPOINT_NOT_FOUND');
    expectError(await tracker.api('GET', CREATE), 'ENDPOINT_NOT_FOUND', 405);
    expectError(await tracker.api('DELETE', '/ajax-api/2.0/mlflow/runs/get'), 'ENDPOINT_NOT_FOUND', 405);
  });

  it.each(['/mlflow/runs/%zz', '/mlflow/logged-models/%E0%A4%A', '/mlflow-artifacts/artifacts/1/%ff'])(
    '%s, which cannot be decoded, is said in the same shape',
    async (path) => {
      for (const prefix of ['/api/2.0', '/ajax-api/2.0', '/api/3.0'])
        expectError(await tracker.api('GET', prefix + path), 'INVALID_PARAMETER_VALUE');
      expect((await tracker.api('GET', '/api/runs/%zz')).body).toHaveProperty('detail');
    },
  );

  it('what is left out on purpose says so, whatever is sent', async () => {
    for (const path of [
      '/api/3.0/mlflow/traces/search',
      '/ajax-api/2.0/mlflow/gateway/routes',
      '/v1/traces',
      '/graphql',
    ]) {
      for (const type of ['application/json', 'application/x-protobuf']) {
        const headers = { 'content-type': type };
        const answer = await raw(tracker.url, 'POST', path, { headers, body: '\u0000{' });
        expect([answer.status, answer.json], path).toEqual([
          404,
          { error_code: 'ENDPOINT_NOT_FOUND', message: expect.stringContaining('does not have it') as string },
        ]);
      }
    }
  });
});

describe('numbers', () => {
  it('whole numbers beyond 2^53 become text, everything else stays as it was written', () => {
    const body = String.raw`{"a":9007199254740993,"b":[-9223372036854775808,1],"c":0.12345678901234567,"d":"12345678901234567890 \" 99999999999999999",
      "e":12345678901234567.5,"f":1e30,"g":9007199254740991,"h":{"99999999999999999":1}}`;
    expect(JSON.parse(quoteLarge(body))).toEqual({
      ...(JSON.parse(body) as object),
      a: '9007199254740993',
      b: ['-9223372036854775808', 1],
    });
  });

  it('answers have exact integers, non-finite values as text, no empty lists', () => {
    const answer = {
      a: int64(2n ** 63n - 1n),
      b: [double(NaN), double(-Infinity), double(-0), double(0.1)],
      c: someOf([]),
    };
    expect(toText(answer)).toBe('{"a":9223372036854775807,"b":["NaN","-Infinity",-0.0,0.1]}');
  });
});
