ALTER TABLE `experiments` ADD `purge_at` integer;--> statement-breakpoint
ALTER TABLE `experiments` ADD `purge_points` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `experiments` ADD `purge_left` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `experiments_purge` ON `experiments` (`purge_at`) WHERE purge_at is not null;--> statement-breakpoint
ALTER TABLE `runs` ADD `purge_at` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `purge_points` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `purge_left` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_purge` ON `runs` (`experiment_id`,`seq`) WHERE purge_at is not null;