// tests/runs/s3-contents.test.ts
// Purpose: contents in S3: small ones in one step, large ones by parts; nothing half is left; swept when nobody has them.
// Why: storage is paid for by the month, and what is acknowledged must be there.
// Relevant files: runs/artifacts/s3-contents.ts, runs/artifacts/artifact-store.ts, runs/artifacts/artifact-sweep.ts, tests/support/s3.ts

import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordArtifact, removeArtifact } from '../../runs/artifacts/artifact-queries.ts';
import { contentsAt, saveArtifact } from '../../runs/artifacts/artifact-store.ts';
import { sweepArtifacts } from '../../runs/artifacts/artifact-sweep.ts';
import type { Contents, ContentSource, SavedContent } from '../../runs/artifacts/contents.ts';
import { claimDropped, dropContents, listDropped, settleClaimed } from '../../runs/artifacts/dropped-changes.ts';
import { PART_BYTES } from '../../runs/artifacts/s3-contents.ts';
import { createRun } from '../../runs/changes.ts';
import type { Store } from '../../shared/db/store.ts';
import { LIMITS } from '../../shared/limits.ts';
import { giveBack, openAt } from '../support/database.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { freshFolder } from '../support/tracker.ts';

let s3: S3Server;
let data: string;
let store: Store;
let runId: string;
let bucket: string;
let contents: Contents;
beforeAll(async () => {
  s3 = await startS3();
});
beforeEach(async () => {
  data = freshFolder();
  store = await openAt(data);
  runId = (await store.write((tx) => createRun(tx, { experiment: 'x' }, 1))).run.id;
  bucket = await s3.freshBucket();
  contents = contentsAt(`s3://${bucket}/a/b`);
});
afterEach(async () => {
  await store.close();
  await giveBack(data);
  rmSync(data, { recursive: true });
});
afterAll(() => s3.stop());

const save = (source: ContentSource, limit?: number): Promise<SavedContent> =>
  saveArtifact(store, contents, source, limit);
const keyOf = ({ sha256 }: { sha256: string }): string => `a/b/${sha256.slice(0, 2)}/${sha256}`;
const inPieces = (bytes: Buffer, size = 100_000): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
  );

