-- shared/db/migrations/sqlite/0002_series_by_run.sql
-- Purpose: runs get a number, metrics and points are kept under it, roll-ups; made by drizzle-kit, the moving of rows written by hand.
-- Why: every key of a series starts with its run, so that a run is read, removed and (on PostgreSQL) placed as one.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, runs/points.ts, runs/rollups.ts
CREATE TABLE `rollups` (
	`run_seq` integer NOT NULL,
	`no` integer NOT NULL,
	`level` integer NOT NULL,
	`from_step` integer NOT NULL,
	`from_time` integer NOT NULL,
	`to_step` integer NOT NULL,
	`to_time` integer NOT NULL,
	`min_time` integer NOT NULL,
	`max_time` integer NOT NULL,
	`count` integer NOT NULL,
	`nonfinite_count` integer NOT NULL,
	`nan_count` integer NOT NULL,
	`inf_count` integer NOT NULL,
	`min` real,
	`max` real,
	`mean` real,
	PRIMARY KEY(`run_seq`, `no`, `level`, `from_step`, `from_time`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `__new_runs` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
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
INSERT INTO `__new_runs` ("id", "experiment_id", "number", "name", "status", "start_time", "end_time", "heard_at", "parent_id", "notes", "created_at", "updated_at", "trashed_at")
  SELECT "id", "experiment_id", "number", "name", "status", "start_time", "end_time", "heard_at", "parent_id", "notes", "created_at", "updated_at", "trashed_at" FROM `runs` ORDER BY `rowid`;
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_id` ON `__new_runs` (`id`);
--> statement-breakpoint
CREATE TABLE `__series` (`id` integer PRIMARY KEY, `run_seq` integer NOT NULL, `no` integer NOT NULL, `experiment_id` integer NOT NULL);
--> statement-breakpoint
INSERT INTO `__series`
  SELECT m.id, r.seq, row_number() over (partition by r.seq order by m.id), r.experiment_id
  FROM `metrics` m JOIN `__new_runs` r ON r.id = m.run_id;
--> statement-breakpoint
CREATE TABLE `__new_metrics` (
	`run_seq` integer NOT NULL,
	`no` integer NOT NULL,
	`experiment_id` integer NOT NULL,
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
	`rolled_count` integer DEFAULT 0 NOT NULL,
	`rolled_step` integer,
	`rolled_time` integer,
	PRIMARY KEY(`run_seq`, `no`),
	FOREIGN KEY (`run_seq`) REFERENCES `runs`(`seq`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_metrics` ("run_seq", "no", "experiment_id", "key", "count", "first_step", "first_time", "first_value", "first_kind", "last_step", "last_time", "last_value", "last_kind", "min_value", "min_step", "max_value", "max_step", "mean", "nonfinite_count", "nonfinite_step")
  SELECT "run_seq", "no", "experiment_id", "key", "count", "first_step", "first_time", "first_value", "first_kind", "last_step", "last_time", "last_value", "last_kind", "min_value", "min_step", "max_value", "max_step", "mean", "nonfinite_count", "nonfinite_step"
  FROM `__series` JOIN `metrics` USING (`id`) ORDER BY `run_seq`, `no`;
--> statement-breakpoint
CREATE TABLE `__new_points` (
	`run_seq` integer NOT NULL,
	`no` integer NOT NULL,
	`step` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`value` real NOT NULL,
	`kind` integer NOT NULL,
	PRIMARY KEY(`run_seq`, `no`, `step`, `timestamp`, `value`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_points`
  SELECT s.run_seq, s.no, p.step, p.timestamp, p.value, p.kind
  FROM `__series` s JOIN `points` p ON p.metric_id = s.id
  ORDER BY s.run_seq, s.no, p.step, p.timestamp, p.value, p.kind;
--> statement-breakpoint
DROP TABLE `points`;
--> statement-breakpoint
DROP TABLE `metrics`;
--> statement-breakpoint
DROP TABLE `runs`;
--> statement-breakpoint
DROP TABLE `__series`;
--> statement-breakpoint
ALTER TABLE `__new_runs` RENAME TO `runs`;
--> statement-breakpoint
ALTER TABLE `__new_metrics` RENAME TO `metrics`;
--> statement-breakpoint
ALTER TABLE `__new_points` RENAME TO `points`;
--> statement-breakpoint
CREATE UNIQUE INDEX `metrics_run_key` ON `metrics` (`run_seq`,`key`);
--> statement-breakpoint
CREATE INDEX `metrics_key` ON `metrics` (`key`,`run_seq`);
--> statement-breakpoint
CREATE INDEX `runs_experiment` ON `runs` (`experiment_id`,`trashed_at`,`start_time`);
--> statement-breakpoint
CREATE INDEX `runs_start` ON `runs` (`start_time`);
--> statement-breakpoint
CREATE INDEX `runs_parent` ON `runs` (`parent_id`);
