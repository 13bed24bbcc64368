// shared/setup/ensure.js
// Purpose: makes node_modules match package-lock.json and this Node, and says what it does.
// Why: when all is in place, looking costs a few milliseconds; when not, nobody has to know npm.
// Relevant files: shared/setup/run.js, shared/setup/run-tests.js, shared/setup/installed.js

import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { bindingIsThere, isStamped, packagesMatchLock, writeStamp } from './installed.js';
import { projectRoot } from './root.js';

/** Its message is for the person at the terminal; no stack trace. */
export class SetupError extends Error {
  plain = true;
}

/** @type {(root?: string) => void} root: the folder with package.json and package-lock.json */
export function ensureInstalled(root = projectRoot) {
  if (isStamped(root) && bindingIsThere(root)) return;
  if (!packagesMatchLock(root)) {
    console.log('Installing packages (npm ci). The first time takes about a minute and a half …');
    npm(root, ['ci', '--include=dev', '--no-audit', '--no-fund'], 'The packages could not be installed');
  }
  if (!bindingLoads(root)) {
    console.log(`Building better-sqlite3 for Node ${process.versions.node} (npm rebuild), about a minute …`);
    npm(root, ['rebuild', 'better-sqlite3'], 'better-sqlite3 could not be built');
    if (!bindingLoads(root)) throw new SetupError(`better-sqlite3 does not load, even newly built. ${BUILD_NEEDS}`);
  }
  writeStamp(root);
}

const BUILD_NEEDS = 'It is compiled on this machine and needs python3, make and a C++ compiler.';

/** @type {(root: string, args: string[], failure: string) => void} */
function npm(root, args, failure) {
  refuseReadOnly(root);
  // npm tells its scripts where it is; on Windows its name alone cannot be started without a shell.
  const cli = process.env['npm_execpath'] ?? '';
  const [command, before] = /npm-cli\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...before, ...args], { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  const how = error ? error.message : `npm ended with ${status ?? 'a signal'}`;
  throw new SetupError(
    `${failure}: ${how}. See above; check the network and the disk, then try again. On better-sqlite3: ${BUILD_NEEDS}`,
  );
}

/** @type {(root: string) => void} */
function refuseReadOnly(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new SetupError(
      `Packages must be installed, but the folder ${path.resolve(root)} is read-only: make it writable, or copy the tracker elsewhere.`,
    );
  }
}

/** In a process of its own: a library that was loaded once cannot be replaced. @type {(root: string) => boolean} */
function bindingLoads(root) {
  try {
    const script = "new (require('better-sqlite3'))(':memory:').close()";
    execFileSync(process.execPath, ['-e', script], { cwd: root, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