test.each([0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 7])('%i bytes are kept once, whole', async (size) => {
  const bytes = randomBytes(size);
  const saved = await save(inPieces(bytes));
  expect(saved).toEqual({ size, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(await save(bytes)).toEqual(saved);
  expect(await s3.keys(bucket)).toEqual([keyOf(saved)]);
  expect(await s3.unfinished(bucket)).toEqual([]);
  expect((await buffer(await contents.open(saved.sha256))).equals(bytes)).toBe(true);
  if (size < 10) return;
  const range = { start: size - 5, end: size - 2 };
  expect((await buffer(await contents.open(saved.sha256, { range }))).equals(bytes.subarray(-5, -1))).toBe(true);
});

test('the largest artifact can be copied inside S3 in one step (5 GiB)', () => {
  expect(LIMITS.artifact).toBeLessThanOrEqual(5 * 1024 ** 3);
});

test.each([
  ['small', 100],
  ['large', 2 * PART_BYTES],
])('one byte over the limit, a source that breaks (%s): nothing is left', async (_, size) => {
  await expect(save(inPieces(Buffer.alloc(size + 1)), size)).rejects.toMatchObject({ status: 413 });
  const broken = Readable.from(
    (function* () {
      yield Buffer.alloc(size);
      throw new Error('gone');
    })(),
  );
  await expect(save(broken)).rejects.toThrow('gone');
  expect(await s3.keys(bucket)).toEqual([]);
  expect(await s3.unfinished(bucket)).toEqual([]);
});

test('what is not there is a 404', async () => {
  await contents.check('one');
  await expect(contents.open('a'.repeat(64))).rejects.toMatchObject({ status: 404 });
  expect(await contents.sizeOf('a'.repeat(64))).toBeUndefined();
  expect(await contents.sizeOf((await save(Buffer.from('there'))).sha256)).toBe(5);
  await expect(contents.open('../a')).rejects.toThrow('not a sha256');
});

test('a prefix belongs to one database', async () => {
  await contents.check('one');
  await contents.check('one');
  await expect(contents.check('two')).rejects.toThrow(/ARTIFACTS_URL.*another database \(one\).*tracker\.json/);
  await contentsAt(`s3://${bucket}/a/c`).check('two');
  await expect(contentsAt(`s3://${bucket}/a/c`).check('one')).rejects.toThrow('another database (two)');
  const [first, ...others] = await Promise.allSettled(
    ['x', 'y', 'z'].map((owner) => contentsAt(`s3://${bucket}/new`).check(owner)),
  );
  expect([first, ...others].filter((one) => one?.status === 'fulfilled')).toHaveLength(1);
});

describe('the sweep', () => {
  const soon = (): number => Date.now() + 60_000;

  test('takes what artifacts lost and what uploads left, and nothing that is used or not ours', async () => {
    const [used, lost] = [await save(Buffer.from('used')), await save(Buffer.from('lost'))];
    await store.write((tx) => recordArtifact(tx, runId, { path: 'a', ...used }, 1));
    await store.write((tx) => recordArtifact(tx, runId, { path: 'b', ...lost }, 1));
    await store.write((tx) => removeArtifact(tx, runId, 'b', 2));
    for (const Key of ['a/b/parts/half', 'a/other', 'a/b/notes.txt'])
      await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    expect(await sweepArtifacts(store, contents, Date.now() - 60_000)).toBe(1);
    for (const Key of ['a/b/parts/begun', 'a/other-upload'])
      await s3.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    expect(await sweepArtifacts(store, contents, soon())).toBe(2);
    expect((await s3.keys(bucket)).sort()).toEqual([keyOf(used), 'a/b/notes.txt', 'a/other'].sort());
    expect(await s3.unfinished(bucket)).toEqual(['a/other-upload']);
  });

  test('what was uploaded and never named is taken later, not at once', async () => {
    const saved = await save(Buffer.from('nobody names it'));
    await sweepArtifacts(store, contents, Date.now() - 60_000);
    expect(await s3.keys(bucket)).toEqual([keyOf(saved)]);
    await sweepArtifacts(store, contents, soon());
    expect(await s3.keys(bucket)).toEqual([]);
    const named = store.write((tx) => recordArtifact(tx, runId, { path: 'late', ...saved }, 1));
    await expect(named).rejects.toMatchObject({ status: 503 });
  });

  test('takes nothing where another database is', async () => {
    const saved = await save(Buffer.from('theirs'));
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a/b/tracker.json', Body: '{"owner":"them"}' }));
    await expect(sweepArtifacts(store, contents, soon())).rejects.toThrow('another database');
    expect(await s3.keys(bucket)).toEqual([keyOf(saved)]);
  });

  function signal(): [Promise<void>, () => void] {
    let give = (): void => undefined;
    return [new Promise<void>((resolve) => (give = resolve)), () => give()];
  }

  /** Lets a removal wait until it is told to go on. */
  function slowly(): { slow: Contents; begun: Promise<void>; goOn: () => void } {
    const [begun, isBegun] = signal();
    const [going, goOn] = signal();
    const slow = Object.create(contents, {
      check: { value: (owner: string) => contents.check(owner) },
      removeParts: { value: (before: number) => contents.removeParts(before) },
      remove: {
        value: async (sha256: string, before: number) => {
          isBegun();
          await going;
          return contents.remove(sha256, before);
        },
      },
    }) as Contents;
    return { slow, begun, goOn };
  }

  test('of one process, and an upload of the same contents in another: the upload is there afterwards', async () => {
    const other = await openAt(data);
    const saved = await save(Buffer.from('again'));
    const { slow, begun, goOn } = slowly();
    await store.write((tx) => dropContents(tx, saved.sha256, 1));
    const sweeping = sweepArtifacts(store, slow, Date.now() - 60_000);
    await begun;
    let isUp = false;
    const up = saveArtifact(other, contents, Buffer.from('again')).then(() => (isUp = true));
    // It has asked, perhaps more than once, and is not let through.
    for (let i = 0; i < 20; i++) await other.write(() => Promise.resolve());
    expect(isUp).toBe(false);
    goOn();
    await sweeping;
    await up;
    await other.write((tx) => recordArtifact(tx, runId, { path: 'again', ...saved }, 1));
    await sweepArtifacts(store, contents, soon());
    expect(await s3.keys(bucket)).toEqual([keyOf(saved)]);
    await other.close();
  });

  test('of two processes at once removes everything once; of one that died is finished by another', async () => {
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => save(Buffer.from(`many ${i}`))));
    const other = await openAt(data);
    const counts = await Promise.all([
      sweepArtifacts(store, contents, soon()),
      sweepArtifacts(other, contents, soon()),
    ]);
    expect(counts[0] + counts[1]).toBe(many.length);
    expect(await s3.keys(bucket)).toEqual([]);
    const left = await save(Buffer.from('claimed by one that died'));
    const anHourAgo = Date.now() - 3_600_000;
    await store.write((tx) => dropContents(tx, left.sha256, anHourAgo));
    expect(await store.write((tx) => claimDropped(tx, anHourAgo + 1, anHourAgo, 10))).toEqual([left.sha256]);
    expect(await sweepArtifacts(other, contents, soon())).toBe(1);
    expect(await s3.keys(bucket)).toEqual([]);
    expect(await listDropped(store.read, soon())).toEqual([]);
    await other.close();
  });

  test('what stays for now counts as dropped just now', async () => {
    const saved = await save(Buffer.from('stays'));
    await store.write((tx) => claimDropped(tx, soon(), Date.now(), 10));
    await store.write((tx) => settleClaimed(tx, saved.sha256, false, 5));
    expect(await listDropped(store.read, 6)).toEqual([saved.sha256]);
    expect(await store.write((tx) => claimDropped(tx, 6, Date.now(), 10))).toEqual([saved.sha256]);
    await store.write((tx) => settleClaimed(tx, saved.sha256, true, 5));
  });
});
