// runs/artifacts/artifact-path.ts
// Purpose: which names an artifact may have.
// Why: a name is what the user sees, downloads and gets in an archive: it must mean one file on every system.
// Relevant files: runs/artifacts/artifact-routes.ts, runs/artifacts/artifact-queries.ts

import { badField } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';

/** Why `path` cannot name an artifact, or undefined when it can. */
export function pathMistake(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path.length > LIMITS.key) return `must have at most ${LIMITS.key} characters`;
  if (!path.isWellFormed() || path.includes('\0')) return 'must be valid Unicode without NUL characters';
  if (path.includes('\\')) return 'must not hold a backslash; folders are separated by /';
  if (path.startsWith('/')) return 'must not start with /';
  const segments = path.split('/');
  if (segments.includes('')) return 'must not have empty segments';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'must not have . or .. as a segment';
  return undefined;
}

export function checkPath(path: string): string {
  const mistake = pathMistake(path);
  if (mistake) throw badField('path', mistake);
  return path;
}

/** `a/b/c` lies in `a` and `a/b`. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
