ALTER TABLE "dropped_contents" ADD COLUMN "removing_at" bigint;--> statement-breakpoint
CREATE INDEX "artifacts_sha256" ON "artifacts" USING btree ("sha256");