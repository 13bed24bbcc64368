// runs/artifacts/s3-owner.ts
// Purpose: asks once whether bucket and credentials are right, and whether the prefix belongs to this database.
// Why: a wrong setting is said at the start; and the sweep of one database must never remove what another one has.
// Relevant files: runs/artifacts/s3-contents.ts, runs/artifacts/s3-client.ts, runs/artifacts/artifact-store.ts

import { UserError } from '../../shared/errors.ts';
import { codeOf, problemOf, Trouble, troubleOf, type S3 } from './s3-client.ts';

/** At a start nobody waits longer for S3; without an answer the pages are served all the same. */
const PATIENCE_MS = 5_000;

interface Mark {
  place: string;
  bucket: string;
  /** Of the object that says whose prefix it is. */
  key: string;
}

/** Errors: UserError for what is wrong for good, Problem 503 when nothing answers. */
export async function checkOwner(s3: S3, mark: Mark, owner: string): Promise<void> {
  try {
    const found = (await readMark(s3, mark)) ?? (await writeMark(s3, mark, owner)) ?? (await readMark(s3, mark));
    if (found !== owner) throw otherOwner(mark, found ?? 'unknown');
  } catch (error) {
    throw troubleOf(error) === Trouble.Refused ? refused(mark, codeOf(error)) : problemOf(error);
  }
}

/** Undefined: there is none, or only so it seems: who may not list a bucket is told "denied" of what is not there. */
async function readMark({ sdk, client }: S3, { bucket, key }: Mark): Promise<string | undefined> {
  const options = { abortSignal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }), options);
    const { owner } = JSON.parse((await Body?.transformToString()) ?? '{}') as { owner?: string };
    return owner ?? '';
  } catch (error) {
    const isAbsent = troubleOf(error) === Trouble.Missing || codeOf(error) === 'AccessDenied';
    if (isAbsent) return undefined;
    throw error;
  }
}

/** Undefined: another process was quicker. */
async function writeMark({ sdk, client }: S3, { bucket, key }: Mark, owner: string): Promise<string | undefined> {
  const options = { abortSignal: AbortSignal.timeout(PATIENCE_MS) };
  const object = { Bucket: bucket, Key: key, Body: JSON.stringify({ owner }), ContentType: 'application/json' };
  try {
    await client.send(new sdk.PutObjectCommand({ ...object, IfNoneMatch: '*' }), options);
    return owner;
  } catch (error) {
    if (troubleOf(error) === Trouble.Exists) return undefined;
    throw error;
  }
}

const ADVICE: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket; make it, or correct ARTIFACTS_URL',
  'no AWS_REGION': 'set AWS_REGION, or AWS_ENDPOINT_URL_S3 for a storage that is not Amazon’s',
  CredentialsProviderError: 'no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  InvalidAccessKeyId: 'the storage does not know AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'AWS_SECRET_ACCESS_KEY is wrong',
  AccessDenied: 'these credentials may not get, put, list and delete objects there',
};

function refused({ place }: Mark, code: string): UserError {
  return new UserError(`ARTIFACTS_URL (--artifacts) ${place}: ${ADVICE[code] ?? 'the storage refused'} (${code}).`);
}

function otherOwner({ place, key }: Mark, owner: string): UserError {
  return new UserError(
    `ARTIFACTS_URL (--artifacts) ${place} holds the artifacts of another database (${owner}): ` +
      `give this one a prefix of its own, or remove the object ${key} if that database is gone.`,
  );
}
