// tests/lint/tracked-files.ts
// Purpose: every file of ours in the repository, also the new ones that are not committed yet.
// Why: house rules hold for what git would take, not for installed packages, data or fixtures.
// Relevant files: tests/lint/headers.test.ts, tests/lint/circles.test.ts

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../shared/lint/paths.js';

const NOT_OURS = /^(?:tests\/fixtures|shared\/static\/vendor|shared\/db\/migrations)\//;
const TEXT = /(?:^|\/)[^.]+$|\.(?:[cm]?[jt]s|css|html|sh|py|md|json|yml|yaml)$/;

export function trackedFiles(): { file: string; text: string }[] {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', listing, { cwd: projectRoot, encoding: 'utf8' })
    .split('\0')
    .filter((file) => TEXT.test(file) && !NOT_OURS.test(file) && existsSync(path.join(projectRoot, file)))
    .map((file) => ({ file, text: readFileSync(path.join(projectRoot, file), 'utf8') }));
}
