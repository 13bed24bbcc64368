// tests/tags/tags-api.test.ts
// Purpose: the tags API: list with counts, create, rename, recolour, merge, trash and restore.
// Why: scripts rely on every status, field and count.
// Relevant files: tags/routes.ts, tags/queries.ts, tags/changes.ts

import { expect, it } from 'vitest';
import { useTracker } from '../support/use.ts';
import { addExperiment, addRun, must, runUpdated, short, tagNamed, versionOf, type TagOut } from './support.ts';

const tracker = useTracker();

interface TagList {
  items: TagOut[];
  next_cursor: string | null;
  total: number;
}

it('creates with a colour, answers the whole tag and where it is', async () => {
  const answer = await tracker.api<TagOut>('POST', '/api/tags', { key: 'paper fig/2, left', color: 'c3' });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe(`/api/tags/${answer.body.id}`);
  expect(answer.body).toMatchObject({ key: 'paper fig/2, left', color: 'c3', experiments: 0, runs: 0, values: 0 });
  const again = await tracker.api('GET', `/api/tags/${answer.body.id}`);
  expect(again).toMatchObject({ status: 200, body: answer.body });
  const twice = await tracker.api('POST', '/api/tags', { key: 'paper fig/2, left' });
  expect(twice).toMatchObject({ status: 409, body: { errors: [{ path: 'key' }] } });
});

it('counts experiments, runs and values; what is in the trash does not count', async () => {
  const experiment = await addExperiment(tracker, 'counted', { counted: 'x' });
  const runs = [
    await addRun(tracker, 'counted', { counted: 'a' }),
    await addRun(tracker, 'counted', { counted: 'b' }),
    await addRun(tracker, 'counted', { counted: 'b' }),
  ];
  await addRun(tracker, 'others', { counted: '' });
  const [tag] = (await tracker.api<TagList>('GET', '/api/tags?q=COUNTED')).body.items;
  expect(tag).toMatchObject({ key: 'counted', experiments: 1, runs: 4, values: 3 });
  await must(tracker, 'DELETE', `/api/runs/${runs[0]}`);
  expect(await tagNamed(tracker, 'counted')).toMatchObject({ experiments: 1, runs: 3 });
  await must(tracker, 'DELETE', `/api/experiments/${experiment}`);
  expect(await tagNamed(tracker, 'counted')).toMatchObject({ experiments: 0, runs: 1 });
});

