// tests/shared/artifacts-place.test.ts
// Purpose: the setting that says where artifacts are: what is taken, and what is said of the rest.
// Why: a wrong address must be said at the start, and a secret that somebody put into it never repeated.
// Relevant files: shared/artifacts-place.ts, shared/config.ts

import path from 'node:path';
import { expect, test } from 'vitest';
import { artifactsPlace } from '../../shared/artifacts-place.ts';

test.each([
  ['s3://bucket', 's3://bucket'],
  ['s3://my.bucket-1/', 's3://my.bucket-1'],
  ['s3://bucket/team/a_b.c//', 's3://bucket/team/a_b.c'],
  ['S3://bucket/A', 's3://bucket/A'],
  ['/a/folder', '/a/folder'],
  ['folder', path.resolve('folder')],
  ['file:///a%20folder', '/a folder'],
])('%s is %s', (text, place) => {
  expect(artifactsPlace(text)).toBe(place);
});

test.each([
  ['s3://', 'names no bucket'],
  ['s3:///prefix', 'names no bucket'],
  ['s3://Bucket/x', 'names no bucket'],
  ['s3://bucket/a//b', 'has a prefix of other signs'],
  ['s3://bucket/a/../b', 'has a prefix of other signs'],
  ['s3://bucket/größe', 'has a prefix of other signs'],
  ['s3://key:secret@bucket/x', 'takes no credentials'],
  ['s3://bucket/x?secret=1', 'takes no credentials'],
  ['gs://bucket/x', 'is a folder or s3://bucket/prefix, not gs://'],
  ['https://key:secret@host/bucket', 'is a folder or s3://bucket/prefix, not https://'],
  ['file://other-host/x', 'is not the address of a folder'],
])('%s: %s', (text, why) => {
  const refused = (): string => artifactsPlace(text);
  expect(refused).toThrow(`ARTIFACTS_URL (--artifacts) ${why}`);
  expect(refused).not.toThrow('secret');
});
