// tests/setup/tally.test.ts
// Purpose: the counting behind the last line of `npm test`, from reports that vitest itself writes.
// Why: a wrong count would hide failures from people and from the CI.
// Relevant files: shared/setup/tally.js, shared/setup/run-tests.js

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../shared/setup/root.js';
import { readTally } from '../../shared/setup/tally.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tally test '));
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest on one file with this text and counts its report. */
function tallyOf(name: string, text: string): ReturnType<typeof readTally> {
  const root = path.join(folder, name);
  mkdirSync(root);
  writeFileSync(path.join(root, 'x.test.js'), `import { expect, it } from 'vitest';\n${text}`);
  const report = path.join(root, 'report.json');
  const vitest = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', root, '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
  return readTally(report, status ?? 1);
}

it('counts what passed, failed and was skipped', () => {
  const text = `it('a', () => expect(1).toBe(1)); it('b', () => expect(1).toBe(2)); it.skip('c', () => {});`;
  expect(tallyOf('mixed', text)).toEqual({ passed: 1, failed: 1, skipped: 1 });
});

it('counts a file that cannot be loaded as one failure', () => {
  expect(tallyOf('broken', `import './not-there.js'; it('a', () => {});`)).toMatchObject({ passed: 0, failed: 1 });
});

it('counts an error outside the tests as a failure, though every test passed', () => {
  const text = `setTimeout(() => { throw new Error('stray'); }, 0); it('a', () => new Promise((done) => setTimeout(done, 50)));`;
  expect(tallyOf('stray', text)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

it('counts no report at all as a failure', () => {
  expect(readTally(path.join(folder, 'none.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
