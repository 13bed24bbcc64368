CREATE TABLE `bulk_actions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`action` text NOT NULL,
	`asked` text NOT NULL,
	`status` text NOT NULL,
	`total` integer NOT NULL,
	`visited` integer DEFAULT 0 NOT NULL,
	`changed` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bulk_actions_created` ON `bulk_actions` (`created_at`);--> statement-breakpoint
CREATE TABLE `bulk_items` (
	`action_id` integer NOT NULL,
	`run_seq` integer NOT NULL,
	`before` text NOT NULL,
	PRIMARY KEY(`action_id`, `run_seq`)
) WITHOUT ROWID;
