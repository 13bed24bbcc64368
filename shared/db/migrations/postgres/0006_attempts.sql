CREATE TABLE "attempt_begins" (
	"run_seq" bigint NOT NULL,
	"key" text NOT NULL,
	"attempt" bigint NOT NULL,
	"step" bigint NOT NULL,
	CONSTRAINT "attempt_begins_run_seq_key_attempt_pk" PRIMARY KEY("run_seq","key","attempt")
);
--> statement-breakpoint
CREATE TABLE "log_keys" (
	"run_seq" bigint NOT NULL,
	"key" text NOT NULL,
	"hash" text NOT NULL,
	"receipt" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "log_keys_run_seq_key_pk" PRIMARY KEY("run_seq","key")
);
--> statement-breakpoint
CREATE TABLE "run_attempts" (
	"run_seq" bigint NOT NULL,
	"no" bigint NOT NULL,
	"id" text,
	"start_time" bigint NOT NULL,
	"end_time" bigint,
	"status" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"host" text DEFAULT '' NOT NULL,
	"pid" bigint,
	CONSTRAINT "run_attempts_run_seq_no_pk" PRIMARY KEY("run_seq","no")
);
--> statement-breakpoint
CREATE TABLE "superseded_points" (
	"run_seq" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"no" bigint NOT NULL,
	"step" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"value" double precision NOT NULL,
	"kind" bigint NOT NULL,
	CONSTRAINT "superseded_points_pk" PRIMARY KEY("run_seq","attempt","no","step","timestamp","value","kind")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "attempts" bigint DEFAULT 0 NOT NULL;