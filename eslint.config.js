// eslint.config.js
// Purpose: what the code is checked for, besides types (tsc) and layout (prettier).
// Why: promises left alone, any, raw statuses and wrong-way imports are found while typing, not in production.
// Relevant files: shared/lint/header-comment.js, shared/lint/import-direction.js, shared/lint/no-raw-status.js

import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { headerComment } from './shared/lint/header-comment.js';
import { importDirection } from './shared/lint/import-direction.js';
import { noRawStatus } from './shared/lint/no-raw-status.js';
import { projectRoot } from './shared/lint/paths.js';

const house = {
  rules: { 'header-comment': headerComment, 'import-direction': importDirection, 'no-raw-status': noRawStatus },
};

export default defineConfig(
  globalIgnores(['data/', 'coverage/', 'tests/fixtures/', 'shared/static/vendor/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: projectRoot } },
    plugins: { house },
    rules: {
      'house/header-comment': 'error',
      'house/import-direction': 'error',
      'house/no-raw-status': 'error',
      eqeqeq: 'error',
      'no-undef': 'off', // tsc knows better
      'no-console': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      // app.register(…) and reply.send(…) return thenables for chaining; only real promises must not be left alone.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Fastify plugins and query functions are async by contract, also when they await nothing.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-function-return-type': [
        'error',
        { allowExpressions: true, allowTypedFunctionExpressions: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    // These rules do not see JSDoc casts; tsc checks the scripts' types.
    files: ['**/*.js'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // The builders' types are Drizzle's, longer than the code; they are inferred on purpose.
    files: ['shared/db/columns.ts'],
    rules: {
      '@typescript-eslint/explicit-function-return-type': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
