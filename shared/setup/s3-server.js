// shared/setup/s3-server.js
// Purpose: installs moto's S3 server for the tests into a virtual environment of its own, in the packages' cache.
// Why: artifacts in S3 are tested on a real server with real multipart uploads; a missing one is installed or said.
// Relevant files: shared/setup/run-tests.js, shared/setup/s3-server.txt, tests/support/s3.ts

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './ensure.js';
import { projectRoot } from './root.js';

const CACHE = path.join(projectRoot, 'node_modules', '.cache', 's3-server');
const PACKAGES = fileURLToPath(new URL('./s3-server.txt', import.meta.url));
const HELP = 'Install python3 (3.10 or newer) with its venv module, then run npm test again.';

/** @type {() => string} the Python that runs it: `python -m moto.server` */
export function ensureS3Server() {
  const hash = createHash('sha256').update(readFileSync(PACKAGES)).digest('hex').slice(0, 16);
  const folder = path.join(CACHE, hash);
  if (!existsSync(pythonIn(folder))) install(folder);
  return pythonIn(folder);
}

/** @type {(folder: string) => string} */
function pythonIn(folder) {
  return path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
}

/** Made beside its place and moved there: two that install at once do not meet, and half an installation is not used. */
/** @type {(folder: string) => void} */
function install(folder) {
  console.log('Installing an S3 server for the tests (moto, into node_modules/.cache), about half a minute …');
  const part = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  if (!makeEnvironment(part)) {
    installPython();
    if (!makeEnvironment(part)) throw new SetupError(`A virtual environment of Python could not be made. ${HELP}`);
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', PACKAGES];
  if (!runs(pythonIn(part), pip)) {
    rmSync(part, { recursive: true, force: true });
    throw new SetupError('The S3 server for the tests could not be installed from PyPI; see above.');
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

function installPython() {
  if (!existsSync('/usr/bin/apt-get')) throw new SetupError(`The tests need a Python with venv. ${HELP}`);
  console.log('Installing Python for the S3 server of the tests (apt-get install python3-venv) …');
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
