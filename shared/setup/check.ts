// shared/setup/check.ts
// Purpose: `manage.ts check`: tests, ESLint, types and layout; ends with `N passed, N failed`.
// Why: what the CI will say can be known before pushing, also where there is no bash.
// Relevant files: manage.ts, .ci/run, shared/setup/run-tests.js, tests/setup/check.test.ts

import { execFile } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './root.js';
import { runTests } from './run-tests.js';

/** The same as in .ci/run; tests/setup/check.test.ts compares them. */
export const CHECKS = [
  ['eslint', '.'],
  ['tsc', '--noEmit'],
  ['tsc', '--noEmit', '-p', 'shared/static'],
  ['prettier', '--check', '.'],
] as const;

type Check = (typeof CHECKS)[number];

/** Where the packages keep the programs that `npx` would start. */
const PROGRAMS: Record<Check[0], string> = {
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  prettier: 'prettier/bin/prettier.cjs',
};

/** Sets the exit code to 1 when anything failed. */
export async function checkCommand(withTests: boolean): Promise<void> {
  const tests = withTests ? await runTests([]) : { passed: 0, failed: 0 };
  const results = await Promise.all(CHECKS.map(runCheck));
  const failed = tests.failed + results.filter((isFine) => !isFine).length;
  console.log(`${tests.passed + results.filter(Boolean).length} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runCheck([name, ...args]: Check): Promise<boolean> {
  const program = path.join(projectRoot, 'node_modules', PROGRAMS[name]);
  const options = { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const [isFine, said] = await new Promise<[boolean, string]>((resolve) => {
    execFile(process.execPath, [program, ...args], options, (error, out, err) => resolve([!error, out + err]));
  });
  console.log(`${isFine ? 'ok     ' : 'FAILED '} ${name} ${args.join(' ')}`);
  if (!isFine) console.log(said);
  return isFine;
}
