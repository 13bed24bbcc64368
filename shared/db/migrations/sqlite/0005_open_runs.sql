-- shared/db/migrations/sqlite/0005_open_runs.sql
-- Purpose: the index of open runs by three columns, so that SQLite takes it and not one of two; made by drizzle-kit.
-- Why: pages look at open runs one by one, and must not look at all runs to find them.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, runs/ranking-queries.ts
DROP INDEX `runs_open`;--> statement-breakpoint
CREATE INDEX `runs_open` ON `runs` (`experiment_id`,`trashed_at`,`settled`) WHERE settled = 0 and trashed_at is null;
