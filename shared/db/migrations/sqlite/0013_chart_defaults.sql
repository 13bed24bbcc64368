-- shared/db/migrations/sqlite/0013_chart_defaults.sql
-- Purpose: how charts of a metric are drawn by default, and the baseline of an experiment; made by drizzle-kit.
-- Why: what is set once holds on every page.
-- Relevant files: runs/models.ts, runs/curves/default-changes.ts, runs/compare/baseline-changes.ts
CREATE TABLE `baselines` (
	`experiment_id` integer PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `baselines_run` ON `baselines` (`run_id`);--> statement-breakpoint
CREATE TABLE `chart_defaults` (
	`experiment_id` integer NOT NULL,
	`key` text NOT NULL,
	`settings` text NOT NULL,
	PRIMARY KEY(`experiment_id`, `key`),
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
);
