-- shared/db/migrations/postgres/0013_saved_views.sql
-- Purpose: views of runs that somebody gave a name; made by drizzle-kit, COLLATE "C" added by hand.
-- Why: a set-up of columns, order and filter is made once and shared by a short address.
-- Relevant files: runs/models.ts, runs/view/saved-changes.ts
CREATE TABLE "saved_views" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"experiment_id" bigint,
	"name" text COLLATE "C" NOT NULL,
	"page" text COLLATE "C" NOT NULL,
	"query" text COLLATE "C" NOT NULL,
	"is_default" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"trashed_at" bigint
);
--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saved_views_experiment" ON "saved_views" USING btree ("experiment_id");