// tests/runs/artifacts-s3.test.ts
// Purpose: artifacts over HTTP, kept in S3: the contract.
// Why: who moves to S3 must not notice by anything but the place.
// Relevant files: tests/runs/artifact-contract.ts, runs/artifacts/s3-contents.ts, tests/support/s3.ts

import { afterAll } from 'vitest';
import { startS3, type S3Server } from '../support/s3.ts';
import { startTracker } from '../support/tracker.ts';
import { artifactContract } from './artifact-contract.ts';

let s3: S3Server | undefined;
afterAll(() => s3?.stop());

artifactContract(async () => {
  const server = (s3 = await startS3());
  const bucket = await server.freshBucket();
  const tracker = await startTracker(undefined, { artifacts: `s3://${bucket}/team/a` });
  return {
    tracker,
    stored: async () => [...(await server.keys(bucket, 'team/a/')), ...(await server.unfinished(bucket))].sort(),
  };
});
