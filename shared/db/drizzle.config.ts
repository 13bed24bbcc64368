// shared/db/drizzle.config.ts
// Purpose: tells drizzle-kit where the models are and where the SQLite migrations go.
// Why: `npx drizzle-kit generate --config shared/db/drizzle.config.ts` is the one way a table changes.
// Relevant files: shared/db/migrate.ts, experiments/models.ts, runs/models.ts, tags/models.ts, exports/models.ts

import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './*/models.ts',
  out: './shared/db/migrations/sqlite',
});
