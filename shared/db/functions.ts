// shared/db/functions.ts
// Purpose: the functions that SQLite lacks: case-insensitive search in any alphabet, lower case, MD5.
// Why: queries and migrations use them by names that PostgreSQL has, or is given.
// Relevant files: shared/db/sqlite.ts, shared/db/migrate.ts

import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';

export function addFunctions(connection: Database.Database): void {
  connection.function('contains_ci', { deterministic: true }, containsIgnoringCase);
  connection.function('fold', { deterministic: true }, (text) => fold(String(text)));
  connection.function('md5', { deterministic: true }, (text) => md5(String(text)));
}

/** SQLite's LIKE folds ASCII only; people search for "Müller" and "МОДЕЛЬ" too. */
function containsIgnoringCase(haystack: unknown, needle: unknown): number {
  return fold(String(haystack)).includes(String(needle)) ? 1 : 0;
}

/** As names are kept for search and order. */
export function fold(text: string): string {
  return text.toLowerCase();
}

/** Tells values apart that are too long for an index. */
export function md5(text: string): string {
  return hash('md5', text);
}
