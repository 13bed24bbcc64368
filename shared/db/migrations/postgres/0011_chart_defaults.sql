-- shared/db/migrations/postgres/0011_chart_defaults.sql
-- Purpose: how charts of a metric are drawn by default, and the baseline of an experiment; made by drizzle-kit, COLLATE "C" added by hand.
-- Why: what is set once holds on every page.
-- Relevant files: runs/models.ts, runs/curves/default-changes.ts, runs/compare/baseline-changes.ts
CREATE TABLE "baselines" (
	"experiment_id" bigint NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "baselines_experiment_id_pk" PRIMARY KEY("experiment_id")
);
--> statement-breakpoint
CREATE TABLE "chart_defaults" (
	"experiment_id" bigint NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"settings" text COLLATE "C" NOT NULL,
	CONSTRAINT "chart_defaults_experiment_id_key_pk" PRIMARY KEY("experiment_id","key")
);
--> statement-breakpoint
ALTER TABLE "baselines" ADD CONSTRAINT "baselines_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "baselines" ADD CONSTRAINT "baselines_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chart_defaults" ADD CONSTRAINT "chart_defaults_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "baselines_run" ON "baselines" USING btree ("run_id");