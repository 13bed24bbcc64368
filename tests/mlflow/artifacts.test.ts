// tests/mlflow/artifacts.test.ts
// Purpose: MLflow's artifact proxy and its downloads by raw HTTP: bytes, ranges, lists, removal, and what must not get through.
// Why: whatever a path or a file holds, only files of runs and models are reached, and none can script the site.
// Relevant files: mlflow/artifacts-routes.ts, mlflow/artifact-place.ts, tests/mlflow/support.ts

import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { expect, it } from 'vitest';
import { placeOf, safePath } from '../../mlflow/artifact-place.ts';
import { makeModel, must, putFile, register, type MadeRun } from '../models/support.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';
import { expectError, mlflowOf } from './support.ts';

const tracker = useTracker();
const mlflow = mlflowOf(tracker);

const FILES = '/api/2.0/mlflow-artifacts/artifacts';

/** A run's artifact folder below the proxy's root. */
async function newRoot(): Promise<{ run: string; root: string }> {
  const run = await mlflow.run();
  const got = await mlflow.get<{ run: { info: { artifact_uri: string } } }>('/runs/get', { run_id: run });
  return { run, root: got.run.info.artifact_uri.replace('mlflow-artifacts:/', '') };
}

const put = (path: string, body: string | Uint8Array, type = 'application/octet-stream'): Promise<RawAnswer> =>
  raw(tracker.url, 'PUT', `${FILES}/${path}`, { body, headers: type ? { 'content-type': type } : {} });
