// shared/lint/paths.js
// Purpose: file paths as the house speaks of them: from the project's root, with forward slashes.
// Why: headers and import rules name files the same way on every machine.
// Relevant files: shared/lint/header-comment.js, shared/lint/import-direction.js

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @param {string} file absolute path
 * @returns {string} e.g. `runs/ingest.ts`; begins with `../` for a file outside the project
 */
export function fromRoot(file) {
  return path.relative(projectRoot, file).split(path.sep).join('/');
}
