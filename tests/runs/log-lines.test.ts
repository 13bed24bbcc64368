// tests/runs/log-lines.test.ts
// Purpose: logging by lines (NDJSON): the same rules and receipts as JSON, with line numbers; compressed; repeated by key.
// Why: a client that sends what it has in its journal must learn which line was wrong, and may send it twice.
// Relevant files: runs/log-lines.ts, runs/sent-again-changes.ts, runs/series-api.ts, shared/http/json-bodies.ts

import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import type { RunDetail } from '../../runs/schemas.ts';
import { LIMITS } from '../../shared/limits.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
let run: string;
beforeAll(async () => {
  run = (await tracker.api<RunDetail>('POST', '/api/runs', { experiment: 'lines' })).body.id;
});

const send = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  raw(tracker.url, 'POST', `/api/runs/${run}/log`, {
    body,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });

const detail = async (): Promise<RunDetail> => (await tracker.api<RunDetail>('GET', `/api/runs/${run}`)).body;

test('points, params, tags and whole objects, a line each; empty lines and line ends of Windows do not matter', async () => {
  const lines = [
    '{"key":"loss","value":0.5,"step":1,"timestamp":7}',
    '',
    '{"params":{"lr":0.1,"constructor":"x"}}'.replace('"constructor"', '"optimizer"'),
    '{"tags":{"host":"a"}}\r',
    '{"metrics":[{"key":"loss","value":"NaN","step":2},{"key":"acc","value":1}],"tags":{"host":"b"}}',
  ];
  const answer = await send(lines.join('\n'));
  expect(answer.json).toEqual({ accepted: 6, duplicates: 0, rejected: [] });
  const { metrics, params, tags } = await detail();
  expect(metrics['loss']).toMatchObject({ count: 2, nonfinite_count: 1 });
  expect(params).toMatchObject({ lr: '0.1', optimizer: 'x' });
  // What was said last.
  expect(tags).toMatchObject({ host: 'b' });
});

test('a receipt names the line of what is rejected; the rest is stored', async () => {
  const lines = [
    '{"key":"r","value":1,"step":1,"timestamp":1}',
    '{"key":"r","value":null,"step":2}',
    '{"params":{"once":"a"}}',
    '{"params":{"once":"b"}}',
    '{"metrics":[{"key":"r","value":1,"step":0.5}]}',
    '{"params":{"lr":"other"}}',
  ];
  const answer = await send(lines.join('\n'));
  expect(answer.status).toBe(200);
  const { accepted, rejected } = answer.json as { accepted: number; rejected: { line: number; path: string }[] };
  expect(accepted).toBe(2);
  expect(rejected.map(({ line, path }) => [line, path]).sort()).toEqual([
    [2, 'line 2.value'],
    [4, 'line 4.params.once'],
    [5, 'line 5.step'],
    [6, 'line 6.params.lr'],
  ]);
});

test('what is no line of ours is refused as a whole, with its number', async () => {
  for (const [body, path] of [
    ['{"key":"x","value":1}\n{"key":"x"', 'line 2'],
    ['{"key":"x","value":1}\n7', 'line 2'],
    ['{"key":"x"}', 'line 1.value'],
    ['{"key":"x","value":1,"colour":2}', 'line 1.colour'],
    ['{"metrics":[{"key":"x","value":true}]}', 'line 1.metrics[0].value'],
    ['{"tags":{"__proto__":"1"}}', 'line 1'],
    [`{"tags":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}`, 'line 1'],
    ['{"key":"x","value":1}\n'.repeat(LIMITS.batchMetrics + 1), 'body'],
  ] as const) {
    const answer = await send(body);
    expect(answer.status, body.slice(0, 60)).toBe(400);
    expect((answer.json as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(path);
  }
  expect((await detail()).metrics['x']).toBeUndefined();
  expect((await send('{"key":"","value":1}')).status).toBe(422);
  expect((await send(Buffer.from([0xff, 0xfe]))).status).toBe(400);
  expect((await send('')).json).toEqual({ accepted: 0, duplicates: 0, rejected: [] });
});

test('compressed, and not beyond the limit when it is unpacked', async () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `{"key":"packed","value":${i},"step":${i},"timestamp":1}`);
  const answer = await send(gzipSync(lines.join('\n')), { 'content-encoding': 'gzip' });
  expect(answer.json).toMatchObject({ accepted: 3_000 });
  const bomb = gzipSync(' '.repeat(LIMITS.body + 1));
  expect((await send(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
});

test('a request with a key does nothing when it comes again, though somebody changed the tag in between', async () => {
  const headers = { 'idempotency-key': 'journal-1/7' };
  const body = '{"tags":{"stage":"warm-up"}}\n{"key":"k","value":1,"step":1,"timestamp":1}';
  const first = await send(body, headers);
  expect(first.json).toMatchObject({ accepted: 2 });
  await tracker.api('POST', `/api/runs/${run}/log`, { tags: { stage: 'reviewed' } });
  expect((await send(body, headers)).json).toEqual(first.json);
  expect((await detail()).tags['stage']).toBe('reviewed');
  // Without one, what is said last holds.
  await send(body);
  expect((await detail()).tags['stage']).toBe('warm-up');
  expect((await send('{"tags":{"stage":"other"}}', headers)).status).toBe(422);
  expect((await send(body, { 'idempotency-key': 'x'.repeat(201) })).status).toBe(400);
});

test('of points and params no key is kept: they are told apart by themselves', async () => {
  const count = async (): Promise<number> => {
    const { rows } = await tracker.app.store.read.execute<{ n: number }>('select count(*) as n from log_keys', []);
    return Number(rows[0]?.n);
  };
  const before = await count();
  const body = '{"params":{"p":1}}\n{"key":"plain","value":1,"step":1,"timestamp":1}';
  expect((await send(body, { 'idempotency-key': 'plain' })).json).toMatchObject({ accepted: 2 });
  expect((await send(body, { 'idempotency-key': 'plain' })).json).toMatchObject({ accepted: 0, duplicates: 2 });
  expect(await count()).toBe(before);
});
