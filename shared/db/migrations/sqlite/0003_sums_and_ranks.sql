-- shared/db/migrations/sqlite/0003_sums_and_ranks.sql
-- Purpose: sums over an experiment's runs, ranks by metric, names in lower case; made by drizzle-kit, the filling written by hand.
-- Why: pages read these few rows, and one index, however many runs there are.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, runs/tally-changes.ts, runs/ranking-changes.ts
CREATE TABLE `experiment_keys` (
	`experiment_id` integer NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`runs` integer NOT NULL,
	`variety` integer NOT NULL,
	PRIMARY KEY(`experiment_id`, `kind`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `experiment_keys_key` ON `experiment_keys` (`kind`,`key`);
--> statement-breakpoint
CREATE TABLE `experiment_runs` (
	`experiment_id` integer NOT NULL,
	`status` text NOT NULL,
	`trashed` integer NOT NULL,
	`runs` integer NOT NULL,
	PRIMARY KEY(`experiment_id`, `trashed`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `experiment_values` (
	`experiment_id` integer NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`hash` text NOT NULL,
	`value` text NOT NULL,
	`runs` integer NOT NULL,
	PRIMARY KEY(`experiment_id`, `kind`, `key`, `hash`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `metrics_key`;
--> statement-breakpoint
ALTER TABLE `metrics` ADD `rank_value` real;
--> statement-breakpoint
ALTER TABLE `experiments` ADD `points` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `runs` ADD `name_folded` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `runs` ADD `settled` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
UPDATE `runs` SET `name_folded` = fold(`name`), `settled` = (`status` <> 'running' AND `trashed_at` IS NULL);
--> statement-breakpoint
UPDATE `metrics` SET `rank_value` = `last_value`
  WHERE `last_kind` <> 1 AND `run_seq` IN (SELECT `seq` FROM `runs` WHERE `settled` = 1);
--> statement-breakpoint
UPDATE `experiments` SET `points` = (
  SELECT coalesce(sum(m.`count`), 0) FROM `runs` r JOIN `metrics` m ON m.`run_seq` = r.`seq`
  WHERE r.`experiment_id` = `experiments`.`id` AND r.`trashed_at` IS NULL);
--> statement-breakpoint
INSERT INTO `experiment_runs`
  SELECT `experiment_id`, `status`, `trashed_at` IS NOT NULL, count(*) FROM `runs` GROUP BY 1, 2, 3;
--> statement-breakpoint
INSERT INTO `experiment_values`
  SELECT r.`experiment_id`, 'param', p.`key`, md5(p.`value`), min(CASE WHEN length(p.`value`) <= 500 THEN p.`value`
    ELSE substr(p.`value`, 1, 250) || '…' || substr(p.`value`, length(p.`value`) - 248) END), count(*)
  FROM `runs` r JOIN `params` p ON p.`run_id` = r.`id` WHERE r.`trashed_at` IS NULL GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
INSERT INTO `experiment_values`
  SELECT r.`experiment_id`, 'tag', cast(h.`tag_id` AS text), md5(h.`value`), min(h.`value`), count(*)
  FROM `runs` r JOIN `run_tags` h ON h.`run_id` = r.`id` WHERE r.`trashed_at` IS NULL GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
INSERT INTO `experiment_keys`
  SELECT `experiment_id`, `kind`, `key`, sum(`runs`), count(*) FROM `experiment_values` GROUP BY 1, 2, 3;
--> statement-breakpoint
CREATE INDEX `metrics_rank` ON `metrics` (`experiment_id`,`key`,`rank_value`,`run_seq`) WHERE rank_value is not null;
--> statement-breakpoint
CREATE INDEX `runs_status` ON `runs` (`experiment_id`,`trashed_at`,`status`,`start_time`);
--> statement-breakpoint
CREATE INDEX `runs_name` ON `runs` (`experiment_id`,`trashed_at`,`name_folded`);
--> statement-breakpoint
CREATE INDEX `runs_number` ON `runs` (`experiment_id`,`number`);
--> statement-breakpoint
CREATE INDEX `runs_open` ON `runs` (`experiment_id`) WHERE settled = 0 and trashed_at is null;
--> statement-breakpoint
CREATE INDEX `runs_settled` ON `runs` (`experiment_id`,`status`,`heard_at`) WHERE settled = 1;
--> statement-breakpoint
CREATE INDEX `runs_noted` ON `runs` (`experiment_id`) WHERE notes <> '';
--> statement-breakpoint
CREATE INDEX `runs_trashed` ON `runs` (`trashed_at`) WHERE trashed_at is not null;
