// vitest.config.ts
// Purpose: which tests there are, and how many run at once.
// Why: the tests start real servers and browsers; more workers than cores only make them time out.
// Relevant files: shared/setup/test.js, package.json

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
