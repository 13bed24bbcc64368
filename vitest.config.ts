// vitest.config.ts
// Purpose: which tests there are, on which engine, and how many run at once.
// Why: the contract runs on both engines; tests start real servers and browsers, and more workers than cores only make them time out.
// Relevant files: shared/setup/test.js, shared/setup/longest-first.ts, shared/setup/test-engines.ts, tests/support/postgres-server.ts, tests/support/on-postgres.ts, tests/support/patient.ts

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './shared/setup/longest-first.ts';
import { POSTGRES_ONLY, SQLITE_ONLY } from './shared/setup/test-engines.ts';

const PATIENT = 'tests/support/patient.ts';

const common = {
  include: ['tests/**/*.test.ts'],
  pool: 'forks',
  // No timing decides a test: what ends at once on a quiet machine took minutes on a busy one. These only end what hangs.
  testTimeout: 1_200_000,
  hookTimeout: 1_200_000,
  expect: { poll: { timeout: 120_000 } },
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'sqlite',
          include: [...common.include],
          exclude: POSTGRES_ONLY,
          setupFiles: [PATIENT],
        },
      },
      {
        test: {
          ...common,
          name: 'postgres',
          include: [...common.include],
          exclude: SQLITE_ONLY,
          setupFiles: [PATIENT, 'tests/support/on-postgres.ts'],
          globalSetup: ['tests/support/postgres-server.ts'],
        },
      },
    ],
  },
});
