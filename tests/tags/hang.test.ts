// tests/tags/hang.test.ts
// Purpose: a tag on a run or experiment by the API: PUT and DELETE, any key, and what it leaves on the two.
// Why: keys hold slashes, percent signs and commas; pages that were computed before must learn of the change.
// Relevant files: tags/hang-routes.ts, tags/hang-changes.ts

import { expect, it } from 'vitest';
import { useTracker } from '../support/use.ts';
import { activityOf, addExperiment, addRun, must, runUpdated, short, versionOf } from './support.ts';

const tracker = useTracker();

const LONG = 'é'.repeat(500);
const KEYS = ['baseline', 'paper/fig 2', '/', '50%', '%2F', 'a,b', 'a=b', '?q#h', 'ключ', '𝛼', '...', '"q"', LONG];

it.each(KEYS.map((key) => [key.length > 40 ? `${key.length} characters` : key, key] as const))(
  'a run carries %s',
  async (_, key) => {
    const run = await addRun(tracker, 'keys');
    const at = `/api/runs/${run}/tags/${encodeURIComponent(key)}`;
    expect(await tracker.api('PUT', at)).toMatchObject({ status: 201, body: { key, value: '', color: null } });
    expect(await tracker.api('PUT', at, { value: 'ü, 1' })).toMatchObject({
      status: 200,
      body: { key, value: 'ü, 1' },
    });
    expect((await tracker.api('GET', `/api/runs/${run}`)).body['tags']).toEqual({ [key]: 'ü, 1' });
    const found = await must<{ items: { id: string }[] }>(
      tracker,
      'GET',
      `/api/runs?tag=${encodeURIComponent(`${key}=ü, 1`)}`,
    );
    expect(found.items.map((one) => one.id)).toEqual([run]);
    expect((await tracker.api('DELETE', at)).status).toBe(204);
    expect((await tracker.api('GET', `/api/runs/${run}`)).body['tags']).toEqual({});
    expect((await tracker.api('DELETE', at)).status).toBe(404);
  },
);

it('an experiment carries one too', async () => {
  const id = await addExperiment(tracker, 'carrier');
  const at = `/api/experiments/${id}/tags/team%2Fvision`;
  expect(await tracker.api('PUT', at, {})).toMatchObject({ status: 201, body: { key: 'team/vision', value: '' } });
  expect(await tracker.api('PUT', at)).toMatchObject({ status: 200 });
  expect((await tracker.api('GET', `/api/experiments/${id}`)).body['tags']).toEqual({ 'team/vision': '' });
  expect((await tracker.api('DELETE', at)).status).toBe(204);
  expect((await tracker.api('DELETE', at)).status).toBe(404);
});

it('touches the run and its experiment, but only when something changed', async () => {
  const run = await addRun(tracker, 'touched');
  const at = `/api/runs/${run}/tags/t`;
  const seen = async (): Promise<number[]> => [
    await runUpdated(tracker, run),
    await versionOf(tracker, 'touched'),
    await activityOf(tracker, 'touched'),
  ];
  const [updated = 0, version = 0, activity = 0] = await seen();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await must(tracker, 'PUT', at);
  const after = await seen();
  expect(after[0]).toBeGreaterThan(updated);
  expect(after[1]).toBe(version + 1);
  expect(after[2]).toBeGreaterThan(activity);
  await must(tracker, 'PUT', at);
  expect(await seen()).toEqual(after);
  await must(tracker, 'DELETE', at);
  expect((await seen())[1]).toBe(version + 2);
});

it('what is in the trash takes no tag', async () => {
  const run = await addRun(tracker, 'gone');
  await must(tracker, 'DELETE', `/api/runs/${run}`);
  expect((await tracker.api('PUT', `/api/runs/${run}/tags/t`)).status).toBe(409);
});

const WRONG: [string, unknown, number, string?][] = [
  ['/api/runs/abc/tags/t', undefined, 400, 'id'],
  [`/api/runs/${'0'.repeat(32)}/tags/t`, undefined, 404],
  ['/api/experiments/x/tags/t', undefined, 400, 'id'],
  ['/api/experiments/999999/tags/t', undefined, 404],
  ['/api/experiments/1/tags/nul%00', undefined, 400, 'key'],
  [`/api/experiments/1/tags/${'k'.repeat(501)}`, undefined, 400, 'key'],
  ['/api/experiments/1/tags/t', { value: 1 }, 400, 'value'],
  ['/api/experiments/1/tags/t', { value: 'x'.repeat(10_001) }, 400, 'value'],
  ['/api/experiments/1/tags/t', { valu: 'x' }, 400, 'valu'],
  ['/api/experiments/1/tags/t', ['x'], 400, 'body'],
];

it.each(WRONG.map((row) => [short(row), ...row] as const))('PUT %s', async (_, path, body, status, field) => {
  const answer = await tracker.api<{ errors: { path: string }[] }>('PUT', path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.errors.map((error) => error.path)).toEqual(field === undefined ? [] : [field]);
});
