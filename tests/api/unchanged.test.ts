// tests/api/unchanged.test.ts
// Purpose: conditional requests are true: the same ETag is the same body, whatever is changed; 304 reads next to nothing.
// Why: a page that answers "not modified" and has changed is worse than a slow one.
// Relevant files: shared/http/unchanged.ts, experiments/depends.ts, runs/depends.ts, tests/api/unchanged-support.ts

import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { askedOf } from '../support/asked.ts';
import { raw } from '../support/raw.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { CHANGES, fill, pathsOf, type Filled } from './unchanged-support.ts';

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0, 250);

/** Only the clock stands still; everything else runs. All pages are then about the same moment, whatever is changed. */
function stopClock(now: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now });
}

afterEach(() => void vi.useRealTimers());

interface Answer {
  etag: string | null;
  body: string;
}

/** Made anew: pages are kept by their tags, and would hide that one stands for two. */
const FRESH = { accept: 'text/html', 'cache-control': 'no-cache' };

async function look(tracker: Tracker, paths: string[]): Promise<Map<string, Answer>> {
  const seen = new Map<string, Answer>();
  for (const path of paths) {
    const response = await fetch(tracker.url + path, { headers: FRESH });
    const body = await response.text();
    if (response.status === 200) seen.set(path, { etag: response.headers.get('etag'), body });
    else expect(response.headers.get('etag'), `${path} ${response.status}`).toBe(null);
  }
  return seen;
}

/** Bodies by address and tag; says where one tag stands for two bodies. */
class Known {
  readonly #bodies = new Map<string, string>();

