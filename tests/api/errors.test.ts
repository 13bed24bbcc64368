// tests/api/errors.test.ts
// Purpose: errors for browsers are pages, for scripts problem details; the headers of every answer; foreign writes.
// Why: the face of a mistake is part of the product, and a web page must not write here.
// Relevant files: shared/http/problems.ts, shared/http/security.ts

import { expect, test } from 'vitest';
import { raw } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('what is not there: a page for browsers, JSON for scripts and under /api', async () => {
  for (const path of ['/nothing', '/experiments/77', '/runs/none/at/all']) {
    const page = await raw(tracker.url, 'GET', path, { headers: BROWSER });
    expect(page.status).toBe(404);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<h1>404');
    expect(page.text).toContain('href="/experiments"');
    const script = await raw(tracker.url, 'GET', path);
    expect(script.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(script.json).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404, errors: [] });
  }
  const api = await raw(tracker.url, 'GET', '/api/nothing', { headers: BROWSER });
  expect(api.headers['content-type']).toBe('application/problem+json; charset=utf-8');
});

test('what is missing, or given twice, is said in plain words, and each place once', async () => {
  const missing = await raw(tracker.url, 'GET', '/curves');
  expect(missing.json).toMatchObject({ status: 400, detail: '?key: is missing' });
  const page = await raw(tracker.url, 'GET', '/experiments?q=a&q=b&zz=1', { headers: BROWSER });
  expect(page.status).toBe(400);
  expect(page.text).toContain('<code>?q</code> must be given only once');
  expect(page.text.match(/is not a known field/g)).toHaveLength(1);
});

test('what a stranger wrote into a path comes back as text', async () => {
  const page = await raw(tracker.url, 'GET', '/%3Cscript%3Ealert(1)%3C/script%3E', { headers: BROWSER });
  expect(page.status).toBe(404);
  expect(page.text).not.toContain('<script>alert');
});

test('every answer has the headers that keep browsers strict', async () => {
  for (const path of ['/experiments', '/api/experiments', '/nothing', '/health']) {
    const { headers } = await raw(tracker.url, 'GET', path, { headers: BROWSER });
    const policy = String(headers['content-security-policy']);
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain('unsafe');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['x-powered-by'], path).toBeUndefined();
  }
  // Data that was asked for by a write is no page: it has those of them that count.
  const write = await raw(tracker.url, 'POST', '/api/experiments', { body: '{' });
  const page = await raw(tracker.url, 'POST', '/experiments/1/edit', { body: '' });
  for (const { headers } of [write, page]) {
    expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  }
  expect([write.headers['x-frame-options'], page.headers['x-frame-options']]).toEqual([undefined, 'SAMEORIGIN']);
});

test('a write from the page of another site is refused, from our own and from scripts it is not', async () => {
  const own = new URL(tracker.url).host;
  const create = (name: string, headers: Record<string, string>): ReturnType<typeof raw> =>
    raw(tracker.url, 'POST', '/api/experiments', {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name }),
    });
  const refused: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: `http://${own}.evil.example` },
    { origin: 'null' },
    { origin: 'nonsense' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: `http://${own}` },
  ];
  for (const headers of refused) expect((await create('foreign', headers)).status, JSON.stringify(headers)).toBe(403);
  const allowed: Record<string, string>[] = [
    {},
    { origin: `http://${own}` },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ];
  for (const [i, headers] of allowed.entries()) expect((await create(`own ${i}`, headers)).status).toBe(201);
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(allowed.length);
  const form = await raw(tracker.url, 'POST', '/experiments', {
    headers: { ...BROWSER, origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'name=foreign',
  });
  expect(form.status).toBe(403);
  expect((await raw(tracker.url, 'GET', '/experiments', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(
    200,
  );
});

test('a body over the limit is refused with the limit', async () => {
  const body = JSON.stringify({ name: 'x', description: 'y'.repeat(17 * 1024 * 1024) });
  const answer = await raw(tracker.url, 'POST', '/api/experiments', {
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(413);
  expect(answer.json).toMatchObject({ limit_bytes: 16 * 1024 * 1024 });
});

test('of very many mistakes the first hundred are named, whatever is wrong', async () => {
  const run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'wrong' })).body.id;
  const unknown = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, 0]));
  const points = (fields: object): object[] => Array.from({ length: 2000 }, () => ({ key: 'm', value: 1, ...fields }));
  for (const [body, status, first, more] of [
    [{ metrics: points(unknown) }, 400, 'metrics[0].f0', 'and 199,900 more'],
    [{ metrics: points({ step: 0.5 }) }, 422, 'metrics[0].step', 'and 1,900 more'],
    [{ metrics: points({ key: 1 }) }, 400, 'metrics[0].key', 'and 1,900 more'],
  ] as const) {
    const answer = await raw(tracker.url, 'POST', `/api/runs/${run}/log`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, first).toBe(status);
    const problem = answer.json as { detail: string; errors: { path: string; message: string }[] };
    expect(problem.errors).toHaveLength(101);
    expect(problem.errors[0]).toMatchObject({ path: first });
    expect(problem.errors[100]).toEqual({ path: '', message: more });
    expect(problem.detail).toContain(first);
    expect(problem.detail.length).toBeLessThan(300);
    expect(answer.bytes.length).toBeLessThan(20_000);
  }
});

test('a field whose name is megabytes long is named by its beginning', async () => {
  const answer = await tracker.api<{ errors: { path: string }[] }>('POST', '/api/experiments', {
    name: 'x',
    ['long '.repeat(200_000)]: 1,
  });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0]?.path).toMatch(/^long long .*…$/);
  expect(JSON.stringify(answer.body).length).toBeLessThan(5_000);
});
