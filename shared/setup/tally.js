// shared/setup/tally.js
// Purpose: counts passed and failed tests in vitest's JSON report.
// Why: a file that could not even be read has no failed test in it, but is a failure all the same.
// Relevant files: shared/setup/run-tests.js, tests/setup/tally.test.ts

import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ status: string, assertionResults: { status: string }[] }} FileReport */

/**
 * @param {string} report path of the JSON report; may be missing when vitest broke down
 * @param {number} exitCode vitest's own
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function readTally(report, exitCode) {
  const files = existsSync(report) ? filesIn(report) : [];
  const states = files.flatMap((file) => file.assertionResults.map((test) => test.status));
  const passed = states.filter((state) => state === 'passed').length;
  const failedTests = states.filter(isFailed).length;
  const failed = failedTests + files.filter(didNotRun).length;
  const skipped = states.length - passed - failedTests;
  // An error outside any test, or no tests at all, is known by the exit code only.
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** vitest's word, not a run's. @type {(state: string) => boolean} */
function isFailed(state) {
  return state === 'failed';
}

/** @type {(file: FileReport) => boolean} */
function didNotRun(file) {
  return isFailed(file.status) && !file.assertionResults.some((test) => isFailed(test.status));
}

/** @type {(report: string) => FileReport[]} */
function filesIn(report) {
  return /** @type {{ testResults: FileReport[] }} */ (JSON.parse(readFileSync(report, 'utf8'))).testResults;
}
