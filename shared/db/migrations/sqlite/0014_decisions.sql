CREATE TABLE `decisions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`experiment_id` integer NOT NULL,
	`hypothesis` text NOT NULL,
	`status` text NOT NULL,
	`verdict` text DEFAULT '' NOT NULL,
	`url` text NOT NULL,
	`numbers` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`trashed_at` integer,
	FOREIGN KEY (`experiment_id`) REFERENCES `experiments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `decisions_experiment` ON `decisions` (`experiment_id`,`id`);