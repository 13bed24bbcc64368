// tests/runs/s3-answers.test.ts
// Purpose: what a request is told when S3 refuses, is full or asks for patience; over HTTP, from a server that says just that.
// Why: the storage's trouble is a 503 or 507 that says whose it is, never a 500 and never an address or a key.
// Relevant files: runs/artifacts/s3-client.ts, runs/artifacts/s3-contents.ts

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { contentsAt } from '../../runs/artifacts/artifact-store.ts';
import { Problem } from '../../shared/errors.ts';

let server: http.Server;
let answer: { status: number; code: string };
let asked = 0;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => {
      response.writeHead(answer.status, { 'content-type': 'application/xml' });
      if (answer.status === 200) return response.end();
      return response.end(`<Error><Code>${answer.code}</Code><Message>of key AKIA-SECRET at host-1</Message></Error>`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIA-SECRET';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'x';
});
beforeEach(() => {
  asked = 0;
});
afterAll(() => server.close());

test.each([
  [403, 'AccessDenied', 503, 'refuses the tracker (AccessDenied): its ARTIFACTS_URL or AWS_… settings are wrong.', 1],
  [403, 'ExpiredToken', 503, 'refuses the tracker (ExpiredToken)', 1],
  [404, 'NoSuchBucket', 503, 'refuses the tracker (NoSuchBucket)', 1],
  [507, 'InsufficientStorage', 507, 'is full (InsufficientStorage): nothing of this request was stored.', undefined],
  [403, 'QuotaExceeded', 507, 'is full (QuotaExceeded)', 1],
  [503, 'SlowDown', 503, 'does not answer (SlowDown): try again.', 3],
  [500, 'InternalError', 503, 'does not answer (InternalError): try again.', 3],
])('%i %s is a %i: %s', async (status, code, told, detail, attempts) => {
  answer = { status, code };
  const contents = contentsAt('s3://bucket/x');
  const received = await contents.receive(Buffer.from('x'), 10);
  const problem = await received.keep().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ status: told, message: expect.stringContaining(detail) as string });
  expect((problem as Problem).message).not.toMatch(/AKIA|127\.0\.0\.1|host-1|bucket/);
  if (attempts !== undefined) expect(asked).toBe(attempts);
  await expect(contents.open('a'.repeat(64))).rejects.toMatchObject({ status: told });
});

test('equal contents that come at once are written once, and again when that has failed', async () => {
  const contents = contentsAt('s3://bucket/x');
  const keepAll = async (): Promise<PromiseSettledResult<void>[]> => {
    const received = await Promise.all(Array.from({ length: 5 }, () => contents.receive(Buffer.from('same'), 10)));
    return Promise.allSettled(received.map((one) => one.keep()));
  };
  answer = { status: 409, code: 'OperationAborted' };
  expect((await keepAll()).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  answer = { status: 200, code: '' };
  asked = 0;
  expect((await keepAll()).map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
  expect(asked).toBe(1);
});
