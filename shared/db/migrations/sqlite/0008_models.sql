CREATE TABLE `logged_model_artifacts` (
	`model_id` text NOT NULL,
	`path` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`model_id`, `path`),
	FOREIGN KEY (`model_id`) REFERENCES `logged_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `logged_model_artifacts_sha256` ON `logged_model_artifacts` (`sha256`);--> statement-breakpoint
CREATE TABLE `logged_model_metrics` (
	`model_id` text NOT NULL,
	`key` text NOT NULL,
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`value` real NOT NULL,
	`kind` integer NOT NULL,
	`dataset_name` text DEFAULT '' NOT NULL,
	`dataset_digest` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`model_id`, `key`, `run_id`, `step`, `timestamp`, `value`, `kind`),
	FOREIGN KEY (`model_id`) REFERENCES `logged_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `logged_model_params` (
	`model_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`model_id`, `key`),
	FOREIGN KEY (`model_id`) REFERENCES `logged_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `logged_model_tags` (
	`model_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`model_id`, `key`),
	FOREIGN KEY (`model_id`) REFERENCES `logged_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `logged_models` (
	`id` text PRIMARY KEY NOT NULL,
	`experiment_id` integer NOT NULL,
	`name` text NOT NULL,
	`model_type` text DEFAULT '' NOT NULL,
	`source_run_id` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`trashed_at` integer
);
--> statement-breakpoint
CREATE INDEX `logged_models_experiment` ON `logged_models` (`experiment_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `logged_models_run` ON `logged_models` (`source_run_id`);--> statement-breakpoint
CREATE TABLE `model_aliases` (
	`registered_id` integer NOT NULL,
	`alias` text NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`registered_id`, `alias`),
	FOREIGN KEY (`registered_id`) REFERENCES `registered_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `model_version_tags` (
	`registered_id` integer NOT NULL,
	`version` integer NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`registered_id`, `version`, `key`),
	FOREIGN KEY (`registered_id`) REFERENCES `registered_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `model_versions` (
	`registered_id` integer NOT NULL,
	`version` integer NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`stage` text DEFAULT 'None' NOT NULL,
	`source` text NOT NULL,
	`origin` text NOT NULL,
	`run_id` text,
	`model_id` text,
	`run_link` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`registered_id`, `version`),
	FOREIGN KEY (`registered_id`) REFERENCES `registered_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `model_versions_run` ON `model_versions` (`run_id`);--> statement-breakpoint
CREATE INDEX `model_versions_model` ON `model_versions` (`model_id`);--> statement-breakpoint
CREATE TABLE `registered_model_tags` (
	`registered_id` integer NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`registered_id`, `key`),
	FOREIGN KEY (`registered_id`) REFERENCES `registered_models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `registered_models` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`next_version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registered_models_name` ON `registered_models` (`name`);--> statement-breakpoint
CREATE TABLE `run_models` (
	`run_id` text NOT NULL,
	`role` text NOT NULL,
	`model_id` text NOT NULL,
	`step` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`run_id`, `role`, `model_id`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `run_models_model` ON `run_models` (`model_id`);