// shared/db/text.ts
// Purpose: "this column has that text in it" as each engine finds it fastest.
// Why: 100,000 names are searched in each request; a function written in JavaScript takes ten times as long.
// Relevant files: shared/db/functions.ts, shared/db/columns.ts, runs/run-filter.ts

import { sql, type SQL } from 'drizzle-orm';
import { engine } from './columns.ts';
import { Engine } from './engine.ts';

/** Letter by letter: for columns that are kept in lower case, as `fold` makes it. */
export function contains(column: unknown, text: string): SQL {
  return engine === Engine.Postgres ? sql`strpos(${column}, ${text}) > 0` : sql`instr(${column}, ${text}) > 0`;
}
