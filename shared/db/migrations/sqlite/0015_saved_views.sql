-- shared/db/migrations/sqlite/0015_saved_views.sql
-- Purpose: views of runs that somebody gave a name; made by drizzle-kit.
-- Why: a set-up of columns, order and filter is made once and shared by a short address.
-- Relevant files: runs/models.ts, runs/view/saved-changes.ts
CREATE TABLE `saved_views` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`experiment_id` integer,
	`name` text NOT NULL,
	`page` text NOT NULL,
	`query` text NOT NULL,
	`is_default` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`trashed_at` integer,
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `saved_views_experiment` ON `saved_views` (`experiment_id`);