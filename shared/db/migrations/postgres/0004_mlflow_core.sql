-- shared/db/migrations/postgres/0004_mlflow_core.sql
-- Purpose: data sets of runs, exact places of points beyond 2^53, where an experiment keeps artifacts; made by drizzle-kit.
-- Why: what MLflow's API is given and our own tables had no place for.
-- Relevant files: shared/db/migrate.ts, runs/models.ts, experiments/models.ts
CREATE TABLE "datasets" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"experiment_id" bigint NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	"source_type" text NOT NULL,
	"source" text NOT NULL,
	"schema" text,
	"profile" text
);
--> statement-breakpoint
CREATE TABLE "run_datasets" (
	"run_id" text NOT NULL,
	"dataset_id" bigint NOT NULL,
	"context" text NOT NULL,
	"tags" text NOT NULL,
	CONSTRAINT "run_datasets_run_id_dataset_id_pk" PRIMARY KEY("run_id","dataset_id")
);
--> statement-breakpoint
CREATE TABLE "wide_points" (
	"run_seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"step" text NOT NULL,
	"timestamp" text NOT NULL,
	"value" double precision NOT NULL,
	"kind" bigint NOT NULL,
	CONSTRAINT "wide_points_run_seq_no_step_timestamp_value_kind_pk" PRIMARY KEY("run_seq","no","step","timestamp","value","kind")
);
--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "artifact_location" text;--> statement-breakpoint
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_datasets" ADD CONSTRAINT "run_datasets_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_datasets" ADD CONSTRAINT "run_datasets_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "datasets_name" ON "datasets" USING btree ("experiment_id","name","digest");--> statement-breakpoint
CREATE INDEX "run_datasets_dataset" ON "run_datasets" USING btree ("dataset_id");
