// tests/runs/artifact-contract.ts
// Purpose: artifacts over HTTP: what is put comes back byte by byte, whole and in parts; nothing half is kept.
// Why: checkpoints are the result of the work, and their names and contents come from anybody; wherever they are kept.
// Relevant files: tests/runs/artifacts.test.ts, tests/runs/artifacts-s3.test.ts, runs/artifacts/artifact-routes.ts, runs/artifacts/contents.ts

import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listDropped } from '../../runs/artifacts/dropped-changes.ts';
import { raw, type RawAnswer } from '../support/raw.ts';
import type { Tracker } from '../support/tracker.ts';

export interface Kept {
  tracker: Tracker;
  /** Everything that lies where its artifacts are kept, unfinished uploads too. */
  stored: () => Promise<string[]>;
}

/** Declares the tests, which run on the tracker that `start` gives. */
export function artifactContract(start: () => Promise<Kept>): void {
  let tracker: Tracker;
  let stored: () => Promise<string[]>;
  beforeAll(async () => {
    ({ tracker, stored } = await start());
  });
  afterAll(() => tracker.stop());

  async function newRun(): Promise<string> {
    return (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'artifacts' })).body.id;
  }

  const put = (run: string, name: string, body: string | Uint8Array, type = 'text/plain'): Promise<RawAnswer> =>
    raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/${name}`, {
      body,
      headers: type ? { 'content-type': type } : {},
    });
  const get = (run: string, name: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
    raw(tracker.url, method, `/api/runs/${run}/artifacts/${name}`, { headers });
  const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

  test('what is put comes back byte by byte, whatever its type', async () => {
    const run = await newRun();
    const bytes = randomBytes(3_000_000);
    for (const [name, type] of [
      ['model.bin', 'application/octet-stream'],
      ['in/a/folder/model.json', 'application/json'],
      ['form', 'application/x-www-form-urlencoded'],
      ['gr%C3%B6%C3%9Fe%20%F0%9F%8E%B2%20%2525.txt', 'text/plain'],
      ['no-type', ''],
    ] as const) {
      const answer = await put(run, name, bytes, type);
      expect(answer.status, name).toBe(201);
      expect(answer.json).toMatchObject({ path: decodeURIComponent(name), size: bytes.length, sha256: sha256(bytes) });
      const back = await get(run, name);
      expect(back.status, name).toBe(200);
      expect(back.bytes.equals(bytes), name).toBe(true);
      expect(back.headers['content-length']).toBe(String(bytes.length));
    }
    // Equal contents are kept once.
    expect((await stored()).filter((file) => file.endsWith(sha256(bytes)))).toHaveLength(1);
  });

  test('the address of an upload leads to it, whatever its name', async () => {
    const run = await newRun();
    for (const name of ['what?.txt', 'a#b/c d', '100%', "it's & größe/🎲;=+,:@$", '[x]"<y>']) {
      const { headers } = await put(run, name.split('/').map(encodeURIComponent).join('/'), name);
      const back = await raw(tracker.url, 'GET', String(headers['location']));
      expect(back.text, name).toBe(name);
    }
  });

  test('putting again replaces; the list is by path; deleting is final and may be repeated', async () => {
    const run = await newRun();
    expect((await put(run, 'b.txt', 'one')).status).toBe(201);
    const again = await put(run, 'b.txt', 'two!');
    expect(again.status).toBe(200);
    expect((await get(run, 'b.txt')).text).toBe('two!');
    await put(run, 'a/empty', '');
    const { body } = await tracker.api<{ items: { path: string; size: number }[] }>(
      'GET',
      `/api/runs/${run}/artifacts`,
    );
    expect(body).toMatchObject({
      items: [
        { path: 'a/empty', size: 0, sha256: sha256('') },
        { path: 'b.txt', size: 4 },
      ],
      next_cursor: null,
      total: 2,
    });
    expect(Object.keys(body.items[0] ?? {}).sort()).toEqual(['created_at', 'path', 'sha256', 'size']);
    expect((await get(run, 'a/empty')).bytes).toHaveLength(0);
    expect((await get(run, 'b.txt', {}, 'DELETE')).status).toBe(204);
    expect((await get(run, 'b.txt')).status).toBe(404);
    expect((await get(run, 'b.txt', {}, 'DELETE')).status).toBe(204);
  });

  test('parts, conditions and HEAD', async () => {
    const run = await newRun();
    const bytes = randomBytes(10_000);
    await put(run, 'data.bin', bytes);
    const etag = `"${sha256(bytes)}"`;
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 0],
      ['bytes=100-199', 100, 199],
      ['bytes=9990-', 9990, 9999],
      ['bytes=-10', 9990, 9999],
      ['bytes=5000-99999', 5000, 9999],
      ['bytes=0-4,5-9', 0, 9],
    ] as const) {
      const part = await get(run, 'data.bin', { range });
      expect(part.status, range).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes ${from}-${to}/10000`);
      expect(part.headers['content-length']).toBe(String(to - from + 1));
      expect(part.bytes.equals(bytes.subarray(from, to + 1)), range).toBe(true);
    }
    for (const range of ['bytes=0-1,50-60', 'bytes=x', 'lines=1-2', 'bytes']) {
      const whole = await get(run, 'data.bin', { range });
      expect(whole.status, range).toBe(200);
      expect(whole.bytes.equals(bytes), range).toBe(true);
    }
    const beyond = await get(run, 'data.bin', { range: 'bytes=10000-' });
    expect(beyond.status).toBe(416);
    expect(beyond.headers['content-range']).toBe('bytes */10000');
    expect((await get(run, 'data.bin', { range: 'bytes=1-2', 'if-range': etag })).status).toBe(206);
    expect((await get(run, 'data.bin', { range: 'bytes=1-2', 'if-range': '"older"' })).status).toBe(200);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const same = await get(run, 'data.bin', { 'if-none-match': known });
      expect(same.status, known).toBe(304);
      expect(same.headers.etag).toBe(etag);
      expect(same.bytes).toHaveLength(0);
    }
    const head = await get(run, 'data.bin', {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.headers).toMatchObject({ 'content-length': '10000', etag, 'accept-ranges': 'bytes' });
  });

  test('contents are never compressed on the way: lengths and ranges count the bytes of the file', async () => {
    const run = await newRun();
    const text = 'the same line again\n'.repeat(1000);
    await put(run, 'log.txt', text);
    const whole = await get(run, 'log.txt', { 'accept-encoding': 'br, gzip' });
    expect(whole.headers['content-encoding']).toBeUndefined();
    expect(whole.text).toBe(text);
  });

  test('what is sent compressed is kept as it was sent, in whatever encoding', async () => {
    const run = await newRun();
    const bytes = gzipSync('a line\n'.repeat(1000));
    for (const encoding of ['gzip', 'br', 'zstd', 'made-up']) {
      const answer = await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/log.${encoding}`, {
        body: bytes,
        headers: { 'content-type': 'text/plain', 'content-encoding': encoding },
      });
      expect(answer.json, encoding).toMatchObject({ size: bytes.length, sha256: sha256(bytes) });
      expect((await get(run, `log.${encoding}`)).bytes.equals(bytes), encoding).toBe(true);
    }
  });

  test('nothing that is served can script the site', async () => {
    const run = await newRun();
    const script = '<script>alert(1)</script>';
    for (const [name, type, shown] of [
      ['page.html', /^text\/plain/, 'inline'],
      ['PAGE.HTM', /^text\/plain/, 'inline'],
      ['page.xhtml', /^text\/plain/, 'inline'],
      ['drawing.svg', /^image\/svg\+xml/, 'attachment'],
      ['code.js', /^text\/plain/, 'inline'],
      ['code.mjs', /^text\/plain/, 'inline'],
      ['feed.xml', /^text\/plain/, 'inline'],
      ['style.css', /^text\/plain/, 'inline'],
      ['data.json', /^application\/json/, 'inline'],
      ['table.csv', /^text\/plain/, 'inline'],
      ['photo.png', /^image\/png/, 'inline'],
      ['paper.pdf', /^application\/pdf/, 'attachment'],
      ['movie.swf', /./, 'attachment'],
      ['model.pt', /./, 'attachment'],
      ['none', /^application\/octet-stream/, 'attachment'],
    ] as const) {
      await put(run, name, script);
      const { headers } = await get(run, name);
      expect(headers['content-type'], name).toMatch(type);
      expect(headers['content-type'], name).not.toMatch(/html|javascript/);
      expect(headers['content-disposition'], name).toMatch(new RegExp(`^${shown}; filename="${name}"`));
      expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    expect((await get(run, 'photo.png?download')).headers['content-disposition']).toMatch(/^attachment/);
  });

  test('a file name in a header keeps its letters and cannot break out', async () => {
    const run = await newRun();
    const name = 'a"b;\r\nx: y größe.txt';
    await put(run, encodeURIComponent(name), 'x');
    const { headers } = await get(run, encodeURIComponent(name));
    expect(headers['x']).toBeUndefined();
    expect(headers['content-disposition']).toBe(
      `inline; filename="a_b;__x: y gr__e.txt"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
  });

  test('an upload that ends half-way leaves nothing', async () => {
    const run = await newRun();
    const before = await stored();
    const { hostname, port } = new URL(tracker.url);
    for (const headers of [{ 'content-length': '1000000' }, { 'transfer-encoding': 'chunked' }]) {
      await new Promise<void>((resolve) => {
        const request = http.request({
        hostname, port, method: 'PUT', path: `/api/runs/${run}/artifacts/half.bin`, headers, agent: false,
      }); // prettier-ignore
        request.on('error', () => resolve());
        request.write(randomBytes(200_000), () => setTimeout(() => request.destroy(new Error('gone')), 50));
      });
    }
    await expect.poll(stored).toEqual(before);
    expect((await get(run, 'half.bin')).status).toBe(404);
    expect((await tracker.api('GET', `/api/runs/${run}`)).status).toBe(200);
  });

  test('too large is said with the limit before a byte is read', async () => {
    const run = await newRun();
    const answer = await raw(tracker.url, 'PUT', `/api/runs/${run}/artifacts/big`, {
      headers: { 'content-length': String(6 * 1024 ** 3), expect: '100-continue' },
    });
    expect(answer.status).toBe(413);
    expect(answer.json).toMatchObject({ status: 413, limit_bytes: 5 * 1024 ** 3 });
  });

  test('a file cannot be a folder of another', async () => {
    const run = await newRun();
    await put(run, 'a/b', 'x');
    for (const name of ['a', 'a/b/c', 'a/b/c/d']) {
      const answer = await put(run, name, 'x');
      expect(answer.status, name).toBe(409);
      expect(answer.json).toMatchObject({ errors: [{ path: 'path' }] });
    }
    for (const name of ['a/c', 'a-b', 'ab', 'a0']) expect((await put(run, name, 'x')).status, name).toBe(201);
  });

  test('contents whose name was taken while they came are left to the sweep', async () => {
    const run = await newRun();
    const { hostname, port } = new URL(tracker.url);
    // More than a part: shorter uploads are held back until they are whole.
    const slow = randomBytes(12_000_000);
    const before = await stored();
    const status = new Promise<number | undefined>((resolve, reject) => {
      const request = http.request(
        { hostname, port, method: 'PUT', path: `/api/runs/${run}/artifacts/taken`, agent: false },
        (response) => resolve(response.resume().statusCode),
      );
      request.on('error', reject);
      request.write(slow);
      // As soon as it is being saved, its check of the name is behind it.
      void expect
        .poll(stored)
        .not.toEqual(before)
        .then(() => put(run, 'taken/first', 'quick'))
        .then(() => request.end('upload'), reject);
    });
    expect(await status).toBe(409);
    const dropped = await listDropped(tracker.app.store.read, Date.now() + 1);
    expect(dropped).toContain(sha256(Buffer.concat([slow, Buffer.from('upload')])));
    expect(dropped).not.toContain(sha256('quick'));
  });

  test('the longest names work, in any script', async () => {
    const run = await newRun();
    const name = '🎲/'.repeat(166) + '🎲';
    expect(name).toHaveLength(500);
    expect((await put(run, encodeURI(name), 'x')).json).toMatchObject({ path: name });
    expect((await get(run, encodeURI(name))).text).toBe('x');
  });

  test('artifacts of a run in the trash are kept and not served', async () => {
    const run = await newRun();
    await put(run, 'a.txt', 'x');
    await tracker.api('DELETE', `/api/runs/${run}`);
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
      expect((await get(run, 'a.txt', {}, method)).status).toBe(409);
    expect((await tracker.api('GET', `/api/runs/${run}/artifacts`)).status).toBe(409);
    expect((await tracker.get(`/runs/${run}/artifacts/a.txt`)).status).toBe(409);
    await tracker.api('POST', `/api/runs/${run}/restore`);
    expect((await get(run, 'a.txt')).text).toBe('x');
  });

  test('many uploads of the same contents at once', async () => {
    const run = await newRun();
    const bytes = randomBytes(500_000);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => put(run, `same/${i}`, bytes)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(12).fill(201));
    for (let i = 0; i < 12; i++) expect((await get(run, `same/${i}`)).bytes.equals(bytes)).toBe(true);
    expect((await stored()).filter((file) => file.includes('part'))).toEqual([]);
  });
}
