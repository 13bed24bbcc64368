-- shared/db/migrations/postgres/0002_open_runs.sql
-- Purpose: the index of open runs by three columns; made by drizzle-kit.
-- Why: the same tables as SQLite has after 0005_open_runs.
-- Relevant files: shared/db/migrations.ts, runs/models.ts, shared/db/migrations/sqlite/0005_open_runs.sql
DROP INDEX "runs_open";--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("experiment_id","trashed_at","settled") WHERE settled = 0 and trashed_at is null;
