// tests/lint/header-comment.test.ts
// Purpose: the rule header-comment: which first lines of a script are accepted, what is said about others.
// Why: the message must tell a newcomer how to write the header.
// Relevant files: shared/lint/header-comment.js, shared/lint/header.js

import { headerComment } from '../../shared/lint/header-comment.js';
import { at, tester } from './rule-tester.ts';

const GOOD = ['// runs/x.ts', '// Purpose: a thing.', '// Why: a reason.', '// Relevant files: package.json'];

/** The good header with one line (from 0) replaced. */
function withLine(index: number, line: string): string {
  return [...GOOD.with(index, line), '', 'export {};'].join('\n');
}

tester.run('header-comment', headerComment, {
  valid: [
    { name: 'the four lines', code: [...GOOD, '', 'export {};'].join('\n'), filename: at('runs/x.ts') },
    { name: 'Windows line ends', code: [...GOOD, '', 'export {};'].join('\r\n'), filename: at('runs/x.ts') },
    { name: 'after #!', code: ['#!/usr/bin/env node', ...GOOD, ''].join('\n'), filename: at('runs/x.ts') },
    { name: 'nothing but the header', code: GOOD.join('\n'), filename: at('runs/x.ts') },
    {
      name: 'several relevant files, and folders',
      code: withLine(3, '// Relevant files: package.json, shared/lint/header.js, tests/lint'),
      filename: at('runs/x.ts'),
    },
    {
      name: 'a doc comment after the blank line',
      code: [...GOOD, '', '// Further words.'].join('\n'),
      filename: at('runs/x.ts'),
    },
  ],
  invalid: [
    {
      name: 'no header: each missing line is named',
      code: 'export {};',
      filename: at('runs/x.ts'),
      errors: [
        { message: "Line 1 of the header must be the file's own path: runs/x.ts", line: 1 },
        { message: 'Line 2 of the header must be "Purpose: …" in the same comment', line: 2 },
        { message: 'Line 3 of the header must be "Why: …" in the same comment', line: 3 },
        { message: 'Line 4 of the header must be "Relevant files: …" in the same comment', line: 4 },
      ],
    },
    {
      name: 'a moved file',
      code: [...GOOD, ''].join('\n'),
      filename: at('tags/x.ts'),
      errors: [{ message: "Line 1 of the header must be the file's own path: tags/x.ts", line: 1 }],
    },
    {
      name: 'an empty purpose',
      code: withLine(1, '// Purpose: '),
      filename: at('runs/x.ts'),
      errors: [{ message: 'Line 2 of the header must be "Purpose: …" in the same comment', line: 2 }],
    },
    {
      name: 'another label',
      code: withLine(2, '// Reason: it is so.'),
      filename: at('runs/x.ts'),
      errors: [{ message: 'Line 3 of the header must be "Why: …" in the same comment', line: 3 }],
    },
    {
      name: 'a relevant file that is not there',
      code: withLine(3, '// Relevant files: package.json, runs/gone.ts'),
      filename: at('runs/x.ts'),
      errors: [
        {
          message: 'Relevant files names "runs/gone.ts", which is not there: give paths from the root, comma-separated',
          line: 4,
        },
      ],
    },
    {
      name: 'a fifth comment line, counted after #!',
      code: ['#!/usr/bin/env node', ...GOOD, '// and more'].join('\n'),
      filename: at('runs/x.ts'),
      errors: [{ message: 'The header has four lines; leave a blank line after it and comment further down', line: 6 }],
    },
    {
      name: 'a block comment',
      code: '/* runs/x.ts\n Purpose: a.\n Why: b.\n Relevant files: package.json */',
      filename: at('runs/x.ts'),
      errors: 4,
    },
  ],
});
