// tests/experiments/live.test.ts
// Purpose: server-sent events of a real server: what changed is told, seldom, to everybody, and nothing else is.
// Why: a live page must neither miss the last value nor cost training its speed.
// Relevant files: experiments/live-routes.ts, shared/http/broadcast.ts, shared/http/event-line.ts, tests/support/events.ts

import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { LIMITS } from '../../shared/limits.ts';
import { askedOf } from '../support/asked.ts';
import { openAt } from '../support/database.ts';
import { listen, type Events } from '../support/events.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';

let tracker: Tracker;
let run: string;
beforeEach(async () => {
  tracker = await startTracker();
  run = (await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'one' })).body.id;
});
afterEach(() => tracker.stop());

async function open(path: string, headers?: Record<string, string>): Promise<Events> {
  const events = await listen(tracker.url, path, headers);
  onTestFinished(() => events.close());
  return events;
}

/** Where the page of the experiment says that it hears of changes. */
async function placeOf(page: string): Promise<string> {
  const { body } = await tracker.get(page);
  const found = /data-live="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
  expect(found, page).toMatch(/^\/live\?/);
  return String(found);
}

function log(value: number, step: number): Promise<unknown> {
  return tracker.api('POST', `/api/runs/${run}/log`, { metrics: [{ key: 'loss', value, step }] });
}

async function stateOf(): Promise<string> {
  const { rows } = await tracker.app.store.read.execute<{ id: number; version: number }>(
    'select id, version from experiments where id = 1',
    [],
  );
  return rows.map(({ id, version }) => `${id}.${version}`).join(',');
}

it('many batches make few events, and the last one is about the last batch', async () => {
  const events = await open(await placeOf('/experiments/1'));
  const start = performance.now();
  for (let step = 0; step < 200; step += 1) await log(step, step);
  const last = await stateOf();
  await events.until((state) => state === last);
  expect(events.seen.length).toBeGreaterThan(0);
  // Two a second, and the first one at once: so it is on a slow machine too.
  const seconds = (performance.now() - start) / 1000;
  expect(events.seen.length).toBeLessThanOrEqual(Math.ceil(2 * seconds) + 1);
  expect(events.seen.length).toBeLessThan(200);
  expect(new Set(events.seen).size).toBe(events.seen.length);
});

it('nothing is told of what did not change, and everything that did, whoever watches what', async () => {
  const other = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'two' });
  const [one, two, all] = await Promise.all(['/experiments/1', '/experiments/2', '/experiments'].map(placeOf));
  const [ofOne, ofTwo, ofAll] = [await open(one ?? ''), await open(two ?? ''), await open(all ?? '')];
  await log(1, 1);
  await ofOne.until((state) => state.startsWith('1.'));
  await ofAll.until(() => true);
  await tracker.api('POST', '/api/tags', { key: 'nowhere' });
  await tracker.api('POST', `/api/runs/${other.body.id}/log`, { metrics: [{ key: 'loss', value: 1 }] });
  await ofTwo.until((state) => state.startsWith('2.'));
  await ofAll.until(() => ofAll.seen.length === 2);
  expect([ofOne.seen.length, ofTwo.seen.length, ofAll.seen.length]).toEqual([1, 1, 2]);
});

it('what changed between the page and the connection is told at once, also after a connection that broke', async () => {
  const place = await placeOf(`/runs/${run}`);
  await log(1, 1);
  const events = await open(place);
  const told = await events.until(() => true);
  expect(told).toBe(await stateOf());
  events.close();
  await log(2, 2);
  const again = await open(place, { 'last-event-id': told });
  expect(await again.until(() => true)).toBe(await stateOf());
  // Who has seen the newest is told nothing until there is more.
  const calm = await open(place, { 'last-event-id': await stateOf() });
  await log(3, 3);
  expect(await calm.until(() => true)).toBe(await stateOf());
  expect(calm.seen).toHaveLength(1);
});

it('one query serves all who watch', async () => {
  const place = await placeOf('/experiments/1');
  const everybody = await Promise.all(Array.from({ length: 20 }, () => open(place)));
  const asked = await askedOf(tracker.app.store.read, async () => {
    await log(1, 1);
    const last = await stateOf();
    for (const events of everybody) await events.until((state) => state === last);
  });
  const looks = asked.filter((sql) => sql.includes('"experiments"."version"') || sql.includes('"version" from'));
  expect(looks.length, asked.join('\n')).toBeGreaterThan(0);
  expect(looks.length, asked.join('\n')).toBeLessThan(5);
  for (const events of everybody) expect(events.seen).toHaveLength(1);
});

it('a change by another process on the same database is told too', async () => {
  const events = await open(await placeOf('/experiments/1'));
  const other = await openAt(tracker.folder);
  await other.write((tx) => tx.execute('update experiments set version = version + 1 where id = 1', []));
  await other.close();
  expect(await events.until(() => true)).toBe(await stateOf());
});

it('is neither compressed nor kept, and names itself', async () => {
  const events = await open(await placeOf('/runs'), { 'accept-encoding': 'gzip, br' });
  expect(events.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  expect(events.headers).not.toHaveProperty('content-encoding');
  expect(events.headers).not.toHaveProperty('etag');
});

it('refuses who asks for something else, and the pages of other sites', async () => {
  const answer = await fetch(`${tracker.url}/live?experiment=1`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([406, 'application/problem+json; charset=utf-8']);
  const accept = { accept: 'text/event-stream' };
  const foreign = await fetch(`${tracker.url}/live`, { headers: { ...accept, 'sec-fetch-site': 'cross-site' } });
  expect(foreign.status).toBe(403);
  expect((await fetch(`${tracker.url}/live?experiment=x`, { headers: accept })).status).toBe(400);
});

it('has a limit of watchers; who goes makes room', async () => {
  const everybody = await Promise.all(Array.from({ length: LIMITS.watchers }, () => open('/live')));
  const refused = await fetch(`${tracker.url}/live`, { headers: { accept: 'text/event-stream' } });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  everybody[0]?.close();
  await expect
    .poll(
      async () =>
        await listen(tracker.url, '/live').then(
          (events) => (events.close(), true),
          () => false,
        ),
    )
    .toBe(true);
});

it('the server stops at once, and those who watched are told by the end of their stream', async () => {
  const events = await open('/live');
  await tracker.close();
  await events.ended;
});
