DROP INDEX `runs_parent`;--> statement-breakpoint
CREATE INDEX `runs_parent` ON `runs` (`parent_id`) WHERE parent_id is not null;