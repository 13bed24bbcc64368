CREATE TABLE "decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"experiment_id" bigint NOT NULL,
	"hypothesis" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"verdict" text COLLATE "C" DEFAULT '' NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"numbers" text COLLATE "C" DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"trashed_at" bigint
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "decisions_experiment" ON "decisions" USING btree ("experiment_id","id");