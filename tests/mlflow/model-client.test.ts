// tests/mlflow/model-client.test.ts
// Purpose: MLflow's own client logs, loads, registers and finds models here, through a script that knows nothing of us.
// Why: `log_model` and `load_model` are a dozen calls each; only the client itself shows that they fit together.
// Relevant files: tests/mlflow/model_client.py, mlflow/models-routes.ts, mlflow/artifacts-routes.ts, shared/setup/mlflow.js

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ensureMlflow } from '../../shared/setup/mlflow.js';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';

const SCRIPT = fileURLToPath(new URL('./model_client.py', import.meta.url));

const tracker = useTracker();

it('logs, loads by every address, registers, finds and copies models', async () => {
  const { stdout } = await promisify(execFile)(ensureMlflow(), [SCRIPT], {
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: tracker.url,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
      MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
      // A 5xx is a mistake of ours, to be seen at once and not after minutes.
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0',
      GIT_PYTHON_REFRESH: 'quiet',
    },
    maxBuffer: 10_000_000,
  });
  const seen = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, unknown>;
  expect(seen).toEqual({
    loads: {
      'runs:/': true,
      'models:/id': true,
      'models:/name/1': true,
      'models:/name/latest': true,
      'models:/name@alias': true,
    },
    sklearn: true,
    flavors: ['python_function', 'sklearn'],
    example: [[0], [1]],
    model: ['classifier', 'READY', { C: '1.0' }, 'test', true],
    steps: [0, 1],
    best: [[0.6, 0.5], true],
    files: expect.arrayContaining(['MLmodel', 'requirements.txt', 'conda.yaml']) as string[],
    pyfunc: [3, 6],
    copy: ['1', true],
    stage: true,
    found: [['of the client'], [1, 2]],
    aliases: {},
  });
  const list = await tracker.get('/models');
  expect([list.body.includes('of the client'), await faultsOf(list.body)]).toEqual([true, []]);
});
