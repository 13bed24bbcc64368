// tests/faults/s3.test.ts
// Purpose: S3 that goes away, comes back, hangs, refuses or is another's: what is said, and what is served all the same.
// Why: the storage is another machine's; its trouble must cost artifacts for a while, never pages, data or the process.
// Relevant files: runs/artifacts/s3-client.ts, runs/artifacts/s3-owner.ts, runs/artifacts/s3-contents.ts, tests/support/s3.ts

import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentsAt } from '../../runs/artifacts/artifact-store.ts';
import { PART_BYTES } from '../../runs/artifacts/s3-contents.ts';
import { LIMITS } from '../../shared/limits.ts';
import { manage } from '../imports/write-support.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { freshFolder, startTracker, type Tracker } from '../support/tracker.ts';

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

const SECRET = 'a-secret-of-the-tests';

describe('a tracker whose S3', () => {
  let bucket: string;
  let tracker: Tracker;
  let run: string;
  beforeEach(async () => {
    bucket = await s3.freshBucket();
    tracker = await startTracker(undefined, { artifacts: `s3://${bucket}/x` });
    run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'x' })).body.id;
  });
  afterEach(() => tracker.stop());

  const at = (name: string): string => `/api/runs/${run}/artifacts/${name}`;
  const put = (name: string, body: string | Uint8Array): Promise<RawAnswer> =>
    raw(tracker.url, 'PUT', at(name), { body });
  const get = (name: string): Promise<RawAnswer> => raw(tracker.url, 'GET', at(name));

  /** An upload that is under way in S3; what is answered, however it goes on. */
  async function begunUpload(name: string): Promise<{ request: http.ClientRequest; answer: Promise<RawAnswer> }> {
    const { hostname, port } = new URL(tracker.url);
    const request = http.request({ hostname, port, method: 'PUT', path: at(name), agent: false });
    const answer = new Promise<RawAnswer>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        const { statusCode: status = 0, headers } = response;
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status, headers, bytes: Buffer.from(text), text, json: JSON.parse(text) as unknown }),
        );
      });
    });
    answer.catch(() => undefined);
    request.write(randomBytes(3 * PART_BYTES));
    await expect.poll(() => s3.unfinished(bucket)).toHaveLength(1);
    return { request, answer };
  }

  test('dies in the middle of an upload: 503, pages go on, and all is well when it is back', async () => {
    await put('log.txt', 'hello');
    const { request, answer } = await begunUpload('model.bin');
    await s3.kill();
    request.write(randomBytes(3 * PART_BYTES));
    request.end();
    const refused = await answer;
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.json).toMatchObject({
      status: 503,
      detail: expect.stringContaining('storage of artifacts') as string,
    });
    for (const [method, name] of [
      ['GET', 'log.txt'],
      ['PUT', 'small.txt'],
    ] as const) {
      const failed = await raw(tracker.url, method, at(name), { body: 'x' });
      expect([failed.status, failed.headers['retry-after']], method).toEqual([503, '1']);
      expect(failed.headers['content-disposition']).toBeUndefined();
      expect(failed.text).not.toMatch(new RegExp(`127\\.0\\.0\\.1|${bucket}|${SECRET}`));
    }
    expect((await tracker.api('GET', `/api/runs/${run}/artifacts`)).body['total']).toBe(1);
    const page = await tracker.get(`/runs/${run}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('log.txt');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect((await tracker.get(`/runs/${run}/artifacts/log.txt`)).status).toBe(503);
    expect((await tracker.api('POST', `/api/runs/${run}/log`, { metrics: [{ key: 'a', value: 1 }] })).status).toBe(200);

    await s3.restart();
    await s3.client.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await put('model.bin', 'whole')).status).toBe(201);
    expect((await get('model.bin')).text).toBe('whole');
    // What the power cut took.
    expect((await get('log.txt')).status).toBe(404);
  });

  test('loses the bucket: said as a setting, and nothing is recorded', async () => {
    await put('log.txt', 'hello');
    await s3.kill();
    await s3.restart();
    const answer = await put('more.txt', 'x');
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ detail: expect.stringMatching(/NoSuchBucket.*ARTIFACTS_URL/) as string });
    expect((await tracker.api('GET', `/api/runs/${run}/artifacts`)).body['total']).toBe(1);
  });

  test('is left by a client in the middle of an upload: no object, no upload left', async () => {
    const { request, answer } = await begunUpload('half.bin');
    request.destroy(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    await expect.poll(() => s3.unfinished(bucket)).toEqual([]);
    await expect.poll(() => s3.keys(bucket)).toEqual([]);
    expect((await get('half.bin')).status).toBe(404);
  });

  test('hangs: a sender is held back instead of being kept in memory', async () => {
    let pulled = 0;
    const source = Readable.from(
      (function* () {
        for (;;) {
          pulled += 65_536;
          yield Buffer.alloc(65_536);
        }
      })(),
    );
    const contents = contentsAt(tracker.app.settings.artifacts);
    s3.pause();
    try {
      const receiving = contents.receive(source, LIMITS.artifact);
      receiving.catch(() => undefined);
      await expect.poll(() => pulled).toBeGreaterThan(PART_BYTES);
      // Much more would come in this time: 64 KiB take microseconds.
      for (let i = 0; i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(pulled).toBeLessThan(6 * PART_BYTES);
      source.destroy(new Error('enough'));
      s3.resume();
      await expect(receiving).rejects.toThrow('enough');
    } finally {
      s3.resume();
    }
    await expect.poll(() => s3.unfinished(bucket)).toEqual([]);
  });
});

describe('at the start', () => {
  const folders: string[] = [];
  const fresh = (): string => {
    const folder = freshFolder();
    folders.push(folder);
    return folder;
  };
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  const start = (artifacts: string): Promise<Tracker> => startTracker(fresh(), { artifacts });

  test('a bucket that is not there is refused by the name of its setting', async () => {
    await expect(start('s3://no-such-bucket/x')).rejects.toThrow(
      /^ARTIFACTS_URL \(--artifacts\) s3:\/\/no-such-bucket\/x: there is no such bucket; .* \(NoSuchBucket\)\.$/,
    );
  });

  test('a database whose prefix is taken is refused', async () => {
    const artifacts = `s3://${await s3.freshBucket()}`;
    const first = await start(artifacts);
    await expect(start(artifacts)).rejects.toThrow('another database');
    await first.stop();
  });

  test('wrong keys are said, without them', async () => {
    const bucket = await s3.freshBucket();
    const authenticate = (after: string): Promise<Response> =>
      fetch(`${process.env['AWS_ENDPOINT_URL_S3']}/moto-api/reset-auth`, { method: 'POST', body: after });
    await authenticate('0');
    try {
      const error = (await start(`s3://${bucket}/y`).catch((one: unknown) => one)) as Error;
      expect(error.message).toMatch(/^ARTIFACTS_URL.*AWS_ACCESS_KEY_ID \(InvalidAccessKeyId\)\.$/);
      expect(error.message).not.toContain(SECRET);
    } finally {
      await authenticate('inf');
    }
  });

  test('while nothing answers, everything but contents is served', async () => {
    const bucket = await s3.freshBucket();
    await s3.kill();
    const tracker = await start(`s3://${bucket}/later`);
    expect((await tracker.get('/experiments')).status).toBe(200);
    await s3.restart();
    await s3.client.send(new CreateBucketCommand({ Bucket: bucket }));
    const { body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'x' });
    const answer = await raw(tracker.url, 'PUT', `/api/runs/${body.id}/artifacts/a`, { body: 'x' });
    expect(answer.status).toBe(201);
    await tracker.stop();
  });

  test('commands keep contents there, and say in one line what is wrong', async () => {
    const bucket = await s3.freshBucket();
    const data = fresh();
    const seeded = await manage('seed', '--data', data, '--artifacts', `s3://${bucket}/team`);
    expect([seeded.code, seeded.err.replace(/^.*NodeVersionSupportWarning[^]*$/m, '')]).toEqual([0, '']);
    const keys = await s3.keys(bucket, 'team/');
    expect(keys.length).toBeGreaterThan(5);
    expect(existsSync(path.join(data, 'artifacts'))).toBe(false);
    const examined = await manage('doctor', '--deep', '--data', data, '--artifacts', `s3://${bucket}/team`);
    expect(examined.out).toMatch(/artifacts +\d+ contents are there, byte by byte/);
    const failed = await manage('seed', '--data', fresh(), '--artifacts', 's3://no-such-bucket');
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/^ARTIFACTS_URL .*NoSuchBucket\)\.$/m);
    expect(failed.err).not.toMatch(/\n {4}at /);
    const server = await manage('run', '--port', '0', '--data', fresh(), '--artifacts', 's3://no-such-bucket');
    expect(server.code).toBe(1);
    expect(server.err).toMatch(/^ARTIFACTS_URL .*NoSuchBucket\)\.$/m);
    expect((await manage('run', '--artifacts', 'gs://bucket')).code).toBe(2);
  });
});
