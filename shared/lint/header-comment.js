// shared/lint/header-comment.js
// Purpose: ESLint rule: every script starts with the 4-line header (path, Purpose, Why, Relevant files).
// Why: a stranger sees at the top of a file what it is for and where to look next.
// Relevant files: shared/lint/header.js, eslint.config.js, tests/lint/header-comment.test.ts

import { headerProblems } from './header.js';
import { fromRoot } from './paths.js';

/** @type {import('eslint').Rule.RuleModule} */
export const headerComment = {
  meta: {
    type: 'problem',
    docs: { description: 'require the 4-line header comment' },
    messages: { wrong: '{{ message }}' },
    schema: [],
  },
  create(context) {
    return {
      Program() {
        for (const { line, message } of headerProblems(fromRoot(context.filename), context.sourceCode.text)) {
          context.report({ loc: { line, column: 0 }, messageId: 'wrong', data: { message } });
        }
      },
    };
  },
};
