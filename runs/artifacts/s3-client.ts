// runs/artifacts/s3-client.ts
// Purpose: a connection to one bucket, and what goes wrong there as problems a person can do something about.
// Why: the SDK takes 25 MB and some tenths of a second: it is loaded when S3 is asked for the first time, and by nobody else.
// Relevant files: runs/artifacts/s3-contents.ts, shared/artifacts-place.ts

import type * as Sdk from '@aws-sdk/client-s3';
import { Problem } from '../../shared/errors.ts';

export interface S3 {
  sdk: typeof Sdk;
  client: Sdk.S3Client;
}

/** Addresses, region and credentials come from the SDK's usual environment and files (AWS_…). */
export async function connect(env: NodeJS.ProcessEnv = process.env): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  // Not Amazon's: they have buckets as paths instead of host names, and mostly no regions.
  const isOther = Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']);
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? (isOther ? 'us-east-1' : undefined);
  const client = new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    forcePathStyle: isOther,
    // Checksums in trailers are not understood everywhere; lengths, signatures and our own sha256 are.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5_000,
      /** Until the answer begins: the slowest is a part of 5 MiB on its way. */
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      // A download that its reader has paused is no failure; Node's server ends connections that are dead.
      socketTimeout: 0,
      // A socket for each download that is under way: 50, the default, would let slow ones stop all others.
      httpAgent: { keepAlive: true, maxSockets: 1000 },
      httpsAgent: { keepAlive: true, maxSockets: 1000 },
    },
  });
  return { sdk, client };
}

export const Trouble = {
  Missing: 'missing',
  Exists: 'exists',
  Refused: 'refused',
  Full: 'full',
  Down: 'down',
} as const;
export type Trouble = (typeof Trouble)[keyof typeof Trouble];

const FULL = new Set(['XMinioStorageFull', 'QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity']);
/** Of the SDK itself, before anything is sent: no credentials, no region. */
const OWN = /Credentials|Token(Provider)?Error|Region is missing|Could not load credentials/;
const NETWORK = /^(E[A-Z]{4,}|UND_ERR.*)$/;

type SdkError = Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };

/** What kind of failure of S3 it is; undefined when it is none, but a mistake of ours. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, code, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  if (status === 507 || FULL.has(name)) return Trouble.Full;
  // An answer to HEAD has no body that could say more.
  if (name === 'NoSuchKey' || name === 'NotFound') return Trouble.Missing;
  if (status === 412 || status === 409) return Trouble.Exists;
  if (status === 408 || status === 429 || (status !== undefined && status >= 500)) return Trouble.Down;
  if (status !== undefined && status >= 400) return Trouble.Refused;
  if (OWN.test(name) || OWN.test(message)) return Trouble.Refused;
  const isNetwork = typeof code === 'string' && NETWORK.test(code);
  if (isNetwork || /^(TimeoutError|AbortError|NetworkingError)$/.test(name)) return Trouble.Down;
  return status === undefined ? undefined : Trouble.Down;
}

/** For an answer to a request: no address, no names of keys. Other errors come back as they are. */
export function problemOf(error: unknown): unknown {
  const code = codeOf(error);
  switch (troubleOf(error)) {
    case undefined:
      return error;
    case Trouble.Full:
      return new Problem(507, `The storage of artifacts is full (${code}): nothing of this request was stored.`);
    case Trouble.Refused:
      return new Problem(503, `The storage of artifacts refuses the tracker (${code}): its ARTIFACTS_URL or AWS_… settings are wrong.`); // prettier-ignore
    default:
      return new Problem(503, `The storage of artifacts does not answer (${code}): try again.`);
  }
}

/** `NoSuchBucket`, `ECONNREFUSED`: never a whole message, which may hold an address. */
export function codeOf(error: unknown): string {
  const { name, code, message } = error as SdkError;
  if (message?.includes('Region is missing')) return 'no AWS_REGION';
  return typeof code === 'string' ? code : name;
}
