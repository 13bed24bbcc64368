-- shared/db/migrations/postgres/0000_start.sql
-- Purpose: all tables on PostgreSQL; made by drizzle-kit, then by hand: COLLATE "C", partitions by run, left(value, 500), runs_id first, four functions, a trigger.
-- Why: text must order byte by byte as on SQLite whatever the server's locale; a run's points lie in one partition of 16.
-- Relevant files: shared/db/migrate-postgres.ts, shared/db/drizzle.postgres.config.ts, shared/db/dialect.ts
CREATE TABLE "experiment_keys" (
	"experiment_id" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"runs" bigint NOT NULL,
	"variety" bigint NOT NULL,
	CONSTRAINT "experiment_keys_experiment_id_kind_key_pk" PRIMARY KEY("experiment_id","kind","key")
);
--> statement-breakpoint
CREATE TABLE "experiment_metrics" (
	"experiment_id" bigint NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	CONSTRAINT "experiment_metrics_experiment_id_key_pk" PRIMARY KEY("experiment_id","key")
);
--> statement-breakpoint
CREATE TABLE "experiment_runs" (
	"experiment_id" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"trashed" bigint NOT NULL,
	"runs" bigint NOT NULL,
	CONSTRAINT "experiment_runs_experiment_id_trashed_status_pk" PRIMARY KEY("experiment_id","trashed","status")
);
--> statement-breakpoint
CREATE TABLE "experiment_values" (
	"experiment_id" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	"runs" bigint NOT NULL,
	CONSTRAINT "experiment_values_experiment_id_kind_key_hash_pk" PRIMARY KEY("experiment_id","kind","key","hash")
);
--> statement-breakpoint
CREATE TABLE "experiments" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C" DEFAULT '' NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"main_metric" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"last_activity_at" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"next_number" bigint DEFAULT 1 NOT NULL,
	"trashed_at" bigint,
	"points" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exports" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"what" text COLLATE "C" NOT NULL,
	"format" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"rows" bigint,
	"bytes" bigint,
	"sha256" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"run_id" text COLLATE "C" NOT NULL,
	"path" text COLLATE "C" NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "artifacts_run_id_path_pk" PRIMARY KEY("run_id","path")
);
--> statement-breakpoint
CREATE TABLE "dropped_contents" (
	"sha256" text COLLATE "C" PRIMARY KEY NOT NULL,
	"dropped_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "metrics" (
	"run_seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"experiment_id" bigint NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"count" bigint NOT NULL,
	"first_step" bigint NOT NULL,
	"first_time" bigint NOT NULL,
	"first_value" double precision NOT NULL,
	"first_kind" bigint NOT NULL,
	"last_step" bigint NOT NULL,
	"last_time" bigint NOT NULL,
	"last_value" double precision NOT NULL,
	"last_kind" bigint NOT NULL,
	"min_value" double precision,
	"min_step" bigint,
	"max_value" double precision,
	"max_step" bigint,
	"mean" double precision,
	"nonfinite_count" bigint NOT NULL,
	"nonfinite_step" bigint,
	"rank_value" double precision,
	"rolled_count" bigint DEFAULT 0 NOT NULL,
	"rolled_step" bigint,
	"rolled_time" bigint,
	CONSTRAINT "metrics_run_seq_no_pk" PRIMARY KEY("run_seq","no")
) PARTITION BY HASH ("run_seq");
--> statement-breakpoint
CREATE TABLE "params" (
	"run_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	"number" double precision,
	CONSTRAINT "params_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "points" (
	"run_seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"step" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"value" double precision NOT NULL,
	"kind" bigint NOT NULL,
	CONSTRAINT "points_run_seq_no_step_timestamp_value_kind_pk" PRIMARY KEY("run_seq","no","step","timestamp","value","kind")
) PARTITION BY HASH ("run_seq");
--> statement-breakpoint
CREATE TABLE "rollups" (
	"run_seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"level" bigint NOT NULL,
	"from_step" bigint NOT NULL,
	"from_time" bigint NOT NULL,
	"to_step" bigint NOT NULL,
	"to_time" bigint NOT NULL,
	"min_time" bigint NOT NULL,
	"max_time" bigint NOT NULL,
	"count" bigint NOT NULL,
	"nonfinite_count" bigint NOT NULL,
	"nan_count" bigint NOT NULL,
	"inf_count" bigint NOT NULL,
	"min" double precision,
	"max" double precision,
	"mean" double precision,
	CONSTRAINT "rollups_run_seq_no_level_from_step_from_time_pk" PRIMARY KEY("run_seq","no","level","from_step","from_time")
) PARTITION BY HASH ("run_seq");
--> statement-breakpoint
CREATE TABLE "runs" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"experiment_id" bigint NOT NULL,
	"number" bigint NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"start_time" bigint,
	"end_time" bigint,
	"heard_at" bigint NOT NULL,
	"parent_id" text COLLATE "C",
	"notes" text COLLATE "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"trashed_at" bigint,
	"name_folded" text COLLATE "C" DEFAULT '' NOT NULL,
	"settled" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "experiment_tags" (
	"experiment_id" bigint NOT NULL,
	"tag_id" bigint NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	CONSTRAINT "experiment_tags_experiment_id_tag_id_pk" PRIMARY KEY("experiment_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "run_tags" (
	"run_id" text COLLATE "C" NOT NULL,
	"tag_id" bigint NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	CONSTRAINT "run_tags_run_id_tag_id_pk" PRIMARY KEY("run_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"color" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"trashed_at" bigint
);
--> statement-breakpoint
CREATE UNIQUE INDEX "runs_id" ON "runs" USING btree ("id");--> statement-breakpoint
ALTER TABLE "experiment_metrics" ADD CONSTRAINT "experiment_metrics_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metrics" ADD CONSTRAINT "metrics_run_seq_runs_seq_fk" FOREIGN KEY ("run_seq") REFERENCES "runs"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "params" ADD CONSTRAINT "params_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_tags" ADD CONSTRAINT "experiment_tags_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_tags" ADD CONSTRAINT "experiment_tags_tag_id_tags_id_fk" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_tags" ADD CONSTRAINT "run_tags_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_tags" ADD CONSTRAINT "run_tags_tag_id_tags_id_fk" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "experiment_keys_key" ON "experiment_keys" USING btree ("kind","key");--> statement-breakpoint
CREATE UNIQUE INDEX "experiments_name" ON "experiments" USING btree ("name") WHERE trashed_at is null;--> statement-breakpoint
CREATE INDEX "experiments_activity" ON "experiments" USING btree ("last_activity_at");--> statement-breakpoint
CREATE INDEX "exports_created" ON "exports" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "metrics_run_key" ON "metrics" USING btree ("run_seq","key");--> statement-breakpoint
CREATE INDEX "metrics_rank" ON "metrics" USING btree ("experiment_id","key","rank_value","run_seq") WHERE rank_value is not null;--> statement-breakpoint
CREATE INDEX "runs_experiment" ON "runs" USING btree ("experiment_id","trashed_at","start_time");--> statement-breakpoint
CREATE INDEX "runs_status" ON "runs" USING btree ("experiment_id","trashed_at","status","start_time");--> statement-breakpoint
CREATE INDEX "runs_name" ON "runs" USING btree ("experiment_id","trashed_at","name_folded");--> statement-breakpoint
CREATE INDEX "runs_number" ON "runs" USING btree ("experiment_id","number");--> statement-breakpoint
CREATE INDEX "runs_start" ON "runs" USING btree ("start_time");--> statement-breakpoint
CREATE INDEX "runs_parent" ON "runs" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("experiment_id") WHERE settled = 0 and trashed_at is null;--> statement-breakpoint
CREATE INDEX "runs_settled" ON "runs" USING btree ("experiment_id","status","heard_at") WHERE settled = 1;--> statement-breakpoint
CREATE INDEX "runs_noted" ON "runs" USING btree ("experiment_id") WHERE notes <> '';--> statement-breakpoint
CREATE INDEX "runs_trashed" ON "runs" USING btree ("trashed_at") WHERE trashed_at is not null;--> statement-breakpoint
CREATE INDEX "experiment_tags_tag" ON "experiment_tags" USING btree ("tag_id",left("value", 500));--> statement-breakpoint
CREATE INDEX "run_tags_tag" ON "run_tags" USING btree ("tag_id",left("value", 500));--> statement-breakpoint
CREATE UNIQUE INDEX "tags_key" ON "tags" USING btree ("key") WHERE trashed_at is null;
--> statement-breakpoint
DO $$
BEGIN
	FOR i IN 0..15 LOOP
		EXECUTE format('CREATE TABLE %I PARTITION OF "points" FOR VALUES WITH (MODULUS 16, REMAINDER %s)', 'points_' || i, i);
		EXECUTE format('CREATE TABLE %I PARTITION OF "rollups" FOR VALUES WITH (MODULUS 16, REMAINDER %s)', 'rollups_' || i, i);
		EXECUTE format('CREATE TABLE %I PARTITION OF "metrics" FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = 70)', 'metrics_' || i, i);
	END LOOP;
END $$;
--> statement-breakpoint
-- As shared/db/sqlite.ts has it: the needle is in lower case already; case is folded for every script, not for ASCII only.
CREATE FUNCTION contains_ci(haystack text, needle text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN position(needle IN lower(haystack COLLATE "und-x-icu")) > 0;
--> statement-breakpoint
CREATE FUNCTION fold(value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN lower(value COLLATE "und-x-icu") COLLATE "C";
--> statement-breakpoint
-- One text that orders as SQLite orders a column of numbers and texts: numbers by value, then texts by their bytes.
-- A double's bits order as the number does, once those of negative ones are turned over.
CREATE FUNCTION mixed_order(number double precision, value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN number >= 0 THEN '1' || encode(float8send(number + 0), 'hex')
		WHEN number < 0 THEN '0' || translate(encode(float8send(number + 0), 'hex'), '0123456789abcdef', 'fedcba9876543210')
		ELSE '2' || value
	END;

--> statement-breakpoint
-- The transaction notes whose version moved and reads it before its commit (shared/db/postgres-writer.ts): no statement
-- that moves a version can forget to say so.
CREATE FUNCTION note_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('tracker.moved', coalesce(current_setting('tracker.moved', true), '') || ' ' || coalesce(new.id, old.id), true);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER note_moved AFTER INSERT OR DELETE OR UPDATE OF "version" ON "experiments"
	FOR EACH ROW EXECUTE FUNCTION note_moved();
