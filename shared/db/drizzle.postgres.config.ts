// shared/db/drizzle.postgres.config.ts
// Purpose: the same for PostgreSQL: drizzle-kit reads the models as PostgreSQL tables.
// Why: `npx drizzle-kit generate --config shared/db/drizzle.postgres.config.ts`, after the one for SQLite, keeps both folders in step.
// Relevant files: shared/db/drizzle.config.ts, shared/db/migrations.ts, shared/db/columns.ts

import { defineConfig } from 'drizzle-kit';

// The models are bound to an engine by this when they are imported, which is after this file.
process.env['DATABASE_URL'] = 'postgres://generate';

export default defineConfig({
  dialect: 'postgresql',
  schema: './*/models.ts',
  out: './shared/db/migrations/postgres',
});
