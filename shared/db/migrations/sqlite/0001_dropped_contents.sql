-- shared/db/migrations/sqlite/0001_dropped_contents.sql
-- Purpose: the contents that artifacts lost, for the sweep; made by drizzle-kit, WITHOUT ROWID added by hand.
-- Why: the sweep must remove nothing but what this database itself let go.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, runs/artifacts/artifact-sweep.ts
CREATE TABLE `dropped_contents` (
	`sha256` text PRIMARY KEY NOT NULL,
	`dropped_at` integer NOT NULL
) WITHOUT ROWID;
