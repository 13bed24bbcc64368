-- shared/db/migrations/postgres/0008_text_by_bytes.sql
-- Purpose: every text column that came since the first migration orders byte by byte, as those of the first one do; written by hand.
-- Why: drizzle-kit cannot say COLLATE "C", and with the server's locale names would stand in another order than on SQLite.
-- Relevant files: shared/db/migrations/postgres/0000_start.sql, tests/postgres/store.test.ts
DO $$
DECLARE
	one record;
BEGIN
	FOR one IN
		SELECT c.table_name, c.column_name FROM information_schema.columns c
			JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = current_schema()::regnamespace
			WHERE c.table_schema = current_schema() AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'
				AND c.table_name <> 'migrations' AND t.relkind IN ('r', 'p') AND NOT t.relispartition
	LOOP
		EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE "C"', one.table_name, one.column_name);
	END LOOP;
END $$;