const get = (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  raw(tracker.url, 'GET', `${FILES}/${path}`, { headers });
const list = async (path: string): Promise<unknown> =>
  (await raw(tracker.url, 'GET', `${FILES}?path=${encodeURIComponent(path)}`)).json;

const ID = 'a'.repeat(32);

it.each([
  [`7/${ID}/artifacts/a/b.txt`, { owner: ID, path: 'a/b.txt' }],
  [`${ID}/artifacts`, { owner: ID, path: '' }],
  [`${ID}/artifacts/`, { owner: ID, path: '' }],
  [`my/own/place/${ID}/artifacts/x/`, { owner: ID, path: 'x' }],
  [`7/models/m-${ID}/artifacts/MLmodel`, { owner: `m-${ID}`, path: 'MLmodel' }],
  [`7/${ID}/artifacts/deep/${'b'.repeat(32)}/artifacts/x`, { owner: ID, path: `deep/${'b'.repeat(32)}/artifacts/x` }],
  [`7/${ID}/artifacts/100%`, { owner: ID, path: '100%' }],
  [`7/${ID}/artifact/x`, undefined],
  [`7/${ID.toUpperCase()}/artifacts/x`, undefined],
  ['', undefined],
])('the path %s is that file', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

it.each([
  '..',
  'a/../b',
  '/etc',
  '%2e%2e/x',
  '%252e%252e/x',
  'a/%2E%2E',
  '%2Fetc',
  'a\\..\\b',
  'a#b',
  'a//b',
  './a',
  'a\0',
])('no file has the path %j', (path) => {
  expect(() => safePath(path)).toThrow(/Invalid path/);
  // Within a run's folder it is a name like any other.
  if (path !== '%2Fetc') expect(() => placeOf(`7/${ID}/artifacts/${path}`)).toThrow(/Invalid path/);
});

it('takes any bytes of any type as they are, and gives them back whole or in parts', async () => {
  const { root } = await newRoot();
  const bytes = randomBytes(3_000_000);
  for (const type of [
    'application/json',
    'text/html',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    '',
  ]) {
    const answer = await put(`${root}/gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2/f`, bytes, type);
    expect([answer.status, answer.text], type).toEqual([200, '']);
    const back = await get(`${root}/gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2/f`);
    expect([back.status, back.bytes.equals(bytes)], type).toEqual([200, true]);
  }
  const part = await get(`${root}/gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2/f`, { range: 'bytes=10-19' });
  expect([part.status, part.bytes.equals(bytes.subarray(10, 20))]).toEqual([206, true]);
  expect((await get(`${root}/gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2/f`, { range: 'bytes=3000000-' })).status).toBe(416);
  const etag = part.headers.etag ?? '';
  expect((await get(`${root}/gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2/f`, { 'if-none-match': etag })).status).toBe(304);
});

it('takes chunks without a length, none too, and streams a large file', async () => {
  const { root } = await newRoot();
  const chunk = randomBytes(1 << 20);
  const sent = createHash('sha256');
  const send = (name: string, chunks: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = http.request(`${tracker.url}${FILES}/${root}/${name}`, { method: 'PUT' }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      request.on('error', reject);
      const more = (left: number): void => {
        if (left === 0) return void request.end();
        sent.update(chunk);
        request.write(chunk, () => more(left - 1));
      };
      more(chunks);
    });
  expect(await send('empty', 0)).toBe(200);
  expect((await get(`${root}/empty`)).bytes.length).toBe(0);
  expect(await send('large', 64)).toBe(200);
  const back = createHash('sha256');
  await new Promise<void>((resolve, reject) => {
    http.get(`${tracker.url}${FILES}/${root}/large`, (response) => {
      response.on('data', (some: Buffer) => back.update(some));
      response.on('end', resolve).on('error', reject);
    });
  });
  expect(back.digest('hex')).toBe(sent.digest('hex'));
});

it('never shows a file in place, whatever it is', async () => {
  const { run, root } = await newRoot();
  for (const name of ['x.html', 'x.svg', 'x.txt', 'x.png', 'x.json', 'x']) {
    await put(`${root}/${name}`, '<script>alert(1)</script>', 'text/html');
    for (const path of [`${FILES}/${root}/${name}`, `/get-artifact?path=${name}&run_uuid=${run}`]) {
      const { headers, text } = await raw(tracker.url, 'GET', path, { headers: { accept: 'text/html' } });
      expect(text).toBe('<script>alert(1)</script>');
      expect(headers['content-disposition'], path).toMatch(/^attachment/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain('sandbox');
    }
  }
});

it('lists folders by names, and removes files and trees', async () => {
  const { run, root } = await newRoot();
  for (const path of ['a.txt', 'd/b', 'd/deep/c', 'empty']) await put(`${root}/${path}`, path === 'empty' ? '' : path);
  expect(await list(root)).toEqual({
    files: [
      { path: 'a.txt', is_dir: false, file_size: 5 },
      { path: 'd', is_dir: true },
      { path: 'empty', is_dir: false, file_size: 0 },
    ],
  });
  expect(await list(`${root}/d/`)).toEqual({
    files: [
      { path: 'b', is_dir: false, file_size: 3 },
      { path: 'deep', is_dir: true },
    ],
  });
  for (const path of [`${root}/a.txt`, `${root}/nothing`, `7/${'f'.repeat(32)}/artifacts`, 'nothing', ''])
    expect(await list(path), path).toEqual({});
  expect(await mlflow.get('/artifacts/list', { run_id: run, path: 'd' })).toEqual({
    root_uri: `mlflow-artifacts:/${root}`,
    files: [
      { path: 'd/b', is_dir: false, file_size: 3 },
      { path: 'd/deep', is_dir: true },
    ],
  });
  for (const path of ['d', 'a.txt', 'nothing']) {
    const answer = await raw(tracker.url, 'DELETE', `${FILES}/${root}/${path}`);
    expect([answer.status, answer.json], path).toEqual([200, {}]);
  }
  expect(await list(root)).toEqual({ files: [{ path: 'empty', is_dir: false, file_size: 0 }] });
  // They are the run's artifacts, on its page, too.
  const page = await tracker.get(`/runs/${run}`);
  expect(page.body).toContain('href="/runs/' + run + '/artifacts/empty"');
});

it('refuses what leads out, what nobody has, and what is in the trash', async () => {
  const { run, root } = await newRoot();
  const outside = [
    '../../x',
    '%2e%2e/x',
    '..%2fx',
    '%252e%252e/x',
    'a/../../../x',
    '..',
    'd/..',
    'a%23b',
    'a%5C..%5Cb',
  ];
  for (const path of outside)
    for (const method of ['PUT', 'GET', 'DELETE']) {
      const answer = await raw(
        tracker.url,
        method,
        `${FILES}/${root}/${path}`,
        method === 'PUT' ? { body: 'evil' } : {},
      );
      expect([answer.status, (answer.json as { error_code: string }).error_code], `${method} ${path}`).toEqual([
        400,
        'INVALID_PARAMETER_VALUE',
      ]);
    }
  for (const path of ['x', '7/x', root, `7/${ID}`]) expect((await put(path, 'x')).status, path).toBe(400);
  expect((await put(`7/${ID}/artifacts/x`, 'x')).status).toBe(404);
  expect((await get(`${root}/nothing`)).status).toBe(404);
  await put(`${root}/folder/file`, 'x');
  expect((await put(`${root}/folder`, 'x')).status).toBe(400);
  await must(tracker, 'DELETE', `/api/runs/${run}`);
  expect((await put(`${root}/late`, 'x')).status).toBe(400);
  expect((await get(`${root}/folder/file`)).text).toBe('x');
});

it('says in its words that uploads in parts are not for this store', async () => {
  const { root } = await newRoot();
  for (const step of ['create', 'complete', 'abort']) {
    const answer = await tracker.api('POST', `/api/2.0/mlflow-artifacts/mpu/${step}/${root}/x`, {
      path: 'x',
      num_parts: 2,
    });
    const { message } = expectError(answer, 'NOT_IMPLEMENTED', 501);
    expect(message).toMatch(/^Multipart upload is not supported for the current artifact repository/);
  }
  expectError(await tracker.api('GET', `/api/2.0/mlflow-artifacts/presigned/${root}/x`), 'NOT_IMPLEMENTED', 501);
});

it('gives the files of a logged model, and of the version that it is', async () => {
  const run = await must<MadeRun>(tracker, 'GET', `/api/runs/${await mlflow.run()}`);
  const { id } = await makeModel(tracker, run);
  await putFile(tracker, id, 'data/MLmodel', 'flavors:');
  const at = `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`;
  expect((await raw(tracker.url, 'GET', `${at}?artifact_file_path=data/MLmodel`)).text).toBe('flavors:');
  expect((await raw(tracker.url, 'GET', at)).status).toBe(400);
  expect((await raw(tracker.url, 'GET', `${at}?artifact_file_path=../x`)).status).toBe(400);
  expect((await get(`${run.experiment_id}/models/${id}/artifacts/data/MLmodel`)).text).toBe('flavors:');
  expect(await mlflow.get(`/logged-models/${id}/artifacts/directories`, { artifact_directory_path: 'data' })).toEqual({
    root_uri: `mlflow-artifacts:/${run.experiment_id}/models/${id}/artifacts`,
    files: [{ path: 'data/MLmodel', is_dir: false, file_size: 8 }],
  });
  await register(tracker, 'with files', id);
  const version = `/model-versions/get-artifact?name=with%20files&version=1&path=`;
  expect((await raw(tracker.url, 'GET', `${version}data/MLmodel`)).text).toBe('flavors:');
  expect((await raw(tracker.url, 'GET', `${version}nothing`)).status).toBe(404);
});
