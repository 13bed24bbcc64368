// tests/mlflow/conformance.test.ts
// Purpose: the 160 cases of `../shared/conformance/mlflow_client.py`, with MLflow's real client, pass on this engine.
// Why: it is what the project promises of MLflow's API, and it lies beside the project, not in it: tried where it is.
// Relevant files: shared/setup/mlflow.js, tests/support/tracker.ts, mlflow/routes.ts

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ensureMlflow } from '../../shared/setup/mlflow.js';
import { projectRoot } from '../../shared/setup/root.js';
import { startTracker } from '../support/tracker.ts';

const SUITE = path.join(projectRoot, '..', 'shared', 'conformance', 'mlflow_client.py');

it.runIf(existsSync(SUITE))('passes all cases of the conformance suite', async () => {
  const tracker = await startTracker();
  try {
    const args = [SUITE, '--url', tracker.url];
    const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' };
    const { stdout } = await promisify(execFile)(ensureMlflow(), args, { env, maxBuffer: 2 ** 26 }).catch(
      (error: { stdout: string }) => error,
    );
    const failed = stdout.split('\n').filter((line) => line.startsWith('FAIL'));
    expect(failed).toEqual([]);
    expect(stdout).toMatch(/^160 passed, 0 failed$/m);
  } finally {
    await tracker.stop();
  }
});
