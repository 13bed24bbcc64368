CREATE TABLE `attempt_begins` (
	`run_seq` integer NOT NULL,
	`key` text NOT NULL,
	`attempt` integer NOT NULL,
	`step` integer NOT NULL,
	PRIMARY KEY(`run_seq`, `key`, `attempt`)
);
--> statement-breakpoint
CREATE TABLE `log_keys` (
	`run_seq` integer NOT NULL,
	`key` text NOT NULL,
	`hash` text NOT NULL,
	`receipt` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`run_seq`, `key`)
);
--> statement-breakpoint
CREATE TABLE `run_attempts` (
	`run_seq` integer NOT NULL,
	`no` integer NOT NULL,
	`id` text,
	`start_time` integer NOT NULL,
	`end_time` integer,
	`status` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`host` text DEFAULT '' NOT NULL,
	`pid` integer,
	PRIMARY KEY(`run_seq`, `no`)
);
--> statement-breakpoint
CREATE TABLE `superseded_points` (
	`run_seq` integer NOT NULL,
	`attempt` integer NOT NULL,
	`no` integer NOT NULL,
	`step` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`value` real NOT NULL,
	`kind` integer NOT NULL,
	PRIMARY KEY(`run_seq`, `attempt`, `no`, `step`, `timestamp`, `value`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `runs` ADD `attempts` integer DEFAULT 0 NOT NULL;