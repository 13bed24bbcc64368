// vitest.config.ts
// Purpose: which tests there are, on which engine, and how many run at once.
// Why: the contract runs on both engines; tests start real servers and browsers, and more workers than cores only make them time out.
// Relevant files: shared/setup/test.js, shared/setup/test-engines.ts, tests/support/postgres-server.ts, tests/support/on-postgres.ts, package.json

import { defineConfig } from 'vitest/config';
import { POSTGRES_ONLY, SQLITE_ONLY } from './shared/setup/test-engines.ts';

const common = {
  include: ['tests/**/*.test.ts'],
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // A busy machine takes longer than the default second; no timing decides a test.
  expect: { poll: { timeout: 20_000 } },
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'sqlite', include: [...common.include], exclude: POSTGRES_ONLY } },
      {
        test: {
          ...common,
          name: 'postgres',
          include: [...common.include],
          exclude: SQLITE_ONLY,
          setupFiles: ['tests/support/on-postgres.ts'],
          globalSetup: ['tests/support/postgres-server.ts'],
        },
      },
    ],
  },
});
