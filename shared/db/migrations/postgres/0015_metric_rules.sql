CREATE TABLE "metric_rules" (
	"experiment_id" bigint NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"direction" text COLLATE "C",
	"value" text COLLATE "C" DEFAULT 'last' NOT NULL,
	"k" bigint,
	"by_key" text COLLATE "C",
	"unit" text COLLATE "C" DEFAULT '' NOT NULL,
	"digits" bigint,
	"takes" text COLLATE "C" DEFAULT 'last' NOT NULL,
	"counted_to" bigint,
	CONSTRAINT "metric_rules_experiment_id_key_pk" PRIMARY KEY("experiment_id","key")
);
--> statement-breakpoint
ALTER TABLE "metrics" ADD COLUMN "rank_step" bigint;--> statement-breakpoint
ALTER TABLE "metric_rules" ADD CONSTRAINT "metric_rules_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- What runs/rules/value-sql.ts says in SQL on SQLite. Functions, because each statement that names the partitioned tables is
-- planned for all partitions, also where no metric has such a rule.
CREATE FUNCTION at_best(of_run bigint, of_no bigint, by_key text, takes text, what text) RETURNS double precision
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	best bigint;
	point record;
BEGIN
	SELECT CASE takes WHEN 'at_min' THEN o.min_step WHEN 'at_max' THEN o.max_step ELSE o.last_step END INTO best
		FROM metrics o WHERE o.run_seq = of_run AND o.key = by_key;
	SELECT p.step, p.value, p.kind INTO point FROM points p
		WHERE p.run_seq = of_run AND p.no = of_no AND p.step <= best
		ORDER BY p.step DESC, p.timestamp DESC, (p.kind = 1) DESC, p.value DESC, p.kind ASC LIMIT 1;
	RETURN CASE what
		WHEN 'step' THEN point.step
		WHEN 'nan' THEN CASE WHEN point.kind = 1 THEN 1 ELSE 0 END
		ELSE CASE WHEN point.kind <> 1 THEN point.value END
	END;
END $$;
--> statement-breakpoint
CREATE FUNCTION mean_of_last(of_run bigint, of_no bigint, k bigint) RETURNS double precision
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	largest CONSTANT double precision := 1.7976931348623157e308;
	half double precision;
BEGIN
	-- Divided before they are summed, and by two: a sum beyond a double would be an error.
	SELECT sum(value / 2 / n) INTO half FROM (
		SELECT value, count(*) OVER () AS n FROM (
			SELECT p.value, p.kind FROM points p WHERE p.run_seq = of_run AND p.no = of_no
				ORDER BY p.step DESC, p.timestamp DESC, (p.kind = 1) DESC, p.value DESC, p.kind ASC LIMIT k
		) late WHERE kind <> 1 AND value BETWEEN -largest AND largest
	) counted;
	RETURN CASE WHEN half >= largest / 2 THEN largest WHEN half <= -largest / 2 THEN -largest ELSE half * 2 END;
END $$;
