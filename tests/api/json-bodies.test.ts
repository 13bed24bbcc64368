// tests/api/json-bodies.test.ts
// Purpose: bodies that are no JSON, no UTF-8, too deep or compressed, as bytes.
// Why: what is stored must be what was sent, and a refusal must not cost more than a read.
// Relevant files: shared/http/json-bodies.ts, shared/json-measure.ts

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { withCost } from '../support/cpu.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();

const send = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  raw(tracker.url, 'POST', '/api/experiments', { body, headers: { 'content-type': 'application/json', ...headers } });

test('a body that is not UTF-8 is refused, whatever its type says', async () => {
  for (const bytes of [
    Buffer.from('{"name":"größe"}', 'latin1'),
    Buffer.from('{"name":"x"}', 'utf16le'),
    // Half a character, and half of a pair.
    Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xf0, 0x9f]), Buffer.from('"}')]),
    Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  ])
    for (const type of ['application/json', 'application/json; charset=latin1']) {
      const answer = await send(bytes, { 'content-type': type });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ errors: [{ path: 'body' }] });
    }
  expect((await send(Buffer.from('{"name":"größe"}', 'latin1'))).text).toContain('is not UTF-8');
  expect((await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(0);
});

test('UTF-8 comes through letter by letter, a byte order mark before it or not', async () => {
  for (const [name, mark] of [
    ['größe 🎲 \ufffd', ''],
    ['мир', '\ufeff'],
  ] as const) {
    const answer = await send(`${mark}${JSON.stringify({ name })}`);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ name });
  }
});

test('deep nesting is refused before it costs seconds', async () => {
  for (const body of [
    '['.repeat(16 * 1024 * 1024 - 1),
    '{"name":'.repeat(1_000_000),
    '['.repeat(65) + ']'.repeat(65),
  ]) {
    const { value: answer, ms } = await withCost(() => send(body));
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ errors: [{ path: 'body', message: 'must not nest deeper than 64 levels' }] });
    expect(ms).toBeLessThan(2000);
  }
  const brackets = '[{'.repeat(100);
  expect((await send(JSON.stringify({ name: brackets }))).json).toMatchObject({ name: brackets });
});

test('a key that would become something else is refused, also when it is escaped; as a value it is text; the field is named', async () => {
  for (const key of ['__proto__', '\\u005f_proto__', '__pr\\u006Fto__']) {
    const answer = await send(`{"name":"x","tags":{"${key}":"1"}}`);
    expect(answer.status, key).toBe(400);
    expect(answer.json).toMatchObject({ errors: [{ path: 'tags.__proto__', message: 'must not be named __proto__' }] });
  }
  expect((await send('{"tags":{"a":{"constructor":{"prototype":1}}}}')).json).toMatchObject({
    errors: [{ path: 'tags.a.constructor' }],
  });
  const told = await send('{"name":"__proto__ of the constructor"}');
  expect(told.json).toMatchObject({ name: '__proto__ of the constructor' });
});

test('what is no JSON is told with the place and the hint for NaN', async () => {
  const answer = await send('{"name": NaN}');
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(/not valid JSON: Unexpected token .*NaN.*Send NaN and Infinity as the strings/);
});

test('JSON may come compressed; the limit counts what it unpacks to', async () => {
  const name = 'packed '.repeat(50).trim();
  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const) {
    const answer = await send(pack(JSON.stringify({ name: `${name} ${encoding}` })), { 'content-encoding': encoding });
    expect(answer.status, encoding).toBe(201);
    expect(answer.json).toMatchObject({ name: `${name} ${encoding}` });
    // 17 MB in a few kB.
    const bomb = pack(JSON.stringify({ name: 'bomb', description: 'x'.repeat(17 * 1024 * 1024) }));
    const refused = await send(bomb, { 'content-encoding': encoding });
    expect(refused.status, encoding).toBe(413);
    expect(refused.json).toMatchObject({ limit_bytes: 16 * 1024 * 1024 });
  }
  const broken = await send('{"name":"x"}', { 'content-encoding': 'gzip' });
  expect(broken.status).toBe(400);
  expect((await send('{"name":"x"}', { 'content-encoding': 'made-up' })).status).toBe(415);
});
