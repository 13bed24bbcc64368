// tests/lint/rule-tester.ts
// Purpose: ESLint's RuleTester as vitest tests, with the TypeScript parser and file names of this project.
// Why: the rules judge by where a file lies, so each case says its path from the root.
// Relevant files: tests/lint/header-comment.test.ts, tests/lint/import-direction.test.ts, tests/lint/no-raw-status.test.ts

import path from 'node:path';
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { projectRoot } from '../../shared/lint/paths.js';

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

export const tester = new RuleTester({
  languageOptions: { parser: tseslint.parser },
});

/** An absolute path, as ESLint gives it to a rule. */
export function at(file: string): string {
  return path.join(projectRoot, file);
}
