// tests/runs/artifacts.test.ts
// Purpose: artifacts over HTTP, kept in a folder: the contract.
// Why: a folder beside the database is what everybody starts with.
// Relevant files: tests/runs/artifact-contract.ts, runs/artifacts/folder-contents.ts

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { startTracker } from '../support/tracker.ts';
import { artifactContract } from './artifact-contract.ts';

artifactContract(async () => {
  const tracker = await startTracker();
  const folder = path.join(tracker.folder, 'artifacts');
  const stored = (): string[] =>
    existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : [];
  return { tracker, stored: () => Promise.resolve(stored()) };
});
