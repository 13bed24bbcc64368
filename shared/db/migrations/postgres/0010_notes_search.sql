-- What notes say, by every three characters that follow each other, as on SQLite; needs no extension. A table of its own:
-- an index on runs.notes would be computed again with each change of a run that is written to another page.
CREATE FUNCTION trigrams(value text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (
		SELECT coalesce(array_agg(DISTINCT gram), '{}')
		FROM (
			SELECT (letter || lead(letter, 1) OVER places || lead(letter, 2) OVER places) COLLATE "C" AS gram
			FROM unnest(string_to_array(fold(value), NULL)) WITH ORDINALITY AS letters (letter, place)
			WINDOW places AS (ORDER BY place)
		) grams
		WHERE gram IS NOT NULL
	);
--> statement-breakpoint
CREATE TABLE "run_notes" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"grams" text[] COLLATE "C" NOT NULL
);
--> statement-breakpoint
INSERT INTO "run_notes" ("seq", "grams") SELECT "seq", trigrams("notes") FROM "runs" WHERE "notes" <> '';
--> statement-breakpoint
CREATE INDEX "run_notes_grams" ON "run_notes" USING gin ("grams");
--> statement-breakpoint
CREATE FUNCTION keep_run_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		DELETE FROM "run_notes" WHERE "seq" = OLD."seq";
	END IF;
	IF TG_OP <> 'DELETE' THEN
		INSERT INTO "run_notes" ("seq", "grams") SELECT NEW."seq", trigrams(NEW."notes") WHERE NEW."notes" <> '';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "run_notes_added" AFTER INSERT ON "runs" FOR EACH ROW WHEN (NEW."notes" <> '') EXECUTE FUNCTION keep_run_notes();
--> statement-breakpoint
CREATE TRIGGER "run_notes_changed" AFTER UPDATE OF "notes" ON "runs" FOR EACH ROW WHEN (NEW."notes" <> OLD."notes") EXECUTE FUNCTION keep_run_notes();
--> statement-breakpoint
CREATE TRIGGER "run_notes_removed" AFTER DELETE ON "runs" FOR EACH ROW WHEN (OLD."notes" <> '') EXECUTE FUNCTION keep_run_notes();
