// tests/nightly/vitest.config.ts
// Purpose: the tests that `npm run test:nightly` runs, and `npm test` does not.
// Why: they install gigabytes; what they show changes with other projects' releases, not with ours.
// Relevant files: tests/nightly/loggers.nightly.ts, vitest.config.ts, package.json

import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/nightly/*.nightly.ts'], pool: 'forks' } });
