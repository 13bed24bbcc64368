// tests/setup/check.test.ts
// Purpose: `manage.ts check` and the CI script check the same things, and the CI script fails when one fails.
// Why: two lists drift apart unless something compares them.
// Relevant files: shared/setup/check.ts, .ci/run

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../shared/setup/check.ts';
import { projectRoot } from '../../shared/setup/root.js';

const script = path.join(projectRoot, '.ci/run');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ci test '));
  mkdirSync(path.join(folder, '.ci'));
  mkdirSync(path.join(folder, 'bin'));
  copyFileSync(script, path.join(folder, '.ci/run'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script in a project whose `npm` and `npx` are these shell lines. */
function ciWith(npm: string, npx: string): { code: number | null; last: string | undefined; said: string } {
  for (const [name, lines] of Object.entries({ npm, npx })) {
    writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${lines}\n`);
    chmodSync(path.join(folder, 'bin', name), 0o755);
  }
  const env = { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
  const { status, stdout } = spawnSync(path.join(folder, '.ci/run'), { encoding: 'utf8', env, cwd: tmpdir() });
  return { code: status, last: stdout.trim().split('\n').at(-1), said: stdout };
}

it('both run the same checks', () => {
  const listed = /^commands=\((.*)\)$/m.exec(readFileSync(script, 'utf8'))?.[1];
  expect(listed).toBe(CHECKS.map((check) => `'npx ${check.join(' ')}'`).join(' '));
});

it('adds the checks to the tests', () => {
  const { code, last } = ciWith('echo "12 passed, 0 failed"; echo "npm notice a new version" >&2', 'exit 0');
  expect({ code, last }).toEqual({ code: 0, last: '16 passed, 0 failed' });
});

it('counts and shows each failing check', () => {
  const { code, last, said } = ciWith(
    'echo "12 passed, 0 failed"',
    '[ "$1" != tsc ] || { echo "no such type"; exit 2; }',
  );
  expect({ code, last }).toEqual({ code: 1, last: '14 passed, 2 failed' });
  expect(said).toContain('FAILED  npx tsc --noEmit -p shared/static\nno such type');
});

it('fails with failing tests', () => {
  const { code, last } = ciWith('echo "11 passed, 1 failed"; exit 1', 'exit 0');
  expect({ code, last }).toEqual({ code: 1, last: '15 passed, 1 failed' });
});

it('fails when the tests could not even begin', () => {
  const { code, last } = ciWith('echo "Packages could not be installed" >&2; exit 1', 'exit 0');
  expect({ code, last }).toEqual({ code: 1, last: '4 passed, 1 failed' });
});
