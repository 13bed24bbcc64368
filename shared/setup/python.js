// shared/setup/python.js
// Purpose: makes a virtual environment of Python from a file of pinned packages, once, in the packages' cache.
// Why: tests run against real servers and clients from PyPI; a missing one is installed or said, never skipped over.
// Relevant files: shared/setup/s3-server.js, shared/setup/mlflow.js, tests/setup/python.test.ts

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './ensure.js';
import { projectRoot } from './root.js';

const CACHE = path.join(projectRoot, 'node_modules', '.cache');
const HELP = 'Install python3 (3.11 or newer) with its venv module, then run npm test again.';

/**
 * `cache`: another place to keep environments in.
 * @typedef {{ packages: string, what: string, duration: string, cache?: string }} Environment
 */

/**
 * Another list of packages is another environment: what is in one never changes.
 * @type {(environment: Environment) => string} the Python in it
 */
export function ensurePython(environment) {
  const { packages, cache = CACHE } = environment;
  const hash = createHash('sha256').update(readFileSync(packages)).digest('hex').slice(0, 16);
  const folder = path.join(cache, path.basename(packages, '.txt'), hash);
  if (!existsSync(pythonIn(folder))) install(folder, environment);
  return pythonIn(folder);
}

/** @type {(folder: string) => string} */
function pythonIn(folder) {
  return path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
}

/**
 * Made beside its place and moved there: two that install at once do not meet, and half an installation is not used.
 * @type {(folder: string, environment: Environment) => void}
 */
function install(folder, { packages, what, duration }) {
  console.log(`Installing ${what} for the tests (into node_modules/.cache), about ${duration} …`);
  const part = `${folder}.${process.pid}`;
  mkdirSync(path.dirname(folder), { recursive: true });
  if (!makeEnvironment(part)) {
    installPython(what);
    if (!makeEnvironment(part)) throw new SetupError(`A virtual environment of Python could not be made. ${HELP}`);
  }
  // Most of the modules are never imported: compiling all of them takes as long as installing them.
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '-r', packages];
  if (!runs(pythonIn(part), pip)) {
    rmSync(part, { recursive: true, force: true });
    throw new SetupError(`Could not install ${what} for the tests from PyPI; see above. ${HELP}`);
  }
  try {
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(pythonIn(folder))) throw error;
  }
}

/** @type {(folder: string) => boolean} */
function makeEnvironment(folder) {
  rmSync(folder, { recursive: true, force: true });
  return ['python3', 'python'].some((python) => runs(python, ['-m', 'venv', folder]));
}

/** @type {(what: string) => void} */
function installPython(what) {
  if (!existsSync('/usr/bin/apt-get')) throw new SetupError(`The tests need a Python with venv. ${HELP}`);
  console.log(`Installing Python for ${what} (apt-get install python3-venv) …`);
  const [command, before] = process.getuid?.() === 0 ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
  runs(command, [...before, 'update']);
  if (!runs(command, [...before, 'install', '-y', '--no-install-recommends', 'python3', 'python3-venv']))
    throw new SetupError(`Python could not be installed. ${HELP}`);
}

/** @type {(command: string, args: string[]) => boolean} */
function runs(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}
