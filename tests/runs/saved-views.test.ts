// tests/runs/saved-views.test.ts
// Purpose: saved views over the API: made, listed, changed, one default, to the trash and back; what would not open is refused.
// Why: a view that somebody shares must open next year as it was saved.
// Relevant files: runs/view/saved-api.ts, runs/view/saved-changes.ts, runs/view/view-query.ts

import { beforeAll, expect, it } from 'vitest';
import type { ViewOut } from '../../runs/view/saved-schemas.ts';
import { rowsOf } from '../support/database.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();
let experiment: number;
let other: number;
beforeAll(async () => {
  const run = { params: { lr: 1 }, metrics: { acc: [1] } };
  experiment = (await addRun(tracker, { experiment: 'one', ...run })).experiment_id;
  other = (await addRun(tracker, { experiment: 'two', ...run })).experiment_id;
});

async function save(view: Record<string, unknown>, status = 201): Promise<ViewOut> {
  const { status: got, body } = await tracker.api<ViewOut>('POST', '/api/views', view);
  expect(got, JSON.stringify(body)).toBe(status);
  return body;
}

async function names(query: string): Promise<string[]> {
  const { body } = await tracker.api<{ items: ViewOut[]; total: number }>('GET', `/api/views?${query}`);
  expect(body.total).toBe(body.items.length);
  return body.items.map(({ name }) => name);
}

it('is saved, listed with those for all, renamed, changed, trashed and restored', async () => {
  const made = await save({
    experiment_id: experiment,
    name: 'best lr',
    query: '?order=-metrics.acc&column=params.lr&page=3&view=9',
  });
  expect(made).toMatchObject({
    ...{ experiment_id: experiment, name: 'best lr', page: 'table', is_default: false, trashed_at: null },
    ...{ query: 'order=-metrics.acc&column=params.lr', address: `/experiments/${experiment}?view=${made.id}` },
  });
  const all = await save({ name: 'all of us', query: 'status=failed' });
  expect(all.address).toBeNull();
  await save({ experiment_id: other, name: 'best lr', query: '' });
  expect(await names(`experiment=${experiment}`)).toEqual(['all of us', 'best lr']);
  expect(await names('')).toEqual(['all of us', 'best lr', 'best lr']);

  const at = `/api/views/${made.id}`;
  const renamed = await tracker.api<ViewOut>('PATCH', at, { name: 'lr', query: 'order=name' });
  expect(renamed.body).toMatchObject({ name: 'lr', query: 'order=name', id: made.id });
  for (const wrong of [{}, { query: 'order=colour' }]) expect((await tracker.api('PATCH', at, wrong)).status).toBe(400);
  expect((await tracker.api('DELETE', at)).status).toBe(204);
  expect((await tracker.api('DELETE', at)).status).toBe(409);
  expect((await tracker.api('PATCH', at, { name: 'x' })).status).toBe(409);
  expect(await names(`experiment=${experiment}`)).toEqual(['all of us']);
  expect(await names(`experiment=${experiment}&trashed=true`)).toEqual(['lr']);
  expect((await tracker.api<ViewOut>('GET', at)).body.trashed_at).not.toBeNull();
  await save({ experiment_id: experiment, name: 'lr', query: '' });
  expect((await tracker.api('POST', `${at}/restore`)).status).toBe(409);
  await tracker.api('PATCH', `/api/views/${made.id + 3}`, { name: 'lr 2' });
  expect((await tracker.api<ViewOut>('POST', `${at}/restore`)).body).toMatchObject({ name: 'lr', trashed_at: null });
});

it('an experiment has one default at most; a view for all is none', async () => {
  const one = await save({ experiment_id: other, name: 'first', query: 'order=name', is_default: true });
  const two = await save({ experiment_id: other, name: 'second', query: 'order=-name' });
  const defaults = async (): Promise<unknown[]> =>
    (await rowsOf<{ name: string }>(tracker.folder, 'select name from saved_views where is_default = 1')).map(({ name }) => name); // prettier-ignore
  expect(await defaults()).toEqual(['first']);
  await tracker.api('PATCH', `/api/views/${two.id}`, { is_default: true });
  expect(await defaults()).toEqual(['second']);
  await tracker.api('DELETE', `/api/views/${two.id}`);
  expect(await defaults()).toEqual([]);
  await tracker.api('PATCH', `/api/views/${one.id}`, { is_default: true });
  await tracker.api('PATCH', `/api/views/${one.id}`, { is_default: false });
  expect(await defaults()).toEqual([]);
  await save({ name: 'of all', query: '', is_default: true }, 400);
});

it.each([
  [{ name: 'x', query: 'order=colour' }, 'order'],
  [{ name: 'x', query: 'column=colour' }, 'column'],
  [{ name: 'x', query: 'limit=30' }, 'limit'],
  [{ name: 'x', query: 'colour=red' }, 'query'],
  [{ name: 'x', query: 'where=and' }, 'query'],
  [{ name: 'x', query: 'column=params.lr', page: 'groups' }, 'column'],
  [{ name: '', query: '' }, 'name'],
  [{ name: 'two\nlines', query: '' }, 'name'],
  [{ query: '' }, 'name'],
  [{ name: 'x' }, 'query'],
  [{ name: 'x', query: 'q='.padEnd(13_000, 'a') }, 'query'],
  [{ name: 'x', query: '', page: 'moon' }, 'page'],
  [{ name: 'x', query: '', colour: 1 }, 'colour'],
])('what would not open is refused: %j', async (view, said) => {
  const { status, body } = await tracker.api('POST', '/api/views', view);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(said);
});

it('what is not there is a 404', async () => {
  await save({ experiment_id: 987, name: 'x', query: '' }, 404);
  for (const [method, path] of [['GET', ''], ['PATCH', ''], ['DELETE', ''], ['POST', '/restore']] as const) // prettier-ignore
    expect((await tracker.api(method, `/api/views/987${path}`, method === 'PATCH' ? { name: 'x' } : undefined)).status, method).toBe(404); // prettier-ignore
});

it('goes with its experiment', async () => {
  const gone = (await addRun(tracker, { experiment: 'gone' })).experiment_id;
  await save({ experiment_id: gone, name: 'of what goes', query: '' });
  await tracker.api('DELETE', `/api/experiments/${gone}`);
  await tracker.api('POST', `/api/experiments/${gone}/purge`);
  await expect.poll(() => rowsOf(tracker.folder, "select id from saved_views where name = 'of what goes'")).toEqual([]);
});
