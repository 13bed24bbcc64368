// shared/artifacts-place.ts
// Purpose: the setting that says where artifacts are: a folder, or s3://bucket/prefix.
// Why: a wrong address is said at start, by its name; secrets do not belong into it and are never repeated.
// Relevant files: shared/config.ts, runs/artifacts/artifact-store.ts, runs/artifacts/s3-contents.ts

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.ts';

/** An absolute folder, or s3://bucket or s3://bucket/prefix without a slash at the end. */
export function artifactsPlace(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return path.resolve(text);
  if (scheme === 's3') return s3Place(text);
  if (scheme !== 'file') throw wrong(`is a folder or s3://bucket/prefix, not ${scheme}://`);
  try {
    return path.resolve(fileURLToPath(text));
  } catch {
    throw wrong('is not the address of a folder on this machine, such as file:///data/artifacts');
  }
}

function s3Place(text: string): string {
  const [bucket = '', ...names] = text.slice('s3://'.length).replace(/\/+$/, '').split('/');
  if (/[@?#]/.test(text)) throw wrong('takes no credentials and no options: they come from AWS_… (see README.md)');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw wrong(`names no bucket: s3://bucket/prefix`);
  // What means the same in a key, in an address and in a signature.
  if (names.some((name) => !/^[\w.-]+$/.test(name) || /^\.+$/.test(name)))
    throw wrong('has a prefix of other signs than letters, digits, dots, - and _ between slashes');
  return `s3://${[bucket, ...names].join('/')}`;
}

function wrong(why: string): UsageError {
  return new UsageError(`ARTIFACTS_URL (--artifacts) ${why}`);
}
