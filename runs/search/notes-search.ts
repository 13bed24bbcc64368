// runs/search/notes-search.ts
// Purpose: the runs whose notes have a text in them, by the index of three characters that follow each other (`run_notes`).
// Why: looking through 100,000 notes of 300 characters takes 90 ms (SQLite) to 1 s (PostgreSQL); any part of a word must be found.
// Relevant files: runs/run-filter.ts, shared/db/migrations/sqlite/0012_notes_search.sql, shared/db/dialect.ts

import { sql, type SQL } from 'drizzle-orm';
import { hasGrams } from '../../shared/db/dialect.ts';

/** More than so many find no less. */
const GRAMS_MAX = 24;

/**
 * The numbers (`seq`) of runs. `text` in lower case; `isIn`: a condition on `n`, the run. Triggers keep the index; it says
 * where all parts of the text are somewhere, so each note is looked at again. Of one or two characters it says nothing.
 */
export function notedRuns(text: string, isIn: SQL): SQL {
  const grams = gramsOf(text);
  const has = sql`contains_ci(n.notes, ${text}) ${isIn}`;
  if (grams.length === 0) return sql`select n.seq from runs n where n.notes <> '' and ${has}`;
  // `cross join` says to SQLite in which order: from the few to the runs.
  return sql`select n.seq from (${hasGrams(grams)}) few cross join runs n where n.seq = few.seq and ${has}`;
}

/** Every three characters that follow each other. */
function gramsOf(text: string): string[] {
  const characters = [...text];
  const grams = characters.slice(2).map((_, i) => characters.slice(i, i + 3).join(''));
  return [...new Set(grams)].slice(0, GRAMS_MAX);
}
