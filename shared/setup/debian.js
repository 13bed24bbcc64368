// shared/setup/debian.js
// Purpose: installs packages of Debian-like systems that the tests need and that are not there.
// Why: a fresh clone needs one command; what is missing is installed or said, never skipped over.
// Relevant files: shared/setup/browser.js, shared/setup/latex.js

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SetupError } from './ensure.js';

/** @type {(packages: string[], what: string, help: string) => void} */
export function installDebian(packages, what, help) {
  if (!existsSync('/usr/bin/apt-get')) throw new SetupError(`The tests need ${what}, which is not here. ${help}`);
  console.log(`Installing ${what} for the tests (apt-get install ${packages.join(' ')}) …`);
  const isRoot = process.getuid?.() === 0;
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const [command, before] = isRoot ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status } = spawnSync(command, [...before, ...args], { stdio: 'inherit', env });
    // An update may fail for one source of several; what counts is whether the installation works.
    if (status !== 0 && args[0] === 'install') throw new SetupError(`${what} could not be installed. ${help}`);
  }
}
