// tests/models/registry.test.ts
// Purpose: registered models as rows: names, versions, aliases, stages, tags, and what a version stands on.
// Why: people deploy by an alias; it must lead to one version, and never to another by accident.
// Relevant files: models/registry-changes.ts, models/version-changes.ts, models/registry-queries.ts, tests/models/support.ts

import { expect, it } from 'vitest';
import { Stage } from '../../models/models.ts';
import {
  createRegistered,
  deleteRegistered,
  patchRegistered,
  removeAlias,
  replaceAliases,
  setAlias,
  setRegisteredTags,
} from '../../models/registry-changes.ts';
import {
  describeOneRegistered,
  describeVersion,
  findAliased,
  findRegistered,
  listRegistered,
  requireRegistered,
  requireVersion,
  type Registered,
  type Version,
} from '../../models/registry-queries.ts';
import {
  createVersion,
  deleteVersion,
  setStage,
  setVersionTags,
  type NewVersion,
} from '../../models/version-changes.ts';
import type { Db } from '../../shared/db/store.ts';
import { useTracker } from '../support/use.ts';
import { makeModel, makeRun } from './support.ts';

const tracker = useTracker();

const write = <T>(work: (tx: Db) => Promise<T>): Promise<T> => tracker.app.store.write(work);

async function registered(name: string): Promise<Registered> {
  const { read } = tracker.app.store;
  return describeOneRegistered(read, await requireRegistered(read, name));
}

async function version(name: string, number: number): Promise<Version> {
  const { read } = tracker.app.store;
  return describeVersion(read, await requireVersion(read, name, number));
}

async function make(name: string, versions = 0): Promise<void> {
  await write((tx) => createRegistered(tx, { name }, 1));
  for (let i = 0; i < versions; i++) await add(name, { source: 's3://bucket/model' });
}

const add = (name: string, more: NewVersion): Promise<{ version: number }> =>
  write((tx) => createVersion(tx, name, more, 2));

it('has a name of its own, which can change and takes its versions along', async () => {
  await make('one', 2);
  await expect(make('one')).rejects.toThrow('already');
  await write((tx) => patchRegistered(tx, 'one', { name: 'zwei ü', description: 'words' }, 3));
  expect(await findRegistered(tracker.app.store.read, 'one')).toBeUndefined();
  expect(await registered('zwei ü')).toMatchObject({ description: 'words', versions: 2 });
  expect((await version('zwei ü', 1)).name).toBe('zwei ü');
  await make('one');
  await expect(write((tx) => patchRegistered(tx, 'one', { name: 'zwei ü' }, 3))).rejects.toThrow('already');
});

it.each(['', ' ', 'a/b', 'a:b', '.', '..', 'x'.repeat(257)])('takes no name like "%s"', async (name) => {
  await expect(make(name)).rejects.toThrow('must');
});

it('numbers its versions and gives no number twice', async () => {
  await make('numbers', 3);
  await write((tx) => deleteVersion(tx, 'numbers', 3, 4));
  expect((await add('numbers', { source: 's3://b/4' })).version).toBe(4);
  expect((await registered('numbers')).latest.map((one) => one.version)).toEqual([4]);
  await expect(version('numbers', 3)).rejects.toThrow('does not exist');
  await write((tx) => deleteRegistered(tx, 'numbers'));
  await make('numbers', 1);
  expect((await registered('numbers')).versions).toBe(1);
});

it('leads by an alias to one version, until that is deleted', async () => {
  await make('aliases', 2);
  await write((tx) => replaceAliases(tx, 'aliases', 1, ['champion', 'best-1'], 4));
  await write((tx) => setAlias(tx, 'aliases', 'champion', 2, 5));
  expect((await registered('aliases')).aliases).toEqual({ champion: 2, 'best-1': 1 });
  expect([(await version('aliases', 1)).aliases, (await version('aliases', 2)).aliases]).toEqual([
    ['best-1'],
    ['champion'],
  ]);
  expect((await findAliased(tracker.app.store.read, 'aliases', 'champion'))?.version).toBe(2);
  await write((tx) => deleteVersion(tx, 'aliases', 2, 6));
  expect((await registered('aliases')).aliases).toEqual({ 'best-1': 1 });
  expect(await write((tx) => removeAlias(tx, 'aliases', 'champion', 7))).toBe(false);
  for (const alias of ['latest', 'LATEST', 'v1', 'V22', 'a b', 'a.b', '', 'x'.repeat(256)])
    await expect(
      write((tx) => setAlias(tx, 'aliases', alias, 1, 8)),
      alias,
    ).rejects.toThrow('alias');
  await expect(write((tx) => setAlias(tx, 'aliases', 'fine', 77, 8))).rejects.toThrow('does not exist');
});

it('archives the others of a stage when asked, and shows the newest of each stage', async () => {
  await make('stages', 3);
  await write((tx) => setStage(tx, 'stages', 1, { stage: Stage.Production, alone: false }, 4));
  await write((tx) => setStage(tx, 'stages', 2, { stage: Stage.Production, alone: true }, 5));
  const { latest } = await registered('stages');
  expect(latest.map((one) => [one.version, one.stage])).toEqual([
    [3, Stage.None],
    [2, Stage.Production],
    [1, Stage.Archived],
  ]);
});

it('stands on a logged model, or on what another version stands on', async () => {
  const run = await makeRun(tracker);
  const model = await makeModel(tracker, run);
  await make('origin');
  await add('origin', { source: `models:/${model.id}` });
  expect(await version('origin', 1)).toMatchObject({
    model_id: model.id,
    run_id: run.id,
    origin: `models:/${model.id}`,
  });
  await write((tx) => setAlias(tx, 'origin', 'best', 1, 4));
  await make('copy');
  for (const source of ['models:/origin/1', 'models:/origin@best']) await add('copy', { source });
  for (const number of [1, 2])
    expect(await version('copy', number)).toMatchObject({
      model_id: model.id,
      run_id: run.id,
      origin: `models:/${model.id}`,
    });
  await expect(add('copy', { source: `models:/m-${'0'.repeat(32)}` })).rejects.toThrow('does not exist');
  await expect(add('copy', { source: 'models:/origin/9' })).rejects.toThrow('does not exist');
});

it.each([
  '/etc/passwd',
  'file:///etc/passwd',
  'FILE:/etc',
  '../../etc',
  'C:/x/../y',
  's3://b/../x',
  's3://b/%252e%252e/x',
])('has no source like %s', async (source) => {
  if (!(await findRegistered(tracker.app.store.read, 'sources'))) await make('sources');
  await expect(add('sources', { source })).rejects.toThrow('source');
  expect((await registered('sources')).versions).toBe(0);
});

it('carries tags, and is found by a part of its name or description', async () => {
  await make('Straße', 1);
  await write((tx) => setRegisteredTags(tx, 'Straße', { a: '1', b: '' }, 5));
  await write((tx) => setRegisteredTags(tx, 'Straße', { a: '2' }, 6));
  await write((tx) => setVersionTags(tx, 'Straße', 1, { c: 'ü' }, 7));
  expect((await registered('Straße')).tags).toEqual({ a: '2', b: '' });
  expect((await version('Straße', 1)).tags).toEqual({ c: 'ü' });
  const found = await listRegistered(tracker.app.store.read, { q: 'sTRASSE'.replace('SS', 'ß') }, { limit: 10 });
  expect(found.items.map(({ name }) => name)).toEqual(['Straße']);
});
