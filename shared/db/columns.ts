// shared/db/columns.ts
// Purpose: `table` and `col`: table builders that one model file uses for both engines.
// Why: models are written once; SQLite types are the reference, PostgreSQL is bound at start-up under the same types.
// Relevant files: shared/db/store.ts, experiments/models.ts, runs/models.ts, tags/models.ts, exports/models.ts

import * as pg from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';
import { engineOf, Engine } from './engine.ts';

/** The engine is fixed for the life of a process: the models are bound to it when they are first imported. */
export const engine: Engine = engineOf(process.env['DATABASE_URL']);
const onPostgres = engine === Engine.Postgres;

const liteCol = {
  /** Text of any length, any Unicode but NUL and lone surrogates (refused at the door, see shared/schemas.ts). */
  text: <N extends string>(name: N) => lite.text(name),
  /** A whole number, 64 bits in the database, within ±(2^53 − 1) in TypeScript: ids, steps, counts, sizes, times in ms. */
  int: <N extends string>(name: N) => lite.integer(name, { mode: 'number' }),
  /** A double. NaN and −0 do not survive a REAL column: see runs/values.ts for how metric values are kept exact. */
  real: <N extends string>(name: N) => lite.real(name),
  /** A small integer primary key that is never used twice. */
  id: <N extends string>(name: N) => lite.integer(name, { mode: 'number' }).primaryKey({ autoIncrement: true }),
};

const pgCol = {
  text: (name: string) => pg.text(name),
  int: (name: string) => pg.bigint(name, { mode: 'number' }),
  real: (name: string) => pg.doublePrecision(name),
  id: (name: string) => pg.bigserial(name, { mode: 'number' }).primaryKey(),
};

export const col = (onPostgres ? pgCol : liteCol) as unknown as typeof liteCol;
export const table = (onPostgres ? pg.pgTable : lite.sqliteTable) as unknown as typeof lite.sqliteTable;
export const index = (onPostgres ? pg.index : lite.index) as unknown as typeof lite.index;
export const uniqueIndex = (onPostgres ? pg.uniqueIndex : lite.uniqueIndex) as unknown as typeof lite.uniqueIndex;
export const primaryKey = (onPostgres ? pg.primaryKey : lite.primaryKey) as unknown as typeof lite.primaryKey;