  add(seen: Map<string, Answer>, after: string): void {
    for (const [path, { etag, body }] of seen) {
      expect(etag, path).toMatch(/^W\/"[\w-]+"$/);
      const key = `${path} ${etag}`;
      expect(this.#bodies.get(key) ?? body, `${path} after “${after}”: same ETag, other body`).toBe(body);
      this.#bodies.set(key, body);
    }
  }
}

describe('while the clock stands still', () => {
  let tracker: Tracker;
  let filled: Filled;
  const known = new Known();
  let before: Map<string, Answer>;
  beforeAll(async () => {
    stopClock(NOW);
    tracker = await startTracker();
    filled = await fill(tracker);
    before = await look(tracker, pathsOf(filled));
    known.add(before, 'nothing');
  });
  afterAll(() => tracker.stop());

  it('every kind of page and data has a tag, and nothing changed is the same tag', async () => {
    stopClock(NOW);
    expect(before.size).toBe(pathsOf(filled).length);
    // A download leaves a line in the log of exports: what shows it moves with each of them.
    const steady = pathsOf(filled).filter((path) => !/^\/(exports|tags|api\/tags)/.test(path));
    const again = await look(tracker, steady);
    for (const path of steady) expect(again.get(path)?.etag, path).toBe(before.get(path)?.etag);
  });

  it.each(Object.keys(CHANGES))('%s: what it changes has another tag', async (name) => {
    stopClock(NOW);
    await CHANGES[name]?.(tracker, filled);
    const after = await look(tracker, pathsOf(filled));
    known.add(after, name);
    // All of them change something that somebody can see. Looking at the downloads changes their list.
    const moved = [...after].filter(([path, { body }]) => path !== '/exports' && before.get(path)?.body !== body);
    expect(moved.length, name).toBeGreaterThan(0);
    before = after;
  });
});

it('as time goes by, the same tag is the same text, and a page is kept for a while', async () => {
  stopClock(NOW);
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  const filled = await fill(tracker);
  const paths = pathsOf(filled).filter((path) => !path.startsWith('/exports/') && !path.startsWith('/api/'));
  const known = new Known();
  const tags = new Set<string>();
  let looks = 0;
  for (const wait of [
    0,
    300,
    900,
    1_700,
    8_000,
    50_000,
    61_000,
    61_100,
    65_000,
    90_000,
    119_500,
    14 * 60_000,
    15 * 60_000,
    15 * 60_000 + 2_000,
    15 * 60_000 + 49_000,
    3_600_000,
    2 * 86_400_000,
  ]) {
    vi.setSystemTime(NOW + wait);
    const seen = await look(tracker, paths);
    known.add(seen, `${wait} ms`);
    tags.add(String(seen.get(`/runs/${filled.a}`)?.etag));
    looks += 1;
  }
  expect(tags.size).toBeGreaterThan(4);
  expect(tags.size).toBeLessThan(looks);
});

describe('304', () => {
  let tracker: Tracker;
  let filled: Filled;
  beforeAll(async () => {
    stopClock(NOW);
    tracker = await startTracker();
    filled = await fill(tracker);
    vi.setSystemTime(NOW + 3_600_000);
  });
  afterAll(() => tracker.stop());

  it('to everybody who has it, with no body, reading nothing but versions', async () => {
    stopClock(NOW + 3_600_000);
    for (const path of pathsOf(filled)) {
      const first = await raw(tracker.url, 'GET', path, { headers: { accept: 'text/html' } });
      const etag = String(first.headers.etag);
      let second: Awaited<ReturnType<typeof raw>> | undefined;
      // A download has left a line, of which these would tell.
      if (/^\/(exports$|tags|api\/tags)/.test(path)) continue;
      const asked = await askedOf(tracker.app.store.read, async () => {
        second = await raw(tracker.url, 'GET', path, {
          headers: { accept: 'text/html', 'if-none-match': `"x", ${etag}` },
        });
      });
      expect([path, second?.status, second?.text, second?.headers.etag]).toEqual([path, 304, '', etag]);
      expect(asked.length, `${path}: ${asked.join('; ')}`).toBeLessThanOrEqual(4);
      expect(asked.join(' '), path).not.toMatch(/metrics|points|params|rollups|run_tags/);
    }
  });

  it('leaves no line in the log of exports', async () => {
    stopClock(NOW + 3_600_000);
    const path = `/exports/runs/${filled.a}.json`;
    const lines = async (): Promise<unknown> =>
      (await tracker.app.store.read.execute('select count(*) as n from exports', [])).rows;
    const { etag } = (await raw(tracker.url, 'GET', path)).headers;
    const before = await lines();
    expect((await raw(tracker.url, 'GET', path, { headers: { 'if-none-match': String(etag) } })).status).toBe(304);
    expect(await lines()).toEqual(before);
  });

  it('whatever the compression; caches are told to ask, and that answers differ by it', async () => {
    stopClock(NOW + 3_600_000);
    const path = `/runs/${filled.a}`;
    const ask = (headers: Record<string, string>): ReturnType<typeof raw> =>
      raw(tracker.url, 'GET', path, { headers: { accept: 'text/html', ...headers } });
    const plain = await ask({});
    const zipped = await ask({ 'accept-encoding': 'br' });
    expect(zipped.headers['content-encoding']).toBe('br');
    for (const { headers } of [plain, zipped]) {
      expect(headers).toMatchObject({
        'cache-control': 'private, no-cache',
        vary: 'accept-encoding',
        etag: plain.headers.etag,
      });
    }
    const known = await ask({ 'accept-encoding': 'br', 'if-none-match': String(plain.headers.etag) });
    expect(known).toMatchObject({ status: 304, text: '' });
    expect(known.headers).not.toHaveProperty('content-encoding');
    expect(known.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept-encoding' });
  });

  it('never from another address, another name, or another process', async () => {
    stopClock(NOW + 3_600_000);
    const path = `/runs/${filled.a}`;
    const { etag } = (await raw(tracker.url, 'GET', path)).headers;
    const known = { 'if-none-match': String(etag) };
    expect((await raw(tracker.url, 'GET', path, { headers: known })).status).toBe(304);
    expect((await raw(tracker.url, 'GET', `${path}?find=x`, { headers: known })).status).toBe(200);
    expect((await raw(tracker.url, 'GET', path, { headers: { ...known, host: 'localhost:1' } })).status).toBe(200);
    await tracker.close();
    tracker = await startTracker(tracker.folder);
    expect((await raw(tracker.url, 'GET', path, { headers: known })).status).toBe(200);
  });
});

it('everybody who asks for the same page gets the same text, made once', async () => {
  stopClock(NOW);
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  const { a } = await fill(tracker);
  const texts = new Set<string>();
  const ask = async (times: number, headers: Record<string, string> = {}): Promise<number> => {
    const asked = await askedOf(tracker.app.store.read, async () => {
      for (let n = 0; n < times; n += 1)
        texts.add((await raw(tracker.url, 'GET', `/runs/${a}`, { headers: { accept: 'text/html', ...headers } })).text);
    });
    return asked.filter((sql) => /metrics|params/.test(sql)).length;
  };
  const once = await ask(1);
  expect(once).toBeGreaterThan(0);
  expect(await ask(20, { 'cache-control': 'max-age=0' })).toBe(0);
  expect(await ask(1, { 'cache-control': 'no-cache' })).toBeGreaterThan(0);
  expect(texts.size).toBe(1);
  await tracker.api('PATCH', `/api/runs/${a}`, { name: 'another' });
  texts.clear();
  expect(await ask(20)).toBeLessThanOrEqual(once + 2);
  expect(texts.size).toBe(1);
  expect([...texts][0]).toContain('another');
});

it('a change in one experiment leaves what is about another as it was', async () => {
  stopClock(NOW);
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  const filled = await fill(tracker);
  const { body: alone } = await tracker.api<{ id: string; experiment_id: number }>('POST', '/api/runs', {
    experiment: 'alone',
  });
  const about = [
    `/experiments/${alone.experiment_id}`,
    `/runs/${alone.id}`,
    `/api/runs/${alone.id}`,
    `/api/runs?experiment=${alone.experiment_id}`,
  ];
  const before = await look(tracker, about);
  await tracker.api('POST', `/api/runs/${filled.a}/log`, { metrics: [{ key: 'loss', value: 0.1, step: 90 }] });
  expect(await look(tracker, about)).toEqual(before);
  await tracker.api('POST', `/api/runs/${alone.id}/log`, { metrics: [{ key: 'loss', value: 0.1, step: 90 }] });
  const after = await look(tracker, about);
  for (const path of about) expect(after.get(path)?.etag, path).not.toBe(before.get(path)?.etag);
});

it('a page with a message for this once has no tag, is not kept, and does not count as known', async () => {
  const tracker = await startTracker();
  onTestFinished(() => tracker.stop());
  const { body: run } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'flash', name: 'one' });
  await tracker.api('PATCH', `/api/runs/${run.id}`, { status: RunStatus.Finished });
  const saved = await tracker.form(`/runs/${run.id}/trash`, {});
  const cookie = saved.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = '/experiments/1';
  const plain = await tracker.get(page);
  const told = await tracker.get(page, { cookie, 'if-none-match': String(plain.headers.get('etag')) });
  expect(told.body).toContain('Run one is in the trash.');
  expect([told.status, told.headers.get('etag'), told.headers.get('cache-control')]).toEqual([200, null, 'no-store']);
  // What a script of the page asks for leaves the message for the page that the person is going to.
  const script = await tracker.get(page, { cookie, 'sec-fetch-dest': 'empty' });
  expect(script.body).not.toContain('is in the trash.');
  expect(script.headers.get('set-cookie')).toBe(null);
});
