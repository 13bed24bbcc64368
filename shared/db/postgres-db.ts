// shared/db/postgres-db.ts
// Purpose: a PostgreSQL pool or connection as `Db`: Drizzle's builders, and SQL text with `?` marks.
// Why: features write one SQL; what differs between the drivers (marks, 64-bit numbers, `all`) ends here.
// Relevant files: shared/db/store.ts, shared/db/postgres.ts, shared/db/dialect.ts

import { drizzle } from 'drizzle-orm/node-postgres';
import type { SQL } from 'drizzle-orm';
import pg from 'pg';
import type { Db } from './store.ts';

// Whole numbers within ±(2^53 − 1) are all we store; sums and counts come as int8 or numeric. Drizzle asks these, too.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

export function asDb(client: pg.Pool | pg.PoolClient): Db {
  const builders = drizzle(namingWhatIsBuilt(client));
  const run = builders.execute.bind(builders);
  const execute: Db['execute'] = async <Row>(sqlText: string, values: readonly unknown[]) => {
    const { rows, rowCount, command } = await client.query({ ...statementOf(sqlText), values: [...values] });
    return { rows: rows as Row[], changes: command === 'SELECT' ? 0 : (rowCount ?? 0) };
  };
  const send: Db['send'] = async (sqlText, values) => void (await execute(sqlText, values));
  const arrays: Db['arrays'] = async <Row extends unknown[]>(sqlText: string, values: readonly unknown[]) => {
    const statement = { ...statementOf(sqlText), values: [...values], rowMode: 'array' as const };
    return (await client.query<Row>(statement)).rows;
  };
  const all = async <Row>(query: SQL): Promise<Row[]> => (await run(query)).rows as Row[];
  return Object.assign(builders, { execute, send, arrays, all }) as unknown as Db;
}

/** At most so many of the builders' statements have a name: filters make ever new ones. */
const BUILT_MAX = 300;
/** Longer lists of values come in many lengths. */
const VALUES_MAX = 12;
const built = new Map<string, string>();

/** Over the partitions of a run's tables a plan takes longer to make than to run: those of the builders are kept, too. */
function namingWhatIsBuilt<T extends pg.Pool | pg.PoolClient>(client: T): T {
  const query = (config: pg.QueryConfig, values: unknown[] = []): Promise<pg.QueryResult> => {
    const isFew = values.length <= VALUES_MAX && config.text.length <= NAMED_MAX;
    const name = isFew ? nameOf(config.text) : undefined;
    return client.query(name === undefined ? config : { ...config, name }, values);
  };
  return Object.assign(Object.create(client) as T, { query });
}

function nameOf(text: string): string | undefined {
  const known = built.get(text);
  if (known !== undefined || built.size >= BUILT_MAX) return known;
  const name = `b${built.size}`;
  built.set(text, name);
  return name;
}

interface Statement {
  name: string;
  text: string;
}

const statements = new Map<string, Statement>();

/** Longer ones are lists of marks in many lengths, which are not worth a place in the server's memory for ever. */
const NAMED_MAX = 2_000;
/** Searches have as many texts as people have ideas: those that come after so many others are not kept. */
const NAMES_MAX = 1_000;

/** Prepared once on each connection, under this name. */
function statementOf(sqlText: string): Statement | { text: string } {
  if (sqlText.length > NAMED_MAX || (statements.size >= NAMES_MAX && !statements.has(sqlText)))
    return { text: withNumberedMarks(sqlText) };
  const known = statements.get(sqlText) ?? { name: `s${statements.size}`, text: withNumberedMarks(sqlText) };
  statements.set(sqlText, known);
  return known;
}

/** `a = ? and b = '?'` → `a = $1 and b = '?'` */
export function withNumberedMarks(sqlText: string): string {
  let count = 0;
  return sqlText.replace(/'[^']*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${++count}` : part));
}
