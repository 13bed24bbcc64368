// tests/runs/artifact-store.test.ts
// Purpose: contents on disk: saved whole or not at all, opened in parts, swept when no artifact has them.
// Why: what is acknowledged must be on disk, and what is deleted must not fill it.
// Relevant files: runs/artifacts/artifact-store.ts, runs/artifacts/artifact-sweep.ts, runs/artifacts/artifact-queries.ts

import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordArtifact, removeArtifact } from '../../runs/artifacts/artifact-queries.ts';
import * as artifactStore from '../../runs/artifacts/artifact-store.ts';
import type { ByteRange, ContentSource, SavedContent } from '../../runs/artifacts/contents.ts';
import { dropContents } from '../../runs/artifacts/dropped-changes.ts';
import { contentPath } from '../../runs/artifacts/folder-contents.ts';
import { sweepArtifacts, SWEEP_AFTER_MS } from '../../runs/artifacts/artifact-sweep.ts';
import { createRun } from '../../runs/changes.ts';
import type { Store } from '../../shared/db/store.ts';
import { giveBack, openAt } from '../support/database.ts';
import { freshFolder } from '../support/tracker.ts';

const data = freshFolder();
let store: Store;
let folder: string;
let runId: string;
beforeAll(async () => {
  store = await openAt(data);
  runId = (await store.write((tx) => createRun(tx, { experiment: 'x' }, 1))).run.id;
});
beforeEach(() => {
  folder = path.join(data, randomBytes(4).toString('hex'));
});
afterAll(async () => {
  await store.close();
  await giveBack(data);
  rmSync(data, { recursive: true });
});

const saveArtifact = (place: string, source: ContentSource, limit?: number): Promise<SavedContent> =>
  artifactStore.saveArtifact(store, artifactStore.contentsAt(place), source, limit);
const openArtifact = (place: string, sha256: string, range?: ByteRange): Promise<Readable> =>
  artifactStore.contentsAt(place).open(sha256, { range });
const files = (): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []);

test('bytes, a stream and a file are the same contents, kept once', async () => {
  const bytes = randomBytes(700_000);
  const file = path.join(data, 'source file');
  writeFileSync(file, bytes);
  const saved = await saveArtifact(folder, bytes);
  expect(saved.size).toBe(bytes.length);
  expect(await saveArtifact(folder, Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]))).toEqual(saved);
  expect(await saveArtifact(folder, file)).toEqual(saved);
  expect(files().filter((name) => name.length > 2)).toEqual([path.join(saved.sha256.slice(0, 2), saved.sha256)]);
  expect(readFileSync(contentPath(folder, saved.sha256)).equals(bytes)).toBe(true);
  expect(
    (await buffer(await openArtifact(folder, saved.sha256, { start: 5, end: 9 }))).equals(bytes.subarray(5, 10)),
  ).toBe(true);
});

test('one byte over the limit, a source that breaks, a file that is missing: nothing is kept', async () => {
  expect((await saveArtifact(folder, Buffer.alloc(100), 100)).size).toBe(100);
  const before = files();
  await expect(saveArtifact(folder, Readable.from([Buffer.alloc(60), Buffer.alloc(41)]), 100)).rejects.toMatchObject({
    status: 413,
    extra: { limit_bytes: 100 },
  });
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(10);
      throw new Error('gone');
    })(),
  );
  await expect(saveArtifact(folder, broken)).rejects.toThrow('gone');
  await expect(saveArtifact(folder, path.join(data, 'not there'))).rejects.toThrow('ENOENT');
  expect(files()).toEqual(before);
});

test('contents that went bad on disk are replaced by the next upload', async () => {
  const bytes = randomBytes(1000);
  const { sha256 } = await saveArtifact(folder, bytes);
  writeFileSync(contentPath(folder, sha256), 'cut');
  await saveArtifact(folder, bytes);
  expect(readFileSync(contentPath(folder, sha256)).equals(bytes)).toBe(true);
});

test('contents that somebody removed are a 404, and no name leads out of the folder', async () => {
  await expect(openArtifact(folder, 'a'.repeat(64))).rejects.toMatchObject({ status: 404 });
  expect(() => contentPath(folder, '../../etc/passwd')).toThrow('not a sha256');
});

const HOURS_AGO = new Date(Date.now() - 2 * SWEEP_AFTER_MS);
const age = (file: string): void => utimesSync(file, HOURS_AGO, HOURS_AGO);
const has = ({ sha256 }: { sha256: string }): boolean => existsSync(contentPath(folder, sha256));
const sweep = (from: Store = store): Promise<number> =>
  sweepArtifacts(from, artifactStore.contentsAt(folder), Date.now() - SWEEP_AFTER_MS);

/** Saved two hours ago. */
async function saveOld(contents: string): Promise<{ sha256: string; size: number }> {
  const saved = await saveArtifact(folder, Buffer.from(contents));
  age(contentPath(folder, saved.sha256));
  return saved;
}

test('the sweep takes what artifacts lost, and leaves what is young, used or not ours', async () => {
  const [used, replaced, young] = [await saveOld('used'), await saveOld('replaced'), await saveOld('young')];
  const record = (name: string, saved: typeof used, at: number): Promise<unknown> =>
    store.write((tx) => recordArtifact(tx, runId, { path: name, ...saved }, at));
  await record('a', replaced, 1);
  await record('a', used, 2);
  await record('b', used, 2);
  await record('c', young, 2);
  await record('c', used, Date.now());
  const part = path.join(folder, 'x.part');
  const notes = path.join(folder, 'notes.txt');
  for (const file of [part, notes]) {
    writeFileSync(file, 'x');
    age(file);
  }
  expect(await sweep()).toBe(2);
  expect([has(used), has(replaced), has(young), existsSync(part), existsSync(notes)]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
  for (const [name, left] of [
    ['a', 0],
    ['b', 0],
    ['c', 1],
  ] as const) {
    await store.write((tx) => removeArtifact(tx, runId, name, 3));
    expect(await sweep(), name).toBe(left);
  }
  expect(has(used)).toBe(false);
});

test('contents that belong to another database are not swept', async () => {
  const theirs = await saveOld('of the first database');
  await store.write((tx) => recordArtifact(tx, runId, { path: 'kept', ...theirs }, 1));
  const other = await openAt(path.join(data, 'other'));
  expect(await sweep(other)).toBe(0);
  await other.close();
  await giveBack(path.join(data, 'other'));
  expect(has(theirs)).toBe(true);
});

test('contents that are saved again are young again', async () => {
  const again = await saveOld('again');
  await store.write((tx) => dropContents(tx, again.sha256, 1));
  await saveArtifact(folder, Buffer.from('again'));
  expect(await sweep()).toBe(0);
  expect(has(again)).toBe(true);
  // Not forgotten either: when nobody records them, a later sweep takes them.
  age(contentPath(folder, again.sha256));
  await store.write((tx) => dropContents(tx, again.sha256, 1));
  expect(await sweep()).toBe(1);
});
