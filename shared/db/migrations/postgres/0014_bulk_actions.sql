CREATE TABLE "bulk_actions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"asked" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"total" bigint NOT NULL,
	"visited" bigint DEFAULT 0 NOT NULL,
	"changed" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulk_items" (
	"action_id" bigint NOT NULL,
	"run_seq" bigint NOT NULL,
	"before" text COLLATE "C" NOT NULL,
	CONSTRAINT "bulk_items_action_id_run_seq_pk" PRIMARY KEY("action_id","run_seq")
);
--> statement-breakpoint
CREATE INDEX "bulk_actions_created" ON "bulk_actions" USING btree ("created_at");