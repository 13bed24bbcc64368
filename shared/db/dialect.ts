// shared/db/dialect.ts
// Purpose: the few expressions that the two engines spell differently.
// Why: queries are written once; what cannot be said in SQL that both understand is here, and nowhere else.
// Relevant files: shared/db/columns.ts, shared/db/sqlite.ts, shared/db/migrations/postgres, runs/run-filter.ts

import { sql, type SQL } from 'drizzle-orm';
import { engine } from './columns.ts';
import { Engine } from './engine.ts';

const onPostgres = engine === Engine.Postgres;

/** Orders by the number, where there is none by the text, texts after numbers. SQLite orders so by itself. */
export function mixedOrder(number: SQL, text: SQL): SQL {
  return onPostgres ? sql`mixed_order(${number}, ${text})` : sql`coalesce(${number}, ${text})`;
}
