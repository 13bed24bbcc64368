// shared/lint/header.js
// Purpose: says what is wrong with the first four lines of a source file, in any of our languages.
// Why: ESLint parses only scripts, but styles, templates and shell files carry the same header.
// Relevant files: shared/lint/header-comment.js, tests/lint/headers.test.ts

import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './paths.js';

const SLASHES = { first: /^\/\/ (.+)$/, next: /^\/\/ (.+)$/, last: /^\/\/ (.+)$/ };
const HASHES = { first: /^# (.+)$/, next: /^# (.+)$/, last: /^# (.+)$/ };
const STYLE = { first: /^\/\* (.+)$/, next: /^ *\*? *(.+)$/, last: /^ *\*? *(.+?) *\*\/$/ };
const TEMPLATE = { first: /^\{#-? (.+)$/, next: /^ *(.+)$/, last: /^ *(.+?) *-?#\}$/ };

/** @type {Record<string, typeof SLASHES>} */
const FORMS = {
  '.ts': SLASHES,
  '.js': SLASHES,
  '.cjs': SLASHES,
  '.mjs': SLASHES,
  '.sh': HASHES,
  '.py': HASHES,
  '.css': STYLE,
  '.html': TEMPLATE,
};

const LABELS = ['Purpose: ', 'Why: ', 'Relevant files: '];

/**
 * @param {string} file path from the project's root
 * @param {string} text the whole file, or at least its first lines
 * @returns {boolean} whether the house asks for a header in this file
 */
export function needsHeader(file, text) {
  return path.extname(file) in FORMS || (path.extname(file) === '' && text.startsWith('#!'));
}

/**
 * @param {string} file path from the project's root, with forward slashes
 * @param {string} text the whole file, or at least its first six lines
 * @param {(file: string) => boolean} [exists] whether a path from the root is there
 * @returns {{ line: number, message: string }[]} nothing when all is well; lines count from 1
 */
export function headerProblems(file, text, exists = (named) => existsSync(path.join(projectRoot, named))) {
  const form = FORMS[path.extname(file)] ?? HASHES;
  const lines = text.split(/\r?\n/, 6);
  const skipped = lines[0]?.startsWith('#!') ? 1 : 0;
  const [first = '', ...rest] = lines.slice(skipped);
  /** @type {{ line: number, message: string }[]} */
  const problems = [];
  /** @type {(index: number, message: string) => void} */
  const say = (index, message) => void problems.push({ line: index + 1 + skipped, message });

  if (form.first.exec(first)?.[1] !== file) say(0, `Line 1 of the header must be the file's own path: ${file}`);
  LABELS.forEach((label, index) => {
    const pattern = index === LABELS.length - 1 ? form.last : form.next;
    const said = pattern.exec(rest[index] ?? '')?.[1] ?? '';
    const value = said.startsWith(label) ? said.slice(label.length).trim() : '';
    if (value === '') say(index + 1, `Line ${index + 2} of the header must be "${label}…" in the same comment`);
    else if (label === 'Relevant files: ') missing(value, exists).forEach((message) => say(index + 1, message));
  });
  if (problems.length === 0 && form !== STYLE && form !== TEMPLATE && form.next.test(rest[3] ?? '')) {
    say(4, 'The header has four lines; leave a blank line after it and comment further down');
  }
  return problems;
}

/** @type {(list: string, exists: (file: string) => boolean) => string[]} */
function missing(list, exists) {
  return list
    .split(',')
    .map((named) => named.trim())
    .filter((named) => named === '' || !exists(named))
    .map((named) => `Relevant files names "${named}", which is not there: give paths from the root, comma-separated`);
}
