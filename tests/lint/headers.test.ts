// tests/lint/headers.test.ts
// Purpose: every source file of the repository has its header, also styles, templates and shell scripts.
// Why: ESLint sees scripts only.
// Relevant files: shared/lint/header.js, shared/lint/header-comment.js, tests/lint/tracked-files.ts

import { describe, expect, it } from 'vitest';
import { headerProblems, needsHeader } from '../../shared/lint/header.js';
import { trackedFiles } from './tracked-files.ts';

describe('the header of every source file', () => {
  it('is there and names files that exist', () => {
    const withHeader = trackedFiles().filter(({ file, text }) => needsHeader(file, text));
    expect(withHeader.length).toBeGreaterThan(20);
    const problems = withHeader.flatMap(({ file, text }) =>
      headerProblems(file, text).map(({ line, message }) => `${file}:${line} ${message}`),
    );
    expect(problems).toEqual([]);
  });
});

describe('headers in other languages', () => {
  const there = (): boolean => true;

  it.each([
    [
      'shared/static/app.css',
      '/* shared/static/app.css\n   Purpose: a.\n   Why: b.\n   Relevant files: c */\n\nbody {}',
    ],
    ['shared/static/app.css', '/* shared/static/app.css\n * Purpose: a.\n * Why: b.\n * Relevant files: c */\n'],
    ['runs/templates/run.html', '{# runs/templates/run.html\n   Purpose: a.\n   Why: b.\n   Relevant files: c #}\n<p>'],
    ['.ci/run', '#!/usr/bin/env bash\n# .ci/run\n# Purpose: a.\n# Why: b.\n# Relevant files: c\n\nset -e'],
    [
      'clients/python/tracker.py',
      '# clients/python/tracker.py\n# Purpose: a.\n# Why: b.\n# Relevant files: c\n\nimport os',
    ],
  ])('%s is accepted', (file, text) => {
    expect(needsHeader(file, text)).toBe(true);
    expect(headerProblems(file, text, there)).toEqual([]);
  });

  it.each([
    ['a comment that goes on after line four', '{# a.html\nPurpose: a.\nWhy: b.\nRelevant files: c\nmore #}', 4],
    ['a comment a line', '{# a.html #}\n{# Purpose: a. #}\n{# Why: b. #}\n{# Relevant files: c #}', 1],
    ['a template that starts with its code', '{% extends "base.html" %}\n', 1],
  ])('%s is refused', (_what, text, line) => {
    expect(headerProblems('a.html', text, there).map((problem) => problem.line)).toContain(line);
  });

  it('is not asked of data, documents and settings', () => {
    expect(['README.md', 'package.json', 'LICENSE', 'a.sql'].filter((file) => needsHeader(file, 'text'))).toEqual([]);
  });
});
