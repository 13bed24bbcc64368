ALTER TABLE "experiments" ADD COLUMN "purge_at" bigint;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "purge_points" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "purge_left" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_at" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_points" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_left" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "experiments_purge" ON "experiments" USING btree ("purge_at") WHERE purge_at is not null;--> statement-breakpoint
CREATE INDEX "runs_purge" ON "runs" USING btree ("experiment_id","seq") WHERE purge_at is not null;