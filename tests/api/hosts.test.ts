// tests/api/hosts.test.ts
// Purpose: a server on loopback answers to loopback's names, and to those it was told, and to no others.
// Why: otherwise any web page could read it under a name of its own that resolves to 127.0.0.1.
// Relevant files: shared/http/security.ts, shared/config.ts, tests/support/raw.ts

import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../manage.ts';
import { settingsOf } from '../support/database.ts';
import { freshFolder } from '../support/tracker.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer(await settingsOf(freshFolder(), { ALLOWED_HOSTS: 'tracker.example, other.example' }));
});

afterAll(() => server.close());

function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${server.url}/api/runs`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

it.each([
  ['127.0.0.1:8000', 200],
  ['localhost', 200],
  ['LOCALHOST:1', 200],
  ['[::1]:8000', 200],
  ['tracker.localhost', 200],
  ['tracker.example:443', 200],
  ['other.example', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example:8000', 421],
  ['not a name', 421],
])('asked as %s it answers %i', async (host, status) => {
  expect(await statusFor(host)).toBe(status);
});
