-- shared/db/migrations/sqlite/0004_contents_claims.sql
-- Purpose: a sweep says which contents it is removing; artifacts are found by their contents; made by drizzle-kit.
-- Why: several processes sweep and upload into one place, and that place has no locks.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, runs/artifacts/dropped-changes.ts
ALTER TABLE `dropped_contents` ADD `removing_at` integer;--> statement-breakpoint
CREATE INDEX `artifacts_sha256` ON `artifacts` (`sha256`);
