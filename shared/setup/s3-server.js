// shared/setup/s3-server.js
// Purpose: moto's S3 server for the tests, in a virtual environment of its own.
// Why: artifacts in S3 are tested on a real server with real multipart uploads.
// Relevant files: shared/setup/python.js, shared/setup/run-tests.js, shared/setup/s3-server.txt, tests/support/s3.ts

import { fileURLToPath } from 'node:url';
import { ensurePython } from './python.js';

/** @type {() => string} the Python that runs it: `python -m moto.server` */
export function ensureS3Server() {
  const packages = fileURLToPath(new URL('./s3-server.txt', import.meta.url));
  return ensurePython({ packages, what: 'an S3 server (moto)', duration: 'half a minute' });
}
