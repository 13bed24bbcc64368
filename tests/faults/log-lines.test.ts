// tests/faults/log-lines.test.ts
// Purpose: what the tracker's own log says of a full disk and of a database that is away: once, not once for each request.
// Why: 75 lines a second with their stacks on a disk that is full already help nobody; silence would not, either.
// Relevant files: shared/http/problems.ts, shared/http/seldom.ts, shared/db/trouble.ts

import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { installProblems } from '../../shared/http/problems.ts';
import { seldom, SELDOM_MS } from '../../shared/http/seldom.ts';

test('one line a minute for each kind, and how many were kept back', () => {
  expect(seldom('a', 1_000)).toBe(0);
  expect([seldom('a', 1_001), seldom('a', 1_000 + SELDOM_MS - 1)]).toEqual([undefined, undefined]);
  expect(seldom('b', 1_002)).toBe(0);
  expect(seldom('a', 1_000 + SELDOM_MS)).toBe(2);
  expect(seldom('a', 1_000 + 2 * SELDOM_MS)).toBe(0);
});

test.each([
  ['SQLITE_FULL', 'database or disk is full', 507],
  ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432', 503],
])('%s: a hundred requests, one line, that says why and has no stack', async (code, message, status) => {
  const lines: string[] = [];
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line: string) => lines.push(line) } } });
  installProblems(app);
  app.get('/', () => {
    throw Object.assign(new Error(message), { code });
  });
  for (let i = 0; i < 100; i++) expect((await app.inject('/')).statusCode).toBe(status);
  await app.close();
  // A second one where the hundred took more than a minute.
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(10);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ reason: message, status, alike_before: 0 });
  expect(lines[0]).not.toContain('stack');
});
