-- shared/db/migrations/sqlite/0000_start.sql
-- Purpose: the first tables; made by drizzle-kit, WITHOUT ROWID added by hand where the primary key is the whole access path.
-- Why: a point costs about 30 bytes this way instead of 80.
-- Relevant files: shared/db/migrate.ts, shared/db/drizzle.config.ts
CREATE TABLE `experiment_metrics` (
	`experiment_id` integer NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`experiment_id`, `key`),
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `experiments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`main_metric` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_activity_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`next_number` integer DEFAULT 1 NOT NULL,
	`trashed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `experiments_name` ON `experiments` (`name`) WHERE trashed_at is null;--> statement-breakpoint
CREATE INDEX `experiments_activity` ON `experiments` (`last_activity_at`);--> statement-breakpoint
CREATE TABLE `exports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`what` text NOT NULL,
	`format` text NOT NULL,
	`url` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`rows` integer,
	`bytes` integer,
	`sha256` text
);
--> statement-breakpoint
CREATE INDEX `exports_created` ON `exports` (`created_at`);--> statement-breakpoint
CREATE TABLE `artifacts` (
	`run_id` text NOT NULL,
	`path` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`run_id`, `path`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `metrics` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	`first_step` integer NOT NULL,
	`first_time` integer NOT NULL,
	`first_value` real NOT NULL,
	`first_kind` integer NOT NULL,
	`last_step` integer NOT NULL,
	`last_time` integer NOT NULL,
	`last_value` real NOT NULL,
	`last_kind` integer NOT NULL,
	`min_value` real,
	`min_step` integer,
	`max_value` real,
	`max_step` integer,
	`mean` real,
	`nonfinite_count` integer NOT NULL,
	`nonfinite_step` integer,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `metrics_run_key` ON `metrics` (`run_id`,`key`);--> statement-breakpoint
CREATE INDEX `metrics_key` ON `metrics` (`key`,`run_id`);--> statement-breakpoint
CREATE TABLE `params` (
	`run_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`number` real,
	PRIMARY KEY(`run_id`, `key`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `points` (
	`metric_id` integer NOT NULL,
	`step` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`value` real NOT NULL,
	`kind` integer NOT NULL,
	PRIMARY KEY(`metric_id`, `step`, `timestamp`, `value`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`experiment_id` integer NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`start_time` integer,
	`end_time` integer,
	`heard_at` integer NOT NULL,
	`parent_id` text,
	`notes` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`trashed_at` integer,
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `runs_experiment` ON `runs` (`experiment_id`,`trashed_at`,`start_time`);--> statement-breakpoint
CREATE INDEX `runs_start` ON `runs` (`start_time`);--> statement-breakpoint
CREATE INDEX `runs_parent` ON `runs` (`parent_id`);--> statement-breakpoint
CREATE TABLE `experiment_tags` (
	`experiment_id` integer NOT NULL,
	`tag_id` integer NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`experiment_id`, `tag_id`),
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tag_id`) REFERENCES `tags`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `experiment_tags_tag` ON `experiment_tags` (`tag_id`,`value`);--> statement-breakpoint
CREATE TABLE `run_tags` (
	`run_id` text NOT NULL,
	`tag_id` integer NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`run_id`, `tag_id`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tag_id`) REFERENCES `tags`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `run_tags_tag` ON `run_tags` (`tag_id`,`value`);--> statement-breakpoint
CREATE TABLE `tags` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`color` text,
	`created_at` integer NOT NULL,
	`trashed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_key` ON `tags` (`key`) WHERE trashed_at is null;