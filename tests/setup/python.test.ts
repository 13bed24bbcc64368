// tests/setup/python.test.ts
// Purpose: a virtual environment is made once for each list of packages, and a failed installation leaves nothing.
// Why: half an environment that is used as if it were whole fails tests for no reason that anybody finds.
// Relevant files: shared/setup/python.js, shared/setup/mlflow.js, shared/setup/s3-server.js

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SetupError } from '../../shared/setup/ensure.js';
import { ensureMlflow } from '../../shared/setup/mlflow.js';
import { ensurePython } from '../../shared/setup/python.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tracker-python-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function environment(lines: string): Parameters<typeof ensurePython>[0] {
  const packages = path.join(folder, 'some.txt');
  writeFileSync(packages, lines);
  return { packages, what: 'nothing', duration: 'no time', cache: path.join(folder, 'cache') };
}

it('makes an environment once, and another one for another list', () => {
  const python = ensurePython(environment('# one\n'));
  const prefix = execFileSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).trim();
  expect(python.startsWith(prefix)).toBe(true);
  const made = statSync(path.dirname(python)).ctimeMs;
  expect(ensurePython(environment('# one\n'))).toBe(python);
  expect(statSync(path.dirname(python)).ctimeMs).toBe(made);
  expect(ensurePython(environment('# two\n'))).not.toBe(python);
});

it('says that packages cannot be installed, and keeps nothing of them', () => {
  const before = readdirSync(path.join(folder, 'cache', 'some'));
  expect(() => ensurePython(environment('./not-there\n'))).toThrow(SetupError);
  expect(readdirSync(path.join(folder, 'cache', 'some'))).toEqual(before);
});

it('has the version of MLflow that its list names', () => {
  const version = 'from importlib.metadata import version; print(version("mlflow"), version("scikit-learn"))';
  expect(execFileSync(ensureMlflow(), ['-c', version], { encoding: 'utf8' })).toBe('3.17.2 1.9.1\n');
});
