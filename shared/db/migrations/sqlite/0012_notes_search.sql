-- What notes say, by every three characters that follow each other: any part of a word is found, as before. `fold` is ours
-- (shared/db/functions.ts). The table keeps no text and no places, so what it finds is looked at again (runs/search/notes-search.ts).
-- A later migration that makes `runs` anew has to make the triggers anew, too.
CREATE VIRTUAL TABLE `run_notes` USING fts5(notes, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
--> statement-breakpoint
INSERT INTO `run_notes` (rowid, notes) SELECT seq, fold(notes) FROM `runs` WHERE notes <> '';
--> statement-breakpoint
CREATE TRIGGER `run_notes_added` AFTER INSERT ON `runs` WHEN new.notes <> '' BEGIN
	INSERT INTO `run_notes` (rowid, notes) VALUES (new.seq, fold(new.notes));
END;
--> statement-breakpoint
CREATE TRIGGER `run_notes_changed` AFTER UPDATE OF notes ON `runs` WHEN new.notes <> old.notes BEGIN
	DELETE FROM `run_notes` WHERE rowid = old.seq;
	INSERT INTO `run_notes` (rowid, notes) SELECT new.seq, fold(new.notes) WHERE new.notes <> '';
END;
--> statement-breakpoint
CREATE TRIGGER `run_notes_removed` AFTER DELETE ON `runs` WHEN old.notes <> '' BEGIN
	DELETE FROM `run_notes` WHERE rowid = old.seq;
END;