it('gives every tag once, page by page, in the order of names', async () => {
  for (const key of ['p-c', 'P-a', 'p-b', 'p-ä', 'p-d']) await tracker.api('POST', '/api/tags', { key });
  const found: string[] = [];
  let cursor: string | null = '';
  do {
    const at: string = `/api/tags?q=p-&limit=2&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await tracker.api<TagList>('GET', at);
    expect(body.total).toBe(5);
    expect(body.items.length).toBeLessThanOrEqual(2);
    found.push(...body.items.map((tag) => tag.key));
    cursor = body.next_cursor;
  } while (cursor !== null);
  expect(found).toEqual(['P-a', 'p-b', 'p-c', 'p-d', 'p-ä']);
});

it('renames and recolours everywhere at once, and says so to what was computed', async () => {
  const run = await addRun(tracker, 'renamed', { old: '1' });
  const before = await versionOf(tracker, 'renamed');
  const { id } = await tagNamed(tracker, 'old');
  const answer = await tracker.api('PATCH', `/api/tags/${id}`, { key: 'new', color: 'c9' });
  expect(answer).toMatchObject({ status: 200, body: { id, key: 'new', color: 'c9', runs: 1 } });
  expect((await tracker.api('GET', `/api/runs/${run}`)).body).toMatchObject({ tags: { new: '1' } });
  expect(await versionOf(tracker, 'renamed')).toBe(before + 1);
  expect(await tracker.api('PATCH', `/api/tags/${id}`, { color: null })).toMatchObject({ body: { color: null } });
  await tracker.api('POST', '/api/tags', { key: 'taken' });
  const taken = await tracker.api('PATCH', `/api/tags/${id}`, { key: 'taken' });
  expect(taken).toMatchObject({ status: 409, body: { errors: [{ path: 'key' }] } });
});

it('merges: what carried one carries the other, what carried both keeps the value of the one that stays', async () => {
  const one = await addRun(tracker, 'merged', { modle: 'mlp' });
  const both = await addRun(tracker, 'merged', { modle: 'cnn', model: 'rnn' });
  const experiment = await addExperiment(tracker, 'merged too', { modle: 'x' });
  const [from, into] = [await tagNamed(tracker, 'modle'), await tagNamed(tracker, 'model')];
  const answer = await tracker.api('POST', `/api/tags/${from.id}/merge`, { into: into.id });
  expect(answer).toMatchObject({
    status: 200,
    body: { id: into.id, key: 'model', runs: 2, experiments: 1, values: 3 },
  });
  expect((await tracker.api('GET', `/api/runs/${one}`)).body).toMatchObject({ tags: { model: 'mlp' } });
  expect((await tracker.api('GET', `/api/runs/${both}`)).body['tags']).toEqual({ model: 'rnn' });
  expect((await tracker.api('GET', `/api/experiments/${experiment}`)).body['tags']).toEqual({ model: 'x' });
  expect((await tracker.api('GET', `/api/tags/${from.id}`)).status).toBe(404);
  const itself = await tracker.api('POST', `/api/tags/${into.id}/merge`, { into: into.id });
  expect(itself).toMatchObject({ status: 400, body: { errors: [{ path: 'into' }] } });
  const gone = await tracker.api('POST', `/api/tags/${into.id}/merge`, { into: from.id });
  expect(gone).toMatchObject({ status: 400, body: { errors: [{ path: 'into' }] } });
});

it('goes to the trash and comes back to where it hung', async () => {
  const run = await addRun(tracker, 'trashed', { fleeting: 'v' });
  const { id } = await tagNamed(tracker, 'fleeting');
  const before = await runUpdated(tracker, run);
  expect((await tracker.api('DELETE', `/api/tags/${id}`)).status).toBe(204);
  expect((await tracker.api('DELETE', `/api/tags/${id}`)).status).toBe(204);
  expect((await tracker.api('GET', `/api/runs/${run}`)).body['tags']).toEqual({});
  expect((await tracker.api('GET', `/api/tags/${id}`)).status).toBe(404);
  const trash = (await tracker.api<TagList>('GET', '/api/tags?status=trash&q=fleeting')).body;
  expect(trash).toMatchObject({ total: 1, items: [{ id, key: 'fleeting' }] });
  expect(trash.items[0]?.trashed_at).toBeGreaterThan(0);
  const back = await tracker.api('POST', `/api/tags/${id}/restore`);
  expect(back).toMatchObject({ status: 200, body: { id, runs: 1, trashed_at: null } });
  expect((await tracker.api('GET', `/api/runs/${run}`)).body['tags']).toEqual({ fleeting: 'v' });
  expect(await runUpdated(tracker, run)).toBe(before);
});

it('a name that was taken meanwhile is not taken twice', async () => {
  const { id } = (await tracker.api<TagOut>('POST', '/api/tags', { key: 'twice' })).body;
  await tracker.api('DELETE', `/api/tags/${id}`);
  await tracker.api('POST', '/api/tags', { key: 'twice' });
  const answer = await tracker.api('POST', `/api/tags/${id}/restore`);
  expect(answer).toMatchObject({ status: 409, body: { errors: [{ path: 'key' }] } });
});

const WRONG: [string, string, unknown, number, string?][] = [
  ['POST', '/api/tags', {}, 400, 'key'],
  ['POST', '/api/tags', undefined, 400, 'body'],
  ['POST', '/api/tags', { key: '' }, 400, 'key'],
  ['POST', '/api/tags', { key: 'x'.repeat(501) }, 400, 'key'],
  ['POST', '/api/tags', { key: 'nul\0' }, 400, 'key'],
  ['POST', '/api/tags', { key: 'x', color: 'red' }, 400, 'color'],
  ['POST', '/api/tags', { key: 'x', name: 'y' }, 400, 'name'],
  ['PATCH', '/api/tags/1', {}, 400, 'body'],
  ['PATCH', '/api/tags/1', { key: 'k', colour: 'c1' }, 400, 'colour'],
  ['PATCH', '/api/tags/999999', { color: 'c1' }, 404],
  ['GET', '/api/tags/abc', undefined, 400, 'id'],
  ['GET', '/api/tags?limit=0', undefined, 400, '?limit'],
  ['GET', '/api/tags?limit=1001', undefined, 400, '?limit'],
  ['GET', '/api/tags?cursor=nonsense', undefined, 400, '?cursor'],
  ['GET', '/api/tags?colour=c1', undefined, 400, '?colour'],
  ['GET', '/api/tags?status=gone', undefined, 400, '?status'],
  ['DELETE', '/api/tags/999999', undefined, 404],
  ['POST', '/api/tags/999999/restore', undefined, 404],
  ['POST', '/api/tags/1/merge', {}, 400, 'into'],
  ['POST', '/api/tags/1/merge', { into: 'other' }, 400, 'into'],
  ['POST', '/api/tags/1/merge', { into: 999999 }, 400, 'into'],
  ['POST', '/api/tags/999999/merge', { into: 1 }, 404],
];

it.each(WRONG.map((row) => [short(row), ...row] as const))(
  '%s, nothing changed',
  async (_, method, path, body, status, field) => {
    await tracker.api('POST', '/api/tags', { key: 'first of all' });
    const before = await tracker.api('GET', '/api/tags?limit=1000');
    const answer = await tracker.api<{ errors: { path: string }[] }>(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors.map((error) => error.path)).toEqual(field === undefined ? [] : [field]);
    expect((await tracker.api('GET', '/api/tags?limit=1000')).body).toEqual(before.body);
  },
);
