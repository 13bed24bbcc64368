-- shared/db/migrations/sqlite/0007_mlflow_core.sql
-- Purpose: data sets of runs, exact places of points beyond 2^53, where an experiment keeps artifacts; made by drizzle-kit.
-- Why: what MLflow's API is given and our own tables had no place for.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, experiments/models.ts
CREATE TABLE `datasets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`experiment_id` integer NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`source_type` text NOT NULL,
	`source` text NOT NULL,
	`schema` text,
	`profile` text,
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `datasets_name` ON `datasets` (`experiment_id`,`name`,`digest`);--> statement-breakpoint
CREATE TABLE `run_datasets` (
	`run_id` text NOT NULL,
	`dataset_id` integer NOT NULL,
	`context` text NOT NULL,
	`tags` text NOT NULL,
	PRIMARY KEY(`run_id`, `dataset_id`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`dataset_id`) REFERENCES `datasets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `run_datasets_dataset` ON `run_datasets` (`dataset_id`);--> statement-breakpoint
CREATE TABLE `wide_points` (
	`run_seq` integer NOT NULL,
	`no` integer NOT NULL,
	`step` text NOT NULL,
	`timestamp` text NOT NULL,
	`value` real NOT NULL,
	`kind` integer NOT NULL,
	PRIMARY KEY(`run_seq`, `no`, `step`, `timestamp`, `value`, `kind`)
);
--> statement-breakpoint
ALTER TABLE `experiments` ADD `artifact_location` text;
