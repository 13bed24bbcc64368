// shared/setup/run-tests.js
// Purpose: sees to packages, browser, S3 server, MLflow and LaTeX, runs vitest, and ends with the line `N passed, N failed`.
// Why: apart from test.js, which must stay readable for an old Node.
// Relevant files: shared/setup/test.js, shared/setup/tally.js, shared/setup/ensure.js, shared/setup/browser.js, shared/setup/s3-server.js, shared/setup/mlflow.js, shared/setup/latex.js

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBrowser } from './browser.js';
import { ensureInstalled } from './ensure.js';
import { ensureLatex } from './latex.js';
import { ensureMlflow } from './mlflow.js';
import { projectRoot } from './root.js';
import { ensureS3Server } from './s3-server.js';
import { readTally } from './tally.js';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @type {(args: string[]) => Promise<void>} args: passed on to vitest */
export async function test(args) {
  const { passed, failed, skipped } = await runTests(args);
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

/** @type {(args: string[]) => Promise<Tally>} */
export async function runTests(args) {
  ensureInstalled();
  const browser = ensureBrowser();
  ensureS3Server();
  ensureMlflow();
  ensureLatex();
  const folder = mkdtempSync(path.join(tmpdir(), 'tracker-tests-'));
  try {
    const report = path.join(folder, 'report.json');
    const exitCode = await vitest(args, report, { ...process.env, CHROME_PATH: browser });
    return readTally(report, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @type {(args: string[], report: string, env: NodeJS.ProcessEnv) => Promise<number>} its exit code, 1 when it was killed */
function vitest(args, report, env) {
  const script = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, 'run', ...flags, ...args], {
      cwd: projectRoot,
      env,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
