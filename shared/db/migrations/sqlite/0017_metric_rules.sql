CREATE TABLE `metric_rules` (
	`experiment_id` integer NOT NULL,
	`key` text NOT NULL,
	`direction` text,
	`value` text DEFAULT 'last' NOT NULL,
	`k` integer,
	`by_key` text,
	`unit` text DEFAULT '' NOT NULL,
	`digits` integer,
	`takes` text DEFAULT 'last' NOT NULL,
	`counted_to` integer,
	PRIMARY KEY(`experiment_id`, `key`),
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `metrics` ADD `rank_step` integer;
